using System.Text.Json;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.App.Sources;

/// <summary>A source's history goes on: under another name, on another host, at another root.</summary>
public sealed class AdoptedSourceTests : IDisposable
{
    private readonly Person _me = new();

    public void Dispose() => _me.Dispose();

    [Fact]
    public void After_a_machine_was_renamed_the_history_goes_on_and_nothing_is_read_again()
    {
        (string docs, JsonElement before) = Saved("docs");
        JsonElement said = _me.On("new").Json("source", "adopt", "docs");
        Assert.Equal(("new", 2), (said.GetProperty("host").GetString(), said.GetProperty("snapshots").GetInt32()));
        AssertGoesOn(before, _me.Json("backup", docs), unchanged: 2);
        AssertIsOneHistory(docs, snapshots: 3);
        Assert.Equal("current", _me.Json("catalog", "status").GetProperty("state").GetString());
        _me.Run("catalog", "rebuild");
        AssertIsOneHistory(docs, snapshots: 3);
        Assert.True(_me.Json("backup", docs).GetProperty("nothingChanged").GetBoolean());
        _me.Environment["VARVE_CACHE_DIR"] = _me["another-cache"];
        AssertIsOneHistory(docs, snapshots: 4);
        Assert.Equal(0, _me.Json("backup", docs).GetProperty("bytesRead").GetInt64());
        _me.Run("check", "--read-data");
    }

    [Fact]
    public void A_root_that_was_moved_and_renamed_goes_on_where_it_is()
    {
        (string docs, JsonElement before) = Saved("docs");
        string papers = _me["papers"];
        Directory.Move(docs, papers);
        _me.Run("source", "adopt", docs, papers);
        Assert.Equal("text", _me.Run("dump", papers + "/a"));
        AssertGoesOn(before, _me.Json("backup", papers), unchanged: 2);
        AssertIsOneHistory(papers, snapshots: 3);
        Assert.Equal("text", _me.Run("dump", docs + "/a"));
        _me.Run("catalog", "rebuild");
        AssertIsOneHistory(papers, snapshots: 3);
        AssertGoesOn(_me.Lines("snapshots")[^1], _me.Json("backup", papers), unchanged: 2);
        _me.Run("check", "--read-data");
    }

    [Fact]
    public void A_single_file_that_was_renamed_goes_on()
    {
        _me.Write("x/before.txt", "text");
        FileClock.Settle();
        JsonElement before = _me.Json("backup", _me["x/before.txt"]);
        File.Move(_me["x/before.txt"], _me["x/after.txt"]);
        _me.Run("source", "adopt", "before.txt", _me["x/after.txt"]);
        JsonElement after = _me.Json("backup", _me["x/after.txt"]);
        Assert.Equal((0, 0), (after.GetProperty("new").GetInt32(), after.GetProperty("gone").GetInt32()));
        Assert.Equal(before.GetProperty("snapshot").GetString(), after.GetProperty("parent").GetString());
        Assert.Equal("text", _me.Run("dump", _me["x/after.txt"]));
        _me.Run("catalog", "rebuild");
        Assert.Equal("current", _me.Json("catalog", "status").GetProperty("state").GetString());
    }

    [Fact]
    public void Backups_that_were_made_meanwhile_belong_to_the_history_too()
    {
        (string docs, JsonElement latest) = Saved("docs");
        JsonElement apart = _me.On("new").Json("backup", docs);
        Assert.Equal(JsonValueKind.Null, apart.GetProperty("parent").ValueKind);
        Assert.Equal(2, _me.Lines("source", "list").Count);
        _me.Run("source", "adopt", "docs", "--host", "desk");
        AssertIsOneHistory(docs, snapshots: 3);
        // The one of the highest generation is the latest, whatever began last.
        AssertGoesOn(latest, _me.Json("backup", docs), unchanged: 2);
        AssertIsOneHistory(docs, snapshots: 4);
        Assert.Equal("current", _me.Json("catalog", "status").GetProperty("state").GetString());

        Assert.NotEmpty(_me.Lines("find", "a", "--host", "desk"));
        Assert.Equal(4, _me.Lines("snapshots", "--host", "desk").Count);

        // What the old name still saves belongs to it as well.
        Assert.True(_me.On("desk").Json("backup", docs).GetProperty("nothingChanged").GetBoolean());
        AssertIsOneHistory(docs, snapshots: 5);
    }

