using System.Globalization;
using System.Text.RegularExpressions;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.EndToEnd;

/// <summary>The daemon as a service of a real systemd.</summary>
[Trait("Needs", "root")]
public sealed class SystemdTests : IDisposable
{
    private const string Repository = SystemdMachine.Shared + "/repository", Service = "varve.service";

    private readonly SystemdMachine _machine = new();

    public SystemdTests()
    {
        File.WriteAllText(_machine["shared/password"], "correct horse\n");
        File.SetUnixFileMode(_machine["shared/password"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(_machine["shared/docs"]);
        File.WriteAllText(_machine["shared/docs/letter"], "dear Anna");
        Varve($"init -r {Repository} --password-file {SystemdMachine.Shared}/password");
        Varve($"add {SystemdMachine.Shared}/docs --every 1h --to {Repository}");
        Varve($"daemon install --password-file {SystemdMachine.Shared}/password");
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void What_it_protects_is_saved_with_a_credential_and_can_be_restored()
    {
        Assert.Equal("active", _machine.Property(Service, "ActiveState"));
        AwaitGood();
        Varve($"restore -r {Repository} --password-file {SystemdMachine.Shared}/password --target {SystemdMachine.Shared}/restored");
        Assert.Equal("dear Anna", File.ReadAllText(_machine["shared/restored/letter"]));
        string journal = _machine.Run($"journalctl -u {Service} -o json --no-pager");
        Assert.Matches("backed up 1[^\\n]*", journal);
        Assert.Contains("\"PRIORITY\":\"6\"", journal, StringComparison.Ordinal);
        Assert.Contains("\"PRIORITY\":\"5\"", journal, StringComparison.Ordinal);
        Assert.Equal("all is well", _machine.Property(Service, "StatusText"));
        string process = _machine.Property(Service, "MainPID");
        Assert.Equal("10", _machine.Run($"ps -o ni= -p {process}").Trim());
        string said = Varve("daemon uninstall");
        Assert.Contains("not installed", said, StringComparison.Ordinal);
        Assert.Equal("not-found", _machine.Property(Service, "LoadState"));
    }

    [Fact]
    public void It_is_restarted_after_a_kill_and_stops_and_is_started_by_who_asks()
    {
        AwaitGood();
        _machine.Run($"kill -9 {_machine.Property(Service, "MainPID")}");
        Poll.Until(() => _machine.Property(Service, "NRestarts") == "1" && _machine.Property(Service, "ActiveState") == "active", "it is restarted");
        AwaitGood();
        _machine.Run($"systemctl reload {Service}");
        Assert.Equal("active", _machine.Property(Service, "ActiveState"));
        _machine.Run($"systemctl stop {Service}");
        Assert.Equal(("inactive", "success"), (_machine.Property(Service, "ActiveState"), _machine.Property(Service, "Result")));
        Assert.Contains("the daemon runs", Varve("status"), StringComparison.Ordinal);
        Assert.Equal("active", _machine.Property(Service, "ActiveState"));
        // One snapshot: neither kill nor stop had anything saved twice.
        Assert.Single(Varve($"snapshots --json -r {Repository} --password-file {SystemdMachine.Shared}/password").Trim().Split('\n'));
    }

    [Fact]
    public void It_pets_the_watchdog_and_is_restarted_when_it_hangs()
    {
        _machine.Run($"mkdir /etc/systemd/system/{Service}.d && printf '[Service]\\nWatchdogSec=3\\nRestartSec=0\\n' "
            + $">/etc/systemd/system/{Service}.d/watchdog.conf && systemctl daemon-reload && systemctl restart {Service}");
        string last = _machine.Property(Service, "WatchdogTimestampMonotonic");
        for (int i = 0; i < 5; i++)
        {
            Poll.Until(() => _machine.Property(Service, "WatchdogTimestampMonotonic") != last, "it pets the watchdog");
            last = _machine.Property(Service, "WatchdogTimestampMonotonic");
        }

        Assert.Equal("0", _machine.Property(Service, "NRestarts"));
        _machine.Run($"kill -STOP {_machine.Property(Service, "MainPID")}");
        Poll.Until(() => _machine.Property(Service, "NRestarts") == "1" && _machine.Property(Service, "ActiveState") == "active",
            "it is restarted");
        Poll.Until(() => _machine.Run($"journalctl -u {Service} --no-pager").Contains("Watchdog timeout", StringComparison.Ordinal),
            "systemd says why");
    }

    [Fact]
    public void It_has_few_rights_and_nothing_is_wrong_with_its_units()
    {
        string rated = _machine.Run($"systemd-analyze security --no-pager {Service}");
        Match level = Regex.Match(rated, @"Overall exposure level for varve\.service: ([0-9.]+)");
        Assert.True(double.Parse(level.Groups[1].Value, CultureInfo.InvariantCulture) <= 4.5, rated);
        TestContext.Current.TestOutputHelper?.WriteLine(level.Value);
        Assert.DoesNotContain("varve", _machine.Run("systemd-analyze verify --man=no /etc/systemd/system/varve.service /etc/systemd/system/varve.socket"),
            StringComparison.Ordinal);
    }

    private void AwaitGood() => Poll.Until(
        () => _machine.TryRun($"{SystemdMachine.Program} status").Text.Contains("all is well", StringComparison.Ordinal), "all is well");

    private string Varve(string line) => _machine.Run($"{SystemdMachine.Program} {line}");
}
