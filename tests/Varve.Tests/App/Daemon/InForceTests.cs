using Varve.Tests.Kit;

namespace Varve.Tests.App.Daemon;

/// <summary><c>config check</c> shows what the daemon does by a configuration, and what keeps it from that.</summary>
public sealed class InForceTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void What_is_in_force_is_shown()
    {
        string said = Check(0, "every: 1h\nretention: {keep-last: 3}\ndaemon: {check: {cron: '@daily'}}\n"
            + "sources:\n- {name: docs, roots: [/], to: /mnt/r}\n- {name: mail, roots: [/bin], archive: /mnt/a, cron: '0 3 * * *'}\n");
        Assert.Contains("docs: backup to /mnt/r, every 1h\n", said, StringComparison.Ordinal);
        Assert.Contains("mail: archive to /mnt/a, 0 3 * * *\n", said, StringComparison.Ordinal);
        Assert.Contains("check:/mnt/r: check to /mnt/r, @daily\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_that_makes_no_sense_is_named_with_its_line_and_the_others_are_in_force()
    {
        string said = Check(1, "sources:\n- {name: docs, roots: [/]}\n- name: mail\n  roots: [/]\n  as: /mail\n  cron: '0 25 * * *'\n"
            + "- {name: bin, roots: [/bin], every: 5m}\n");
        Assert.Contains("config.yaml:6:9: ", said, StringComparison.Ordinal);
        Assert.Contains("bin: backup, every 5m, all snapshots kept\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain("docs: ", said, StringComparison.Ordinal);
    }

    private string Check(int code, string configuration)
    {
        string file = Path.Combine(_d.Path, "config.yaml");
        File.WriteAllText(file, configuration);
        var world = new FakeWorld();
        return world.Expect(code, "config", "check", file) + world.Error;
    }
}