    [Fact]
    public void A_writer_that_cannot_read_goes_on_too()
    {
        (string docs, _) = Saved("docs");
        _me.Run("key", "add", "--level", "write", "--label", "daemon", "--new-key-file", _me["home/writer"]);
        JsonElement before = _me.Json("backup", docs, "--key-file", _me["home/writer"], "--cache-dir", _me["writer-cache"]);
        Assert.Equal(2, _me.On("new").Try("source", "adopt", "docs"));
        Assert.Contains("[by daemon]", _me.Error, StringComparison.Ordinal);
        _me.Run("source", "adopt", "docs", "--writer", "daemon", "--to-writer", "daemon");
        JsonElement after = _me.Json("backup", docs, "--key-file", _me["home/writer"], "--cache-dir", _me["writer-cache"]);
        AssertGoesOn(before, after, unchanged: 2);
        Assert.Equal(2, _me.Lines("snapshots", "--writer", "daemon").Count);
    }

    [Fact]
    public void What_another_key_records_is_another_history_until_it_is_said_to_be_one()
    {
        (string docs, _) = Saved("docs");
        _me.Run("key", "add", "--level", "write", "--label", "daemon", "--new-key-file", _me["home/writer"]);
        JsonElement alone = _me.Json("backup", docs, "--key-file", _me["home/writer"], "--cache-dir", _me["writer-cache"]);
        Assert.Equal(2, alone.GetProperty("new").GetInt32());
        Assert.Equal(JsonValueKind.Null, alone.GetProperty("parent").ValueKind);
        Assert.Equal(2, _me.Lines("source", "list").Count);
        // Each is found by who recorded it; and whoever has the first key means that.
        Assert.Equal("full", _me.Json("restore", "latest", "--target", _me["one"]).GetProperty("writer").GetProperty("level").GetString());
        JsonElement restored = _me.Json("restore", "latest", "--writer", "daemon", "--target", _me["two"]);
        Assert.Equal("daemon", restored.GetProperty("writer").GetProperty("label").GetString());
        Assert.Equal(1, _me.Try("restore", "latest", "--writer", "nobody", "--target", _me["three"]));
        string full = _me.Lines("source", "list").Select(static s => s.GetProperty("writer"))
            .First(static w => w.GetProperty("level").GetString() == "full")
            .GetProperty("id").GetString()!;
        _me.Run("source", "adopt", "docs", "--writer", full, "--to-writer", "daemon");
        JsonElement joined = _me.Json("backup", docs, "--key-file", _me["home/writer"], "--cache-dir", _me["another"]);
        Assert.Single(_me.Lines("source", "list"));
        Assert.Equal(4, _me.Json("source", "list").GetProperty("snapshots").GetInt32());
        Assert.Equal(alone.GetProperty("sourceId").GetString(), joined.GetProperty("sourceId").GetString());
    }

    [Fact]
    public void A_name_that_was_given_stays_and_the_former_one_leads_to_it()
    {
        (string docs, _) = Saved("docs");
        string text = _me.Run("source", "rename", "docs", "papers");
        Assert.Equal("Source docs is called papers from now on\n", text);
        Assert.Equal("papers", _me.Json("backup", docs).GetProperty("source").GetString());
        Assert.Equal("papers", _me.Json("backup", "--source", "docs", docs).GetProperty("source").GetString());
        foreach (string name in new[] { "papers", "docs" })
        {
            Assert.Equal(4, _me.Lines("snapshots", "--source", name).Count);
            Assert.NotEmpty(_me.Lines("find", "a", "--source", name));
            Assert.NotEmpty(_me.Lines("ls", "--source", name));
        }

        Assert.Equal(["docs"], _me.Json("source", "list").GetProperty("formerNames").EnumerateArray().Select(static n => n.GetString()!));
        _me.Run("catalog", "rebuild");
        Assert.Equal("papers", _me.Lines("find", "a")[0].GetProperty("source").GetString());
        _me.Environment["VARVE_CACHE_DIR"] = _me["another-cache"];
        Assert.Equal("papers", _me.Json("backup", docs).GetProperty("source").GetString());
        _me.Run("source", "rename", "papers", "docs");
        Assert.Equal("docs", _me.Json("backup", docs).GetProperty("source").GetString());
        Assert.Equal(["docs"], _me.Lines("snapshots").Select(static s => s.GetProperty("source").GetString()!).Distinct());
    }

