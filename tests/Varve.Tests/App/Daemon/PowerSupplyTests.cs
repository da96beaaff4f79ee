using Varve.App.Daemon.Schedules;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Daemon;

public sealed class PowerSupplyTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void A_machine_runs_on_its_battery_when_that_is_emptied_and_nothing_feeds_it()
    {
        Assert.False(PowerSupply.IsBattery(_d.Path));
        Supply("BAT0", "Battery", "Discharging", "");
        Assert.True(PowerSupply.IsBattery(_d.Path));
        Supply("AC", "Mains", "", "0");
        Assert.True(PowerSupply.IsBattery(_d.Path));
        Supply("AC", "Mains", "", "1");
        Assert.False(PowerSupply.IsBattery(_d.Path));
        Supply("AC", "Mains", "", "0");
        Supply("BAT0", "Battery", "Full", "");
        Assert.False(PowerSupply.IsBattery(_d.Path));
    }

    [Fact]
    public void The_battery_of_a_mouse_is_none_of_the_machine()
    {
        Supply("hid", "Battery", "Discharging", "");
        File.WriteAllText(Path.Combine(_d.Path, "hid", "scope"), "Device\n");
        Assert.False(PowerSupply.IsBattery(_d.Path));
    }

    [Fact]
    public void What_cannot_be_told_is_no_battery() => Assert.False(PowerSupply.IsBattery(Path.Combine(_d.Path, "nothing")));

    private void Supply(string name, string type, string status, string online)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_d.Path, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "type"), type + "\n");
        if (status.Length > 0) { File.WriteAllText(Path.Combine(folder, "status"), status + "\n"); }
        if (online.Length > 0) { File.WriteAllText(Path.Combine(folder, "online"), online + "\n"); }
    }
}
