using System.Collections.Concurrent;
using System.Text;
using Varve.Backup.Dirty;
using Varve.Format;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;

namespace Varve.Tests.Backup;

/// <summary>
/// Runs that look only where something changed, as somebody who watched says. What they make is what a run that looks at everything makes.
/// </summary>
public sealed class ChangedDirectoriesTests : VaultTest
{
    private DirtySet? _rest;
    private string? _whyAll;

    [Fact]
    public void A_run_opens_lists_and_stats_nothing_but_what_changed_and_the_way_there()
    {
        for (int d = 0; d < 20; d++)
        {
            for (int s = 0; s < 5; s++) { Write($"dir{d}/sub{s}/file", $"{d} {s}"); }
        }

        Base();
        Write("dir3/sub2/file", "other");
        Write("dir3/sub2/new", "new");
        FileClock.Settle();
        var seen = new ConcurrentQueue<(SystemCall, string)>();
        var watch = new SystemCallWatch((call, _, name) =>
        {
            seen.Enqueue((call, Encoding.UTF8.GetString(name)));
            return 0;
        });
        BackupResult result;
        using (watch) { result = Partial("dir3/sub2"); }
        Assert.Null(_whyAll);
        Assert.Equal((102, 1, 1, 0), Changes(result));
        // Names of the source that any call was about: those on the way, and what lies in the one directory.
        var names = seen.Select(static c => c.Item2).Where(static n => n.StartsWith("dir", StringComparison.Ordinal)
            || n.StartsWith("sub", StringComparison.Ordinal)).ToHashSet();
        Assert.Equal(["dir3", "sub2"], names.Order());
        Assert.Equal(1, seen.Count(static c => c.Item1 == SystemCall.Stat && c.Item2 == "file"));
        Judge();
    }

    [Fact]
    public void What_changes_in_a_directory_is_in_the_snapshot_and_all_else_stays_in_it()
    {
        ChangingTree.Create(_source);
        Base();
        ChangingTree.Change(_source);
        FileClock.Settle();
        BackupResult result = Partial("", "dir0", "dir1", "dir2", "deep", "deep/er");
        Assert.Null(_whyAll);
        Assert.Equal(1, result.Snapshot.Counts.Changed);
        Judge();
        ChangingTree.ChangeAgain(_source);
        FileClock.Settle();
        Partial("", "dir0");
        Assert.Null(_whyAll);
        Judge();
    }

    [Fact]
    public void A_directory_that_comes_in_place_of_one_of_the_same_name_is_looked_at_wholly()
    {
        Write("a/x/y/file", "old");
        Write("b/x/y/other", "new");
        Base();
        Directory.Move(At("a/x"), At("gone"));
        Directory.Move(At("b/x"), At("a/x"));
        Programs.Run("rm", "-r", At("gone"));
        FileClock.Settle();
        Partial("", "a", "b");
        Assert.Null(_whyAll);
        Judge();
    }

    [Fact]
    public void Directories_that_are_made_anew_with_the_numbers_of_old_ones_are_not_taken_for_them()
    {
        Write("a/x/y/file", "old");
        Base();
        for (int i = 0; i < 50; i++)
        {
            Programs.Run("rm", "-r", At("a/x"));
            Directory.CreateDirectory(At("a/x/y"));
        }

        FileClock.Settle();
        Partial("a", "a/x");
        Assert.Null(_whyAll);
        Judge();
    }

    [Fact]
    public void A_directory_whose_way_is_no_longer_what_the_catalog_has_is_found_all_the_same()
    {
        Write("a/b/c/file", "content");
        Write("still/file", "still");
        Base();
        Directory.Move(At("a"), At("z"));
        Write("z/b/c/file", "other");
        FileClock.Settle();
        // As they are called now.
        Partial("", "z/b/c");
        Assert.Null(_whyAll);
        Judge();
    }

    [Fact]
    public void A_changed_file_with_names_elsewhere_has_everything_looked_at_unless_its_number_is_given()
    {
        Write("a/one", "content");
        Write("b/c/d", "d");
        Write("b/other", "other");
        Programs.Run("ln", At("a/one"), At("b/c/two"));
        Base();
        Write("a/one", "changed");
        FileClock.Settle();
        Partial("a");
        Assert.Equal("nobody says what changed", _whyAll);
        Judge();
        Write("a/one", "changed again");
        ulong inode = ZooPosix.Stat(Encoding.UTF8.GetBytes(At("a/one"))).Inode;
        FileClock.Settle();
        Partial(["a"], [inode]);
        Assert.Null(_whyAll);
        Judge();
        File.Delete(At("a/one"));
        FileClock.Settle();
        Partial(["a"], [inode]);
        Assert.Null(_whyAll);
        Judge();
    }

