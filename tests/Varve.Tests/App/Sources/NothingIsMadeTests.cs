using System.Text.Json;

namespace Varve.Tests.App.Sources;

/// <summary>A backup that cannot begin makes nothing, and leaves nothing to carry on from.</summary>
public sealed class NothingIsMadeTests : IDisposable
{
    private readonly Person _me = new();

    public void Dispose() => _me.Dispose();

    [Fact]
    public void A_mistyped_path_makes_neither_repository_nor_key()
    {
        string docs = _me.Write("docs/a", "text");
        Assert.Equal(1, _me.Try("backup", _me["dosc"]));
        Assert.Contains("cannot back up", _me.Error, StringComparison.Ordinal);
        Assert.Equal(1, _me.Try("backup", _me["dosc"], _me["dcos"]));
        Assert.Equal(1, _me.Try("backup", "--as", "/x", _me["dosc"]));
        Assert.Empty(Directory.GetFileSystemEntries(_me["home"]));

        // What is wrong with one source keeps no other from being saved, and for that one the repository is made.
        Assert.Equal(1, _me.Try("backup", _me["dosc"], docs));
        Assert.Single(_me.Lines("snapshots"));
    }

    [Theory]
    [InlineData("--force", "--budget", "1M")]
    [InlineData("--force", "--newest-first")]
    [InlineData("--exclude", "[")]
    [InlineData("--group", "a")]
    [InlineData("--workers", "0")]
    [InlineData("--compression", "99")]
    [InlineData("--spool-limit", "much")]
    public void Options_that_make_no_sense_make_neither_repository_nor_session_and_nothing_to_carry_on_from(params string[] options)
    {
        string docs = _me.Write("docs/a", "text");
        Assert.Equal(2, _me.Try(["backup", .. options, docs]));
        Assert.Empty(Directory.GetFileSystemEntries(_me["home"]));
        _me.Run("backup", docs);
        DateTime sessions = Directory.GetLastWriteTimeUtc(_me["home/.local/share/varve/repository/sessions"]);
        Assert.Equal(2, _me.Try(["backup", .. options, docs]));
        Assert.Equal(sessions, Directory.GetLastWriteTimeUtc(_me["home/.local/share/varve/repository/sessions"]));
        JsonElement next = _me.Json("backup", docs);
        Assert.False(next.GetProperty("resumed").GetBoolean());
    }

    [Fact]
    public void A_budget_for_a_single_file_is_refused_before_anything_is_made()
    {
        string file = _me.Write("docs/a", "text") + "/a";
        Assert.Equal(2, _me.Try("backup", "--budget", "1M", file));
        Assert.Empty(Directory.GetFileSystemEntries(_me["home"]));
    }

    [Fact]
    public void A_run_that_could_not_freeze_its_source_leaves_nothing_to_carry_on_from()
    {
        string docs = _me.Write("docs/a", "text");
        _me.Run("backup", docs);
        Assert.NotEqual(0, _me.Try("backup", "--fs-snapshot", "zfs", docs));
        Assert.False(_me.Json("backup", docs).GetProperty("resumed").GetBoolean());
        Assert.Equal(2, _me.Lines("snapshots").Count);
    }
}
