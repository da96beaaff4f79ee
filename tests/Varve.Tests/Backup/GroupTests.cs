using System.Text;
using Varve.Backup;
using Varve.Backup.Settle;
using Varve.Backup.Sources;
using Varve.History;
using Varve.Model;
using Varve.Platform;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using Varve.Vault;

namespace Varve.Tests.Backup;

/// <summary>
/// Files that belong together are as of one moment, or all of those that were read are flagged. Each file holds a number, over and over:
/// those of a group have the same number at each moment between two writes.
/// </summary>
[Trait("Does", "race")]
public sealed class GroupTests : IDisposable
{
    private const int Length = 100_000;

    private readonly Rig _rig = new();
    private int _copied;

    public void Dispose()
    {
        Gate.Visit(null);
        _rig.Dispose();
    }

    [Fact]
    public void A_database_and_its_log_that_change_between_their_copies_are_copied_again()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal", "a.db-shm");
        writer.Write(1);
        WhenCopied(1, () => writer.Write(2));
        BackupResult result = Backup();
        Assert.Equal((0L, 0L), (result.FailureCount, result.Torn));
        Assert.Equal([2, 2, 2], Restored(result, "a.db", "a.db-wal", "a.db-shm"));
        Assert.Equal(2, _copied);
        Assert.Equal(["a.db exact", "a.db-shm exact", "a.db-wal exact"], Listed());
    }

    [Fact]
    public void Files_that_belong_together_and_never_hold_still_together_are_flagged_torn_though_each_is_exact()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal");
        writer.Write(1);
        int number = 1;
        WhenCopied(int.MaxValue, () => writer.Write(++number, number % 2)); // one of the two each time
        BackupResult result = Backup();
        Assert.Equal((2L, 2L), (result.FailureCount, result.Torn));
        Assert.All(result.Failures, static f => Assert.Equal(FailedOperation.Changed, f.Operation));
        Assert.Equal("never held still together with a.db-wal; stored with the flag 'torn'", result.Failures[0].Message);
        Assert.Equal(["a.db torn", "a.db-wal torn"], Listed());
        _rig.Restore(result.Name, out RestoreResult restored);
        Assert.Equal(["a.db", "a.db-wal"], restored.Torn.Select(Encoding.UTF8.GetString));

        // At rest nothing is left of it.
        Gate.Visit(null);
        writer.Dispose();
        BackupResult rest = Backup();
        Assert.Equal((0L, 0), (rest.FailureCount, rest.Unstable));
        _rig.RequireRestores(rest.Name, _rig.Source, "at rest");
    }

    [Fact]
    public void A_log_that_is_only_appended_to_is_as_long_as_it_was_at_the_moment_that_the_database_is_of()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal");
        writer.Write(1);
        WhenCopied(int.MaxValue, () => File.AppendAllText(Path.Combine(_rig.Source, "a.db-wal"), "more"));
        BackupResult result = Backup();
        Assert.Equal(0, result.FailureCount);
        string target = _rig.Restore(result.Name, out _);
        Assert.Equal(Length, new FileInfo(Path.Combine(target, "a.db-wal")).Length);
        Assert.Equal(1, _copied);
    }

    [Fact]
    public void A_database_that_has_not_changed_is_not_read_because_its_log_has()
    {
        string database = Path.Combine(_rig.Source, "a.db"), log = database + "-wal";
        File.WriteAllBytes(database, ChangingTree.Content(1, 3 << 20));
        File.WriteAllBytes(log, ChangingTree.Content(2, 10_000));
        FileClock.Settle();
        Backup();
        File.AppendAllText(log, "more");
        FileClock.Settle();
        BackupResult result = Backup();
        Assert.Equal((1L, 1L, 10_004L),
            (result.Snapshot.Counts.Changed, result.Snapshot.Counts.Unchanged, result.Snapshot.Counts.BytesRead));
        _rig.RequireRestores(result.Name, _rig.Source, "the log is longer");
        Assert.True(Backup().NothingChanged);
    }

    [Fact]
    public void A_database_that_had_not_changed_is_read_when_it_changes_before_its_log_is_copied()
    {
        using (var before = new Writer(_rig.Source, "a.db", "a.db-wal")) { before.Write(1); }
        FileClock.Settle();
        Backup();
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal");
        writer.Write(2, only: 1);
        WhenCopied(1, () => writer.Write(3));
        BackupResult result = Backup();
        Assert.Equal(0, result.FailureCount);
        Assert.Equal([3, 3], Restored(result, "a.db", "a.db-wal"));
    }

    [Fact]
    public void A_journal_that_comes_up_after_the_listing_is_waited_out()
    {
        using var writer = new Writer(_rig.Source, "a.db");
        writer.Write(1);
        string journal = Path.Combine(_rig.Source, "a.db-journal");
        WhenRead(() => File.WriteAllText(journal, "a transaction is under way"));
        WhenCopied(1, () =>
        {
            writer.Write(2);
            File.Delete(journal);
        });
        BackupResult result = Backup();
        Assert.Equal(0, result.FailureCount);
        Assert.Equal([2], Restored(result, "a.db"));
        Assert.InRange(_copied, 2, 3); // the directory changed since it was listed: it may be visited once more
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_journal_that_comes_up_after_the_listing_makes_the_database_torn_unless_a_later_visit_finds_both(bool isLast)
    {
        string directory = Directory.CreateDirectory(Path.Combine(_rig.Source, "d")).FullName, journal = Path.Combine(directory, "a.db-journal");
        using var writer = new Writer(directory, "a.db", "other");
        writer.Write(1);
        int read = 0, walks = 0;
        using var watch = new SystemCallWatch((call, _, name) =>
        {
            bool isFirst = walks == 0 && call == SystemCall.Open && name.SequenceEqual("d"u8);
            if (isFirst) { File.WriteAllText(Path.Combine(directory, "new"), "so something may have moved"); }
            bool comes = call == SystemCall.Open && name.SequenceEqual("a.db"u8) && (isLast || walks <= 1);
            if (comes) { File.WriteAllText(journal, "a transaction is under way"); }
            return 0;
        });
        Gate.Visit(point =>
        {
            if (point == Gate.BatchRead) { Interlocked.Increment(ref read); }
            if (point != Gate.Walked) { return; }
            walks++;
            Poll.Until(() => Volatile.Read(ref read) > 0, "the database was read");
            read = 0;
            if (isLast) { File.Delete(journal); }
        });
        BackupResult result = Backup();
        string[] failed = [.. result.Failures.Select(static f => Encoding.UTF8.GetString(f.Path))];
        Assert.Equal(isLast ? ["d", "d/a.db"] : [], failed);
        Assert.Equal((failed.Length, isLast ? 1 : 0, failed.Length), (result.FailureCount, result.Torn, result.Snapshot.Counts.Failed));
        Assert.InRange(walks, 2, isLast ? Settler.MostRounds + 1 : 3);
        if (!isLast) { _rig.RequireRestores(result.Name, _rig.Source, "as it stands"); }
        Gate.Visit(null);
        watch.Dispose();
        File.WriteAllText(journal, "a transaction is under way");
        Assert.Equal(0, Backup().FailureCount); // now it is listed
    }

    [Fact]
    public void A_journal_that_is_gone_before_it_is_read_is_not_missed()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-journal");
        writer.Write(1);
        string journal = Path.Combine(_rig.Source, "a.db-journal");
        WhenRead(() => File.Delete(journal));
        BackupResult result = Backup();
        Assert.Equal(0, result.FailureCount);
        Assert.False(File.Exists(Path.Combine(_rig.Restore(result.Name, out _), "a.db-journal")));
        Assert.Equal([1], Restored(result, "a.db"));
    }

    [Theory]
    [InlineData(1)] // gone when the directory is listed once more
    [InlineData(2)] // gone when it is read once more
    public void A_journal_that_was_saved_and_is_gone_when_its_directory_is_visited_again_is_not_kept_beside_a_later_database(int way)
    {
        string directory = Directory.CreateDirectory(Path.Combine(_rig.Source, "d")).FullName;
        using var writer = new Writer(directory, "a.db", "a.db-journal");
        writer.Write(1);
        int opened = 0;
        using var watch = new SystemCallWatch((call, _, name) =>
        {
            bool isFirst = call == SystemCall.Open && name.SequenceEqual("d"u8) && Interlocked.Increment(ref opened) == 1;
            if (isFirst) { File.WriteAllText(Path.Combine(directory, "new"), "so something may have moved"); }
            return 0;
        });
        int walks = 0;
        Gate.Visit(point =>
        {
            if (point == Gate.Walked && Interlocked.Increment(ref walks) == 1)
            {
                Poll.Until(() => Volatile.Read(ref _copied) > 0, "the files were read once");
                if (way == 1) { Finish(); }
                else { File.WriteAllText(Path.Combine(directory, "newer"), "so the directory is out of date"); }
            }
            else if (point == Gate.Copied && Interlocked.Increment(ref _copied) == 2 && way == 2) { Finish(); }
        });
        BackupResult result = Backup();
        Assert.Equal((0L, 0L), (result.FailureCount, result.Torn));
        Assert.True(walks > 1, $"visited {walks} times");
        Assert.False(File.Exists(Path.Combine(_rig.Restore(result.Name, out _), "d/a.db-journal")));
        Assert.Equal([2], Restored(result, "d/a.db"));
        _rig.RequireRestores(result.Name, _rig.Source, "as it stands");
        _rig.RequireClean("after it");

        void Finish()
        {
            writer.Write(2);
            File.Delete(Path.Combine(directory, "a.db-journal"));
        }
    }

    [Fact]
    public void A_log_that_is_excluded_is_not_waited_for()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal");
        writer.Write(1);
        BackupResult result = Backup(o => o with { Excludes = ["*-wal"] });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(1, _rig.Snapshots()[^1].Snapshot.Counts.Files);
    }

    [Fact]
    public void A_database_that_is_a_source_by_itself_is_noted_to_come_without_its_log()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal");
        writer.Write(1);
        byte[] database = Encoding.UTF8.GetBytes(Path.Combine(_rig.Source, "a.db"));
        BackupResult result = Backup(o => o with { RootPath = database });
        Assert.Equal((0L, Advice.NameDirectory), (result.FailureCount, Assert.Single(result.Notes).Advice));
        File.Delete(Path.Combine(_rig.Source, "a.db-wal"));
        Assert.Empty(Backup(o => o with { RootPath = database }).Notes);
    }

    [Fact]
    public void Of_several_roots_those_files_belong_together_that_lie_in_one()
    {
        string one = Directory.CreateDirectory(Path.Combine(_rig.Source, "one")).FullName,
            other = Directory.CreateDirectory(Path.Combine(_rig.Source, "other")).FullName;
        using var writer = new Writer(one, "a.db", "a.db-wal");
        writer.Write(1);
        using var elsewhere = new Writer(other, "b.db", "c.db-wal");
        elsewhere.Write(7);
        WhenCopied(1, () => writer.Write(2));
        byte[] root = "/both"u8.ToArray();
        BackupResult result = Backup(o => o with
        {
            RootPath = Encoding.UTF8.GetBytes(one),
            CanonicalRoot = root,
            FurtherRoots = [new RootMapping(Encoding.UTF8.GetBytes(other), root)],
        });
        Assert.Equal(0, result.FailureCount);
        int[] numbers = Restored(result, "a.db", "a.db-wal", "b.db", "c.db-wal");
        Assert.Equal(numbers[0], numbers[1]);
        Assert.Equal((7, 7), (numbers[2], numbers[3]));
    }

    [Theory]
    [InlineData("*.MYD,*.MYI", 2)]
    [InlineData("*.frm,*.MYI", 3)]
    public void Other_files_belong_together_if_a_group_says_so(string group, int moments)
    {
        using var writer = new Writer(_rig.Source, "t.MYD", "t.MYI", "t.opt");
        writer.Write(1);
        WhenCopied(int.MaxValue, () => { });
        BackupResult result = Backup(o => o with { Groups = [group] });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(moments, _copied);
    }

    [Fact]
    public void Without_groups_each_file_is_of_a_moment_of_its_own()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal");
        writer.Write(1);
        WhenCopied(int.MaxValue, () => { });
        Assert.Equal(0, Backup(o => o with { Groups = ["none"] }).FailureCount);
        Assert.Equal(2, _copied);
    }

    [Fact]
    public void Files_that_belong_together_come_as_one_or_not_at_all_when_a_budget_is_spent()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal");
        writer.Write(1);
        File.WriteAllBytes(Path.Combine(_rig.Source, "a.db-wal"), ChangingTree.Content(7, Length));
        File.WriteAllBytes(Path.Combine(_rig.Source, "a.db"), ChangingTree.Content(8, Length));
        BackupResult partial = Backup(static o => o with { Budget = 150_000 });
        Assert.Equal((0L, 2L), (partial.Snapshot.Counts.Files, partial.Snapshot.Counts.PendingFiles));
        BackupResult whole = Backup(static o => o with { Budget = 1 << 20, NewestFirst = true });
        Assert.Equal((2L, 0L), (whole.Snapshot.Counts.Files, whole.Snapshot.Counts.PendingFiles));
        _rig.RequireRestores(whole.Name, _rig.Source, "with both");
    }

    [Fact]
    public void Files_that_belong_together_and_lie_in_a_directory_that_was_moved_are_not_read_again()
    {
        string directory = Directory.CreateDirectory(Path.Combine(_rig.Source, "d")).FullName;
        using (var writer = new Writer(directory, "a.db", "a.db-wal", "a.db-shm")) { writer.Write(1); }
        FileClock.Settle();
        Backup();
        Directory.Move(directory, Path.Combine(_rig.Source, "e"));
        BackupResult moved = Backup();
        Assert.Equal((3L, 0L), (moved.Snapshot.Counts.Moved, moved.Snapshot.Counts.BytesRead));
        using (var writer = new Writer(Path.Combine(_rig.Source, "e"), "a.db-wal")) { writer.Write(2); }
        Directory.Move(Path.Combine(_rig.Source, "e"), Path.Combine(_rig.Source, "f"));
        BackupResult changed = Backup();
        _rig.RequireRestores(changed.Name, _rig.Source, "moved and changed");
    }

    [Fact]
    public void A_database_that_no_spool_has_room_for_is_read_where_it_is_and_is_still_as_of_one_moment_with_its_log()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal");
        writer.Write(1);
        FileClock.Settle();
        BackupResult result = Backup(static o => o with { SpoolLimit = Length / 2 });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal([1, 1], Restored(result, "a.db", "a.db-wal"));
    }

    [Fact]
    public void A_companion_that_cannot_be_read_is_a_failure_of_its_own()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal");
        writer.Write(1);
        using var watch = new SystemCallWatch(static (call, _, name) =>
            call == SystemCall.Open && name.SequenceEqual("a.db-wal"u8) ? Errno.EACCES : 0);
        BackupResult result = Backup();
        Assert.Equal(["a.db-wal"], result.Failures.Select(static f => Encoding.UTF8.GetString(f.Path)));
        Assert.Equal([1], Restored(result, "a.db"));
    }

    [Fact]
    public void A_companion_that_becomes_something_else_meanwhile_is_saved_as_that()
    {
        using var writer = new Writer(_rig.Source, "a.db", "a.db-wal");
        writer.Write(1);
        string log = Path.Combine(_rig.Source, "a.db-wal");
        WhenRead(() =>
        {
            File.Delete(log);
            File.CreateSymbolicLink(log, "nowhere");
        });
        BackupResult result = Backup();
        Assert.Equal(0, result.FailureCount);
        Assert.Equal([1], Restored(result, "a.db"));
        Assert.Equal("nowhere", new FileInfo(Path.Combine(_rig.Restore(result.Name, out _), "a.db-wal")).LinkTarget);
    }

    private void WhenCopied(int times, Action change) => Gate.Visit(point =>
    {
        if (point == Gate.Copied && Interlocked.Increment(ref _copied) <= times) { change(); }
    });

    /// <summary>Before the first file is read, after its directory was listed.</summary>
    private void WhenRead(Action change) => _rig.Time = new WorkerTime(change);

    private BackupResult Backup(Func<BackupOptions, BackupOptions>? with = null)
    {
        using Repository repository = _rig.Open();
        var options = new BackupOptions { RootPath = Encoding.UTF8.GetBytes(_rig.Source), Workers = 1 };
        return BackupRunner.Run(repository, with?.Invoke(options) ?? options, new BackupMonitor(), default);
    }

    private int[] Restored(BackupResult result, params string[] names)
    {
        string target = _rig.Restore(result.Name, out _);
        return Array.ConvertAll(names, n =>
        {
            byte[] content = File.ReadAllBytes(Path.Combine(target, n));
            Assert.True(content.AsSpan(1).SequenceEqual(content.AsSpan(0, content.Length - 1)), $"{n} is mixed");
            return (int)content[0];
        });
    }

    private List<string> Listed()
    {
        using Repository repository = _rig.Open();
        return [.. UnstableFiles.List(repository, new SourceFilter(), default)
            .Select(static f => $"{Encoding.UTF8.GetString(f.Path)} {(f.IsTorn ? "torn" : "exact")}").Order(StringComparer.Ordinal)];
    }

    /// <summary>Holds files open for writing, as a program does whose files may change at any time.</summary>
    private sealed class Writer(string directory, params string[] names) : IDisposable
    {
        private readonly FileStream[] _files = [.. names.Select(n =>
            new FileStream(
                Path.Combine(directory, n), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0))];

        public static byte[] Content(int number)
        {
            byte[] content = new byte[Length];
            Array.Fill(content, (byte)number);
            return content;
        }

        public void Write(int number, int? only = null)
        {
            for (int i = 0; i < _files.Length; i++)
            {
                if (only is null || only == i) { RandomAccess.Write(_files[i].SafeFileHandle, Content(number), 0); }
            }
        }

        public void Dispose()
        {
            foreach (FileStream file in _files) { file.Dispose(); }
        }
    }
}