    [Fact]
    public void What_is_left_out_is_said_as_if_all_had_been_looked_at()
    {
        foreach (string d in (string[])["a", "b/c", "e"])
        {
            Write(d + "/x.tmp", "left out");
            Write(d + "/kept", d);
        }

        static BackupOptions Rules(BackupOptions o) => o with { Excludes = ["*.tmp", "*.bak"] };
        Base(Rules);
        Write("a/y.bak", "more");
        File.Delete(At("b/c/x.tmp"));
        Programs.Run("rm", "-r", At("e"));
        FileClock.Settle();
        BackupResult result = Partial(["", "a", "b/c"], [], Rules);
        Assert.Null(_whyAll);
        Assert.Equal(2, result.Snapshot.Counts.LeftOut!.Excluded);
        Judge(Rules);
    }

    [Fact]
    public void Whatever_makes_it_doubtful_has_everything_looked_at()
    {
        Write("a/file", "a");
        Write("b/file", "b");
        Base();
        DirtySet good = _rest!;
        // What is not said to have changed is found: all is looked at.
        int n = 0;
        void Walks(DirtySet? set, string why, Func<BackupOptions, BackupOptions>? with = null)
        {
            Write("b/file", $"{n++} {why}");
            FileClock.Settle();
            BackupResult result = Run(set, with);
            Assert.StartsWith(why, _whyAll, StringComparison.Ordinal);
            Assert.Equal(1, result.Snapshot.Counts.Changed);
        }

        Walks(null, "nobody says");
        Walks(good, "the snapshot before is another");
        Walks(_rest! with { Identity = _rest!.Identity with { Place = default } }, "the machine");
        Walks(_rest! with { Identity = _rest!.Identity with { Catalog = default } }, "the catalog is new");
        Walks(_rest! with { Number = _rest!.Number - 1 }, "the snapshot before is another");
        Walks(_rest!, "the rules are others", static o => o with { Excludes = ["nothing"] });
        Walks(_rest!, "not all of it is read alike", static o => o with { Force = true });
        using (var repository = _vault.Open()) { Varve.History.CatalogMaintenance.Rebuild(repository, null, CancellationToken.None); }
        Base();
        Assert.NotNull(_rest);
        DirtySet before = _rest!;
        using (var repository = _vault.Open()) { Varve.History.CatalogMaintenance.Rebuild(repository, null, CancellationToken.None); }
        Walks(before, "the catalog is new");
        Judge();
    }

    [Fact]
    public void A_snapshot_that_was_forgotten_is_none_to_go_on_from()
    {
        Write("a/file", "a");
        Base();
        DirtySet before = _rest!;
        Write("a/file", "b");
        Base();
        using (var repository = _vault.Open())
        {
            repository.Store.Delete(ObjectKeys.Snapshot(repository.FindSnapshot("latest").Snapshot.SourceId, _rest!.Base));
        }

        Write("a/file", "c");
        FileClock.Settle();
        Run(_rest);
        Assert.NotNull(_whyAll);
        Run(before);
        Assert.Equal("the snapshot before is another", _whyAll);
    }

    [Fact]
    public void A_run_in_which_a_path_failed_is_followed_by_one_that_looks_at_everything()
    {
        Write("a/file", "a");
        Base();
        Write("a/file", "changed");
        FileClock.Settle();
        using (new SystemCallWatch(static (call, _, name) =>
            call == SystemCall.Open && name.SequenceEqual("file"u8) ? Errno.EACCES : 0))
        {
            BackupResult failed = Partial("a");
            Assert.Equal(1, failed.FailureCount);
        }

        Assert.Equal("nobody says what changed", _whyAll);
        Assert.Null(_rest);
    }

    [Fact]
    public void What_was_changed_just_before_it_was_looked_at_is_looked_at_again()
    {
        Write("a/file", "a");
        Write("second/file", "b");
        FileClock.Settle();
        int seen = 0;
        using (new SystemCallWatch((_, _, name) =>
        {
            if (name.SequenceEqual("second"u8) && Interlocked.Increment(ref seen) == 1) { Write("second/late", "late"); }
            return 0;
        }))
        {
            Run(null);
        }

        Assert.NotNull(_rest);
        Assert.Contains("second", _rest!.Directories.Select(Encoding.UTF8.GetString));
        Assert.DoesNotContain("a", _rest.Directories.Select(Encoding.UTF8.GetString));
        FileClock.Settle();
        Partial();
        Assert.Null(_whyAll);
        Assert.Empty(_rest!.Directories);
        Judge();
    }

    [Fact]
    public void Random_changes_come_to_the_snapshots_that_looking_at_everything_makes()
    {
        int seed = Environment.GetEnvironmentVariable("VARVE_TEST_SEED") is { } said ? int.Parse(said, null) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int i = 0; i < 40; i++) { RandomChange.Make(_source, random); }
        Base();
        int partial = 0;
        for (int round = 0; round < 25; round++)
        {
            Dictionary<string, string> before = TreeStates.Of(_source);
            for (int i = random.Next(1, 12); i > 0; i--) { RandomChange.Make(_source, random); }
            Dictionary<string, string> after = TreeStates.Of(_source);
            FileClock.Settle();
            Partial([.. after.Where(a => before.GetValueOrDefault(a.Key) != a.Value).Select(static a => a.Key)], []);
            if (_whyAll is null) { partial++; }
            if (round % 5 == 4) { Judge(); }
        }

