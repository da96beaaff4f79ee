using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.App.Hooks;

/// <summary>No command runs of a configuration that others may write, or put in the place of ours.</summary>
public sealed class HookTrustTests : IDisposable
{
    private const uint Other = 12345;

    private readonly HookRig _rig = new();

    public HookTrustTests()
    {
        Place("top", 0x1C0);
        Place("top/mine", 0x1C0);
        _rig.Configure("hooks: {before: [NOTE]}\nsources: [{name: docs, roots: [$OUT/docs], hooks: {after: [NOTE]}}]\n");
        File.Move(_rig["config/config.yaml"], _rig["top/mine/config.yaml"]);
        _rig.World.Environment["VARVE_CONFIG"] = _rig["top/mine/config.yaml"];
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Ones_own_is_used()
    {
        _rig.World.Expect(0, "backup");
        Assert.Equal(["before//", "after/docs/good"], _rig.Notes);
    }

    [Fact]
    public void Ones_own_below_a_directory_where_anybody_may_make_files_of_his_own_is_used()
    {
        Mode("top", 0x3FF); // as /tmp
        _rig.World.Expect(0, "backup");
        Assert.Equal(2, _rig.Notes.Length);
    }

    [Theory]
    [InlineData("top/mine/config.yaml", 0x1B6)] // anybody may write to it
    [InlineData("top/mine/config.yaml", 0x1B0)] // its group may
    [InlineData("top/mine", 0x1FF)] // anybody may write to where it lies
    [InlineData("top/mine", 0x3FF)] // the same, though only of his own: the name may be his, when the file is not there
    [InlineData("top/mine", 0x1F0)] // a group may
    [InlineData("top", 0x1FF)] // anybody may write to what is above
    public void What_others_may_write_is_refused_before_any_command(string what, uint mode)
    {
        Mode(what, mode);
        if (what == "top/mine" && mode == 0x1F0) { Owner(what, 0, Other); }
        Refused();
    }

    [Theory]
    [InlineData("top/mine/config.yaml")]
    [InlineData("top/mine")]
    [InlineData("top")]
    public void What_is_somebody_elses_is_refused_before_any_command(string what)
    {
        Assert.SkipUnless(AsUser.IsRoot, "needs root");
        Owner(what, Other, Other);
        Refused();
    }

    [Fact]
    public void A_link_in_a_directory_for_all_that_somebody_else_made_is_not_followed()
    {
        Assert.SkipUnless(AsUser.IsRoot, "needs root");
        Place("all", 0x3FF);
        File.CreateSymbolicLink(_rig["all/link"], _rig["top/mine"]);
        Assert.Equal("", Kit.Programs.Run("chown", "-h", $"{Other}:{Other}", _rig["all/link"]));
        _rig.World.Environment["VARVE_CONFIG"] = _rig["all/link/config.yaml"];
        Refused();
    }

    [Fact]
    public void A_link_of_ones_own_leads_to_what_is_looked_at()
    {
        Place("own", 0x1C0);
        File.CreateSymbolicLink(_rig["own/config.yaml"], _rig["top/mine/config.yaml"]);
        _rig.World.Environment["VARVE_CONFIG"] = _rig["own/config.yaml"];
        _rig.World.Expect(0, "backup");
        Assert.Equal(2, _rig.Notes.Length);
        Mode("top", 0x1FF);
        File.Delete(_rig["notes"]);
        Refused();
    }

    [Fact]
    public void What_is_refused_runs_nothing_of_an_archive_either()
    {
        Place("archives", 0x1C0);
        Mode("top/mine/config.yaml", 0x1B6);
        _rig.World.Expect(2, "archive", "--hooks-of", "docs", _rig["docs"], "--to", _rig["archives"]);
        Assert.Empty(_rig.Notes);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_rig["archives"]));
    }

    private void Refused()
    {
        _rig.World.Expect(2, "backup");
        Assert.Contains("the configuration is not used", _rig.World.Error, StringComparison.Ordinal);
        Assert.Empty(_rig.Notes);
    }

    private void Place(string name, uint mode)
    {
        Directory.CreateDirectory(_rig[name]);
        Mode(name, mode);
    }

    private void Mode(string name, uint mode) => ZooPosix.Chmod(ZooPosix.Path(_rig[name]), mode);

    private void Owner(string name, uint user, uint group) => ZooPosix.Chown(ZooPosix.Path(_rig[name]), user, group);
}
