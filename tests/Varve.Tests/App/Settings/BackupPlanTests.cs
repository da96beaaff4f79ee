using System.Text;
using Varve.App.Settings.Configuration;
using Varve.Backup;
using Varve.Backup.Sources;
using Varve.Freeze;
using Varve.Model;

namespace Varve.Tests.App.Settings;

/// <summary>Which runs a command line and a configuration make.</summary>
public sealed class BackupPlanTests
{
    private readonly ConfigFile _config = ConfigParser.Parse("c",
        """
        fs-snapshot: auto
        sources:
          - name: home
            as: /home
            roots: [/mnt/snap/home, {path: /mnt/photos, as: /home/photos}]
            exclude: ['*.o']
            group: ['*.MYD,*.MYI']
            tag: [nightly]
            one-file-system: true
            fs-snapshot: btrfs
          - {name: etc, roots: [/etc]}
        """);

    [Fact]
    public void Without_a_path_every_configured_source_is_a_run()
    {
        IReadOnlyList<BackupOptions> runs = Typed.Backup(_config, "--exclude", "x", "--tag", "t", "--group", "none");
        Assert.Equal(["home = /mnt/snap/home as /home, /mnt/photos as /home/photos", "etc = /etc as /etc"], runs.Select(Text));
        Assert.Equal(["*.o Configuration", "x Option"], runs[0].PlacedRules.Select(static r => $"{r.Pattern} {r.Origin}"));
        Assert.Equal(["*.MYD,*.MYI", "none"], runs[0].Groups);
        Assert.Equal(["nightly", "t"], runs[0].Tags);
        Assert.Equal((true, FreezeMethod.Btrfs), (runs[0].OneFileSystem, runs[0].FileSystemSnapshot));
        Assert.Equal(["x Option"], runs[1].PlacedRules.Select(static r => $"{r.Pattern} {r.Origin}"));
        Assert.Equal((false, FreezeMethod.Auto), (runs[1].OneFileSystem, runs[1].FileSystemSnapshot));
        Assert.Equal("etc = /etc as /etc", Text(Assert.Single(Typed.Backup(_config, "--source", "etc"))));
        Assert.All(Typed.Backup(_config, "--fs-snapshot", "none"), static r => Assert.Equal(FreezeMethod.None, r.FileSystemSnapshot));
    }

    [Theory]
    [InlineData("/mnt/snap/home", "home = /mnt/snap/home as /home")]
    [InlineData("/mnt/snap/home/", "home = /mnt/snap/home/ as /home")]
    [InlineData("/mnt/snap/../snap/home", "home = /mnt/snap/../snap/home as /home")]
    [InlineData("/mnt/photos", "home = /mnt/photos as /home/photos")]
    [InlineData("/mnt/photos/2026", "- = /mnt/photos/2026 as /home/photos/2026")]
    [InlineData("/mnt/snap/home2", "- = /mnt/snap/home2")]
    [InlineData("/home", "- = /home")]
    public void A_path_is_recorded_as_the_rules_say(string path, string run) =>
        Assert.Equal(run, Text(Assert.Single(Typed.Backup(_config, path))));

    [Fact]
    public void Paths_that_are_mapped_onto_one_root_are_one_run()
    {
        IReadOnlyList<BackupOptions> runs = Typed.Backup(_config, "/mnt/photos", "/srv", "/mnt/snap/home");
        Assert.Equal(["home = /mnt/photos as /home/photos, /mnt/snap/home as /home", "- = /srv"], runs.Select(Text));
        Assert.Equal("- = /a as /x, /b as /x", Text(Assert.Single(Typed.Backup(_config, "/a", "/b", "--as", "/x/"))));
        Assert.Equal("n = /a as /x", Text(Assert.Single(Typed.Backup(null, "/a", "--source", "n", "--as", "/x"))));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Refused(null);
        Refused(ConfigParser.Parse("c", ""));
        Refused(_config, "--source", "other");
        Refused(_config, "--as", "/x");
        Refused(null, "/a", "--as", "x");
        Refused(null, "/a", "--as", "/x/../y");
        Refused(null, "/a", "/b", "--source", "n");
        Refused(null, "/a", "");
        Refused(null, "/a", "--fs-snapshot", "vss");

        static void Refused(ConfigFile? config, params string[] args) =>
            Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Typed.Backup(config, args)).Kind);
    }

    private static string Text(BackupOptions run)
    {
        IEnumerable<string> roots = run.FurtherRoots.Prepend(new RootMapping(run.RootPath, run.RootAs ?? []))
            .Select(static r => Encoding.UTF8.GetString(r.Path) + (r.As.Length > 0 ? " as " + Encoding.UTF8.GetString(r.As) : ""));
        return $"{run.Source ?? "-"} = {string.Join(", ", roots)}";
    }
}
