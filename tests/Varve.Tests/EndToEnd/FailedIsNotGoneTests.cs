using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// What could not be saved for a while is told from what was deleted: in counts, in find, in what a snapshot is said to lack, and with a
/// catalog that is built anew.
/// </summary>
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class FailedIsNotGoneTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly VarveProcess _nobody;
    private readonly string _source;

    public FailedIsNotGoneTests()
    {
        _nobody = _desk.AsNobody();
        _source = _desk["source"];
        Directory.CreateDirectory(_source + "/d/below");
        for (int i = 0; i < 5; i++) { _desk.Write($"source/d/{i}", $"file {i}"); }
        _desk.Write("source/d/below/file", "below");
        _desk.Write("source/locked", "locked");
        _desk.Write("source/other", "other");
        // His own: so a new file tells him what time it is there, and what is older than that is not read twice.
        Programs.Run("chown", "-R", $"{AsUser.Nobody}:{AsUser.Nobody}", _source);
        FileClock.Settle();
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_directory_that_could_not_be_listed_for_one_run_is_neither_gone_nor_new_afterwards()
    {
        string whole = Backup(0).GetProperty("snapshot").GetString()!;
        Lock("d");
        JsonElement lacking = Backup(3);
        Assert.Equal((0, 0, 1), Counts(lacking));
        Assert.Equal((0, 0, 1), Counts(Backup(3)));
        JsonElement found = Find("below/file");
        Assert.Equal((whole, whole), (found.GetProperty("first").GetString(), found.GetProperty("last").GetString()));
        Assert.Equal((true, false, 2), (found.GetProperty("failing").GetBoolean(), found.GetProperty("current").GetBoolean(),
            found.GetProperty("failedIn").GetArrayLength()));
        Assert.Equal(lacking.GetProperty("snapshot").GetString(), found.GetProperty("failedIn")[0].GetString());
        Assert.Contains("[not known to be gone: could not be saved in 2 snapshots]", _nobody.Succeed("find", "*/below/file").Text,
            StringComparison.Ordinal);
        SameAfterRebuild();

        Unlock("d");
        JsonElement back = Backup(0);
        Assert.Equal((0, 0, 0), Counts(back));
        Assert.Equal((8, 0), (back.GetProperty("unchanged").GetInt32(), back.GetProperty("bytesRead").GetInt32()));
        found = Find("below/file");
        Assert.Equal((whole, back.GetProperty("snapshot").GetString()),
            (found.GetProperty("first").GetString(), found.GetProperty("last").GetString()));
        Assert.Equal((false, true, 2), (found.GetProperty("failing").GetBoolean(), found.GetProperty("current").GetBoolean(),
            found.GetProperty("failedIn").GetArrayLength()));
        SameAfterRebuild();
        Assert.Equal((0, 0, 0), Counts(Backup(0)));
    }

    [Fact]
    public void What_is_deleted_while_it_cannot_be_seen_is_gone_when_that_shows()
    {
        Backup(0);
        Lock("d");
        Backup(3);
        Directory.Delete(_source + "/d", recursive: true);
        Assert.Equal((6, 0, 0), Counts(Backup(0)));
        JsonElement found = Find("below/file");
        Assert.Equal((false, false, 1), (found.GetProperty("failing").GetBoolean(), found.GetProperty("current").GetBoolean(),
            found.GetProperty("failedIn").GetArrayLength()));
        SameAfterRebuild();
        Directory.CreateDirectory(_source + "/d");
        _desk.Write("source/d/0", "another");
        Assert.Equal((0, 1, 0), Counts(Backup(0)));
        SameAfterRebuild();
    }

    [Fact]
    public void A_change_that_was_made_while_it_could_not_be_seen_is_a_change()
    {
        Backup(0);
        Lock("d");
        Lock("locked");
        Assert.Equal((0, 0, 2), Counts(Backup(3)));
        _desk.Write("source/d/0", "FILE 0"); // of the same size
        _desk.Write("source/locked", "LOCKED");
        Unlock("d");
        Unlock("locked");
        JsonElement back = Backup(0);
        Assert.Equal((0, 0, 0), Counts(back));
        Assert.Equal(2, back.GetProperty("changed").GetInt32());
        Assert.Equal("FILE 0", _nobody.Succeed("dump", "latest:d/0").Text);
        SameAfterRebuild();
    }

    [Fact]
    public void Entries_whose_stat_cannot_be_had_are_neither_gone_nor_new_afterwards()
    {
        Backup(0);
        ZooPosix.Chmod(ZooPosix.Path(_source + "/d"), 0x124); // names can be listed, and nothing else
        Assert.Equal((0, 0, 6), Counts(Backup(3)));
        Assert.Equal((0, 0, 6), Counts(Backup(3)));
        SameAfterRebuild();
        Unlock("d");
        JsonElement back = Backup(0);
        Assert.Equal((0, 0, 0), Counts(back));
        Assert.Equal(0, back.GetProperty("bytesRead").GetInt32());
        SameAfterRebuild();
    }

    [Fact]
    public void What_only_one_of_several_roots_has_is_not_gone_while_that_root_cannot_be_listed()
    {
        Directory.CreateDirectory(_desk["second/d"]);
        _desk.Write("second/d/of second", "second");
        string[] merged = ["backup", "--json", "--as", "/srv", _source, _desk["second"]];
        Assert.Equal(9, _nobody.Run(merged).Expect(0).Json[^1].GetProperty("files").GetInt32());
        ZooPosix.Chmod(ZooPosix.Path(_desk["second/d"]), 0);
        JsonElement lacking = _nobody.Run(merged).Expect(3).Json[^1];
        Assert.Equal((0, 0, 1), Counts(lacking));
        Assert.Equal(8, lacking.GetProperty("files").GetInt32());
        Assert.True(Assert.Single(_nobody.Succeed("find", "--json", "of second").Json).GetProperty("failing").GetBoolean());
        SameAfterRebuild();
        ZooPosix.Chmod(ZooPosix.Path(_desk["second/d"]), 0x1ED);
        Assert.Equal((0, 0, 0), Counts(_nobody.Run(merged).Expect(0).Json[^1]));
        SameAfterRebuild();
    }

    [Fact]
    public void Failures_lists_what_a_snapshot_lacks_and_a_restore_names_it_and_ends_with_3()
    {
        string whole = Backup(0).GetProperty("snapshot").GetString()!;
        Assert.Contains("nothing failed", _nobody.Succeed("failures").Error, StringComparison.Ordinal);
        Lock("d");
        Lock("locked");
        Backup(3);
        Assert.Equal(["lacking  d: permission denied", "lacking  locked: permission denied"],
            _nobody.Succeed("failures").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        JsonElement[] failures = [.. _nobody.Succeed("failures", "latest", "--json").Json];
        Assert.Equal(["d", "locked"], failures.Select(static f => f.GetProperty("path").GetString()!));
        Assert.Equal(["list", "open"], failures.Select(static f => f.GetProperty("operation").GetString()!));
        Assert.All(failures,
            static f => Assert.Equal((13, false), (f.GetProperty("errno").GetInt32(), f.GetProperty("stored").GetBoolean())));
        Assert.Empty(_nobody.Succeed("failures", whole[..8], "--json").Json);

        VarveResult text = _nobody.Run("restore", "--target", Target("all")).Expect(3);
        Assert.Contains("d: not in the snapshot: permission denied", text.Error, StringComparison.Ordinal);
        Assert.Contains("; 2 not in the snapshot", text.Text, StringComparison.Ordinal);
        JsonElement json = _nobody.Run("restore", "--target", Target("json"), "--json").Expect(3).Json[^1];
        Assert.Equal((2, 0), (json.GetProperty("lackingCount").GetInt32(), json.GetProperty("failureCount").GetInt32()));
        Assert.Equal("d", json.GetProperty("lacking")[0].GetProperty("path").GetString());
        _nobody.Succeed("restore", "--target", Target("part"), "--include", "other");
        _nobody.Succeed("restore", "--target", Target("without"), "--exclude", "d", "--exclude", "locked");
        _nobody.Run("restore", "--target", Target("one"), "--include", "d/0").Expect(1); // it is not there to match
        Assert.Contains("it could not be saved (permission denied)",
            _nobody.Run("restore", "latest:" + _source + "/d/0", "--target", Target("missing")).Expect(1).Error, StringComparison.Ordinal);
        _nobody.Succeed("restore", whole, "--target", Target("whole"));
    }

    private string Target(string name) => Path.Combine(_desk["nobody"], name);

    private JsonElement Backup(int exit) => _nobody.Run("backup", "--json", _source).Expect(exit).Json[^1];

    private static (int Gone, int New, int Failed) Counts(JsonElement backup) =>
        (backup.GetProperty("gone").GetInt32(), backup.GetProperty("new").GetInt32(), backup.GetProperty("failed").GetInt32());

    private JsonElement Find(string path) => Assert.Single(_nobody.Succeed("find", "--json", "*/" + path).Json);

    private void Lock(string name) => ZooPosix.Chmod(ZooPosix.Path(_source + "/" + name), 0);

    private void Unlock(string name) =>
        ZooPosix.Chmod(ZooPosix.Path(_source + "/" + name), Directory.Exists(_source + "/" + name) ? 0x1EDu : 0x1A4u);

    private void SameAfterRebuild()
    {
        string[] queries = ["select path, kind, size, mtime, ctime, mode, first, last from files order by path, first",
            "select path, first, last from failures order by path, first"];
        string[] live = [.. queries.Select(q => _nobody.Succeed("sql", q).Text)];
        _nobody.Succeed("catalog", "rebuild");
        Assert.Equal(live, queries.Select(q => _nobody.Succeed("sql", q).Text));
    }
}