    [Fact]
    public void What_a_writer_that_cannot_read_saves_is_called_as_the_source_is()
    {
        (string docs, _) = Saved("docs");
        _me.Run("key", "add", "--level", "write", "--label", "daemon", "--new-key-file", _me["home/writer"]);
        _me.Run("backup", docs, "--key-file", _me["home/writer"], "--cache-dir", _me["writer-cache"]);
        _me.Run("source", "adopt", "docs", "--writer", "daemon", "--later-too");
        _me.Run("source", "rename", "docs", "papers");
        _me.Run("backup", docs, "--key-file", _me["home/writer"], "--cache-dir", _me["writer-cache"]);
        Assert.Equal(["papers"], _me.Lines("snapshots").Select(static s => s.GetProperty("source").GetString()!).Distinct());
        Assert.Equal(4, _me.Json("source", "list").GetProperty("snapshots").GetInt32());
    }

    [Fact]
    public void What_a_stolen_key_adds_later_is_not_part_of_the_history_that_another_key_took_over()
    {
        (string docs, _) = Saved("docs");
        _me.Run("key", "add", "--level", "write", "--label", "stolen", "--new-key-file", _me["home/writer"]);
        string[] stolen = ["--key-file", _me["home/writer"], "--cache-dir", _me["writer-cache"]];
        string tablet = _me.Write("tablet/a", "text");
        FileClock.Settle();
        JsonElement before = _me.Json(["backup", tablet, .. stolen]);
        string text = _me.Run("source", "adopt", "tablet", "--writer", "stolen");
        Assert.Contains("--later-too", _me.Error, StringComparison.Ordinal);
        JsonElement own = _me.Json("backup", tablet);
        Assert.Equal(before.GetProperty("snapshot").GetString(), own.GetProperty("parent").GetString());
        _me.Write("tablet/a", "forged");
        FileClock.Settle();
        JsonElement forged = _me.Json(["backup", tablet, .. stolen]);
        Assert.Equal(JsonValueKind.Null, forged.GetProperty("parent").ValueKind);
        Assert.NotEqual(own.GetProperty("sourceId").GetString(), forged.GetProperty("sourceId").GetString());
        Assert.Equal("text", _me.Run("dump", tablet + "/a"));
        Assert.Equal(own.GetProperty("snapshot").GetString(), _me.Json("restore", "latest", "--source", "tablet", "--target", _me["out"])
            .GetProperty("snapshot").GetString());
        // It is called by one name, whoever gives it.
        _me.Run("source", "rename", "tablet", "slate");
        Assert.Equal(["slate", "slate", "tablet"], _me.Lines("snapshots").Select(static s => s.GetProperty("source").GetString()!)
            .Where(static s => s != "docs").Order());
        _me.Run("catalog", "rebuild");
        Assert.Equal("text", _me.Run("dump", "latest:" + tablet + "/a"));
        _me.Write("tablet/a", "mine");
        FileClock.Settle();
        JsonElement mine = _me.Json("backup", tablet);
        Assert.Equal(own.GetProperty("snapshot").GetString(), mine.GetProperty("parent").GetString());
        _me.Run("check", "--read-data");
    }

    [Fact]
    public void Before_its_own_first_backup_a_history_that_was_taken_over_is_meant_and_not_what_a_stolen_key_adds()
    {
        (string docs, _) = Saved("docs");
        _me.Run("key", "add", "--level", "write", "--label", "stolen", "--new-key-file", _me["home/writer"]);
        string[] stolen = ["--key-file", _me["home/writer"], "--cache-dir", _me["writer-cache"]];
        string tablet = _me.Write("tablet/a", "text");
        FileClock.Settle();
        _me.Json(["backup", tablet, .. stolen]);
        _me.Run("source", "adopt", "tablet", "--writer", "stolen");
        _me.Write("tablet/a", "forged");
        FileClock.Settle();
        _me.Json(["backup", tablet, .. stolen]);
        Assert.Equal("text", _me.Run("dump", tablet + "/a"));
        Assert.NotEqual(docs, tablet);
    }

