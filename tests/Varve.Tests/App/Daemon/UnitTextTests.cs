using Varve.App.Daemon.Units;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.App.Daemon;

/// <summary>The units that are written are what systemd reads.</summary>
public sealed class UnitTextTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Systemd_finds_nothing_wrong_in_them(bool isSystem, bool freezes)
    {
        Shells.Needs("systemd-analyze");
        UnitPlan plan = Plan(isSystem) with
        {
            Freezes = freezes,
            Watches = !freezes,
            Words = ["--config=/etc/my %h \"own\" $HOME/c.yaml", "--priority=normal"],
            Credentials = [("varve.password", "/etc/pass%word")],
        };
        File.WriteAllText(Path.Combine(_d.Path, UnitText.Service), UnitText.OfService(plan));
        File.WriteAllText(Path.Combine(_d.Path, UnitText.Socket), UnitText.OfSocket(plan));
        string said = Programs.Run("bash", "-c", $"cd '{_d.Path}' && XDG_RUNTIME_DIR='{_d.Path}' systemd-analyze verify --man=no "
            + $"{(isSystem ? "--system" : "--user")} ./varve.service ./varve.socket");
        Assert.DoesNotContain(_d.Path, said, StringComparison.Ordinal); // what it ignores it names
    }

    [Theory]
    [InlineData("/usr/bin/varve", "/usr/bin/varve")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("100%", "100%%")]
    [InlineData("$x", "$$x")]
    [InlineData("a\"b\\", "\"a\\\"b\\\\\"")]
    public void Words_are_quoted_as_systemd_wants_them(string word, string quoted) => Assert.Equal(quoted, UnitText.Quoted(word));

    [Fact]
    public void What_freezing_takes_is_left_to_who_freezes()
    {
        Assert.Contains("CapabilityBoundingSet=", UnitText.OfService(Plan(isSystem: true)), StringComparison.Ordinal);
        Assert.DoesNotContain("CapabilityBoundingSet=", UnitText.OfService(Plan(isSystem: true) with { Freezes = true }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_watching_takes_is_left_to_who_watches()
    {
        Assert.DoesNotContain("CAP_SYS_ADMIN", UnitText.OfService(Plan(isSystem: true)), StringComparison.Ordinal);
        string watches = UnitText.OfService(Plan(isSystem: true) with { Watches = true });
        Assert.Contains("CapabilityBoundingSet=CAP_SYS_ADMIN CAP_SYS_PTRACE\n", watches, StringComparison.Ordinal);
        Assert.Contains("SystemCallFilter=fanotify_init fanotify_mark open_by_handle_at\n", watches, StringComparison.Ordinal);
        Assert.DoesNotContain("CAP_SYS_ADMIN", UnitText.OfService(Plan(isSystem: false) with { Watches = true }), StringComparison.Ordinal);
    }

    private static UnitPlan Plan(bool isSystem) => new()
    {
        IsSystem = isSystem, Program = VarveProcess.Program, Socket = isSystem ? "/run/varve/control" : "%t/varve/control",
    };
}