        Assert.True(partial >= 20, $"only {partial} of 25 runs looked at a part, seed {seed}");
    }

    [Fact]
    public void A_set_is_read_back_and_nothing_else_is()
    {
        Base();
        DirtySet set = _rest! with { Directories = [[], "a/b"u8.ToArray(), [0xFF]], Inodes = [1, ulong.MaxValue] };
        byte[] bytes = set.Encode();
        DirtySet read = DirtySet.Decode(bytes)!;
        Assert.Equal((set.Identity, set.Base, set.Number), (read.Identity, read.Base, read.Number));
        Assert.Equal(set.Directories.Select(Convert.ToHexString), read.Directories.Select(Convert.ToHexString));
        Assert.Equal(set.Inodes, read.Inodes);
        for (int i = 0; i < bytes.Length; i++)
        {
            Assert.Null(DirtySet.Decode(bytes.AsSpan(0, i)));
            byte[] wrong = [.. bytes];
            wrong[i] ^= 1;
            Assert.Null(DirtySet.Decode(wrong));
        }
    }

    private static (long Files, long New, long Changed, long Gone) Changes(BackupResult result)
    {
        SnapshotCounts counts = result.Snapshot.Counts;
        return (counts.Files + 1, counts.New, counts.Changed, counts.Gone);
    }

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    [Fact]
    public void What_nobody_told_is_named_when_it_is_time_to_look_at_everything()
    {
        foreach (string name in (string[])["a/changed", "a/gone", "a/same", "b/told", "c/file"]) { Write(name, name); }
        Base();
        Write("a/changed", "other");
        File.Delete(At("a/gone"));
        Write("b/told", "other");
        Write("c/new/deep/file", "new");
        FileClock.Settle();
        BackupResult result = Whole(Now() + 10, "b");
        Assert.Equal(["a/changed", "a/gone", "c/new"], result.Notes.Select(static n => n.Subject.Name).Order(StringComparer.Ordinal));
        Assert.All(result.Notes, static n => Assert.Contains("a defect", n.What, StringComparison.Ordinal));
        Assert.Equal("it is time to look at everything", _whyAll);
        Assert.NotNull(_rest);
        Judge();
    }

    [Fact]
    public void What_changed_after_it_was_told_and_what_only_a_ctime_shows_is_no_defect()
    {
        foreach (string name in (string[])["a/changed", "a/gone", "b/file"]) { Write(name, name); }
        Base();
        Programs.Run("chmod", "604", At("b/file"));
        FileClock.Settle();
        Partial("b");
        FileClock.Settle();
        // As it was, but for its ctime.
        Programs.Run("chmod", "600", At("b/file"));
        Programs.Run("chmod", "604", At("b/file"));
        FileClock.Settle();
        Assert.Empty(Whole(Now() + 10).Notes);
        Write("a/changed", "other");
        File.Delete(At("a/gone"));
        Assert.Empty(Whole(Now()).Notes);
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private BackupResult Whole(long at, params string[] told) =>
        Run(_rest! with { Directories = [.. _rest!.Directories, .. told.Select(Encoding.UTF8.GetBytes)], WholeAt = at });

    /// <summary>A run that looks at everything, at rest.</summary>
    private void Base(Func<BackupOptions, BackupOptions>? with = null)
    {
        FileClock.Settle();
        Run(null, with);
        Assert.NotNull(_rest);
        FileClock.Settle();
    }

    private BackupResult Partial(params string[] changed) => Partial(changed, []);

    private BackupResult Partial(string[] changed, ulong[] inodes, Func<BackupOptions, BackupOptions>? with = null) =>
        Run(_rest! with { Directories = [.. _rest!.Directories, .. changed.Select(Encoding.UTF8.GetBytes)], Inodes = inodes }, with);

    private BackupResult Run(DirtySet? set, Func<BackupOptions, BackupOptions>? with = null)
    {
        BackupResult result = _vault.Backup(_source, o => (with is null ? o : with(o)) with { IsWatched = true, Changed = set });
        (_rest, _whyAll) = (result.Rest, result.WhyAll);
        return result;
    }

    /// <summary>The last snapshot is what looking at everything makes; the catalog is what is made of the repository.</summary>
    private void Judge(Func<BackupOptions, BackupOptions>? with = null)
    {
        SnapshotInfo last;
        using (var repository = _vault.Open()) { last = repository.FindSnapshot("latest"); }
        BackupResult whole = _vault.Backup(_source, with);
        Assert.Empty(whole.Failures);
        Assert.True(whole.NothingChanged, "a run that looks at everything finds what was missed");
        SnapshotCounts one = last.Snapshot.Counts, other = whole.Snapshot.Counts;
        Assert.Equal((other.Files, other.Directories, other.Symlinks, other.Others, other.Bytes),
            (one.Files, one.Directories, one.Symlinks, one.Others, one.Bytes));
        Assert.Equal(other.LeftOut, one.LeftOut);
        Assert.Equal(one.Files + one.Symlinks + one.Others - one.New - one.Changed - one.MetadataOnly - one.Moved, one.Unchanged);
        _vault.Check();
        Same();
        Base(with);
    }
}