    [Fact]
    public void What_another_key_forges_for_this_host_is_not_meant_while_that_key_goes_on_with_the_history_of_this_one()
    {
        _me.On("alpha").Run("backup", "--as", "/data", _me.Write("mine/a", "mine"));
        _me.Run("key", "add", "--level", "write", "--label", "nas", "--new-key-file", _me["home/writer"]);
        string[] nas = ["--key-file", _me["home/writer"], "--cache-dir", _me["writer-cache"], "--as", "/data"];
        _me.On("nas").Run(["backup", _me.Write("theirs/a", "theirs"), .. nas]);
        _me.On("alpha").Run("source", "adopt", "/data", "--host", "nas", "--later-too");
        _me.Run("backup", "--as", "/data", _me["mine"]);
        _me.On("nas").Run(["backup", _me["theirs"], .. nas]);
        _me.On("alpha").Run(["backup", _me.Write("evil/a", "evil"), .. nas]);
        Assert.Equal("theirs", _me.Run("dump", "latest:/data/a"));
        Assert.Contains("[by nas]", _me.Error, StringComparison.Ordinal);
        _me.Run("source", "adopt", "/data", "--undo");
        Assert.Equal("mine", _me.Run("dump", "latest:/data/a"));
    }

    [Fact]
    public void Whoever_looked_first_a_backup_says_once_what_another_key_put_among_the_snapshots_of_its_source()
    {
        (string docs, _) = Saved("docs");
        _me.Run("key", "add", "--level", "write", "--label", "nas", "--new-key-file", _me["home/writer"]);
        _me.Run("backup", docs, "--key-file", _me["home/writer"], "--cache-dir", _me["writer-cache"]);
        _me.Run("snapshots");
        _me.Run("find", "a");
        _me.Run("dump", docs + "/a");
        _me.Run("backup", docs);
        Assert.Contains("signed by the key 'nas'", _me.Error, StringComparison.Ordinal);
        _me.Run("backup", docs);
        Assert.DoesNotContain("'nas'", _me.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adoption_is_taken_back_and_each_history_goes_on_by_itself()
    {
        (string docs, JsonElement latest) = Saved("docs");
        (string papers, JsonElement other) = Saved("papers");
        Assert.Equal(2, _me.Try("source", "adopt", "docs", "--undo"));
        Assert.Contains("has taken over nothing", _me.Error, StringComparison.Ordinal);
        Assert.Equal(2, _me.Try("source", "adopt", "docs", docs, "--undo"));
        _me.Run("source", "adopt", "docs", papers);
        Assert.Single(_me.Lines("source", "list"));
        JsonElement joined = _me.Json("backup", papers);
        JsonElement said = _me.Json("source", "adopt", papers, "--undo");
        Assert.Equal(("docs", 2), (said.GetProperty("source").GetString(), said.GetProperty("snapshots").GetInt32()));
        Assert.Equal([2, 3], _me.Lines("source", "list").Select(static s => s.GetProperty("snapshots").GetInt32()));
        AssertGoesOn(latest, _me.Json("backup", docs), unchanged: 2);
        AssertGoesOn(joined, _me.Json("backup", papers), unchanged: 2);
        Assert.NotEqual(latest.GetProperty("sourceId").GetString(), other.GetProperty("sourceId").GetString());
        Assert.Equal("current", _me.Json("catalog", "status").GetProperty("state").GetString());
        _me.Run("catalog", "rebuild");
        Assert.Equal([3, 4], _me.Lines("source", "list").Select(static s => s.GetProperty("snapshots").GetInt32()));
        Assert.Equal(2, _me.Try("source", "adopt", papers, "--undo"));
        _me.Run("check", "--read-data");
    }

    [Fact]
    public void What_another_key_recorded_is_given_back_to_it_too()
    {
        (string docs, _) = Saved("docs");
        _me.Run("key", "add", "--level", "write", "--label", "daemon", "--new-key-file", _me["home/writer"]);
        string[] daemon = ["--key-file", _me["home/writer"], "--cache-dir", _me["writer-cache"]];
        JsonElement before = _me.Json(["backup", docs, .. daemon]);
        _me.Run("source", "adopt", "docs", "--writer", "daemon");
        Assert.Single(_me.Lines("source", "list"));
        _me.Run("ls");
        JsonElement said = _me.Json("source", "adopt", "docs", "--undo");
        Assert.Equal("daemon", said.GetProperty("writer").GetProperty("label").GetString());
        Assert.Equal(2, _me.Lines("source", "list").Count);
        AssertGoesOn(before, _me.Json(["backup", docs, .. daemon]), unchanged: 2);
        _me.Run("ls");
        Assert.Equal("current", _me.Json("catalog", "status").GetProperty("state").GetString());
    }

    [Fact]
    public void What_nobody_signed_is_not_taken_over_for_good()
    {
        // A slot that was made before there were identities is like this; a paper key of level write has none either.
        string docs = _me.Write("docs/a", "text");
        _me.Run("backup", docs);
        Assert.Equal(1, _me.Try("source", "adopt", "docs", "--writer", "nobody", "--later-too"));
    }

    [Fact]
    public void What_cannot_be_meant_is_refused_and_nothing_is_said()
    {
        (string docs, _) = Saved("docs");
        _me.Run("backup", _me.Write("pictures/b", "text"));
        Assert.Equal(2, _me.Try("source", "adopt", "docs"));
        Assert.Contains("is at that root already", _me.Error, StringComparison.Ordinal);
        Assert.Equal(1, _me.Try("source", "adopt", "docs", _me["mistyped"]));
        Assert.Equal(1, _me.Try("source", "adopt", "nothing", docs));
        Assert.Equal(2, _me.Try("source", "rename", "docs", "pictures"));
        Assert.Equal(2, _me.Try("source", "rename", "docs", ""));
        Assert.Equal(1, _me.Try("source", "rename", "nothing", "x"));
        Assert.False(Directory.Exists(_me["home/.local/share/varve/repository/notes"]));
        Assert.Equal(2, _me.Lines("source", "list").Count);
    }

    [Fact]
    public void What_was_said_and_is_damaged_is_found_by_a_check_and_costs_nothing_else()
    {
        (string docs, _) = Saved("docs");
        _me.Run("source", "rename", "docs", "papers");
        string said = Assert.Single(Directory.GetFiles(_me["home/.local/share/varve/repository/notes"]));
        File.SetUnixFileMode(said, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(said, "VARVENOT, or is it?");
        Assert.Equal(1, _me.Try("check"));
        Assert.Contains("notes/", _me.Output + _me.Error, StringComparison.Ordinal);
        _me.Run("backup", docs);
        _me.Run("restore", docs, "--target", _me["known"]); // this machine has read it before
        Assert.DoesNotContain("warning", _me.Error, StringComparison.Ordinal);
        Assert.Contains("papers", _me.Error + _me.Output, StringComparison.Ordinal);
        foreach (string kept in Directory.GetFiles(_me["home"], "*.opened", SearchOption.AllDirectories)) { File.Delete(kept); }
        _me.Run("restore", docs, "--target", _me["out"]);
        Assert.Single(_me.Error.Split('\n'), static l => l.Contains("warning", StringComparison.Ordinal));
    }

    /// <summary>A source of two snapshots.</summary>
    private (string Path, JsonElement Latest) Saved(string name)
    {
        string path = _me.Write(name + "/a", "text");
        _me.Write(name + "/below/b", "more");
        FileClock.Settle();
        _me.Run("backup", path);
        return (path, _me.Json("backup", path));
    }

    private static void AssertGoesOn(JsonElement before, JsonElement after, int unchanged)
    {
        Assert.Equal(before.GetProperty("snapshot").GetString(), after.GetProperty("parent").GetString());
        Assert.Equal((unchanged, 0, 0, 0, 0L), (after.GetProperty("unchanged").GetInt32(), after.GetProperty("new").GetInt32(),
            after.GetProperty("moved").GetInt32(), after.GetProperty("gone").GetInt32(), after.GetProperty("bytesRead").GetInt64()));
    }

    private void AssertIsOneHistory(string root, int snapshots)
    {
        JsonElement source = Assert.Single(_me.Lines("source", "list"));
        Assert.Equal((root, snapshots), (source.GetProperty("canonicalRoot").GetString(), source.GetProperty("snapshots").GetInt32()));
        Assert.Equal(snapshots, _me.Lines("snapshots", "--source", "docs").Count);
        Assert.Single(_me.Lines("snapshots").Select(static s => s.GetProperty("sourceId").GetString()).Distinct());
        JsonElement revision = Assert.Single(_me.Lines("find", "a"));
        Assert.Equal(_me.Lines("snapshots")[0].GetProperty("snapshot").GetString(), revision.GetProperty("first").GetString());
        Assert.True(revision.GetProperty("current").GetBoolean());
        Assert.Equal("text", _me.Run("dump", root + "/a"));
        _me.Run("ls");
    }
}
