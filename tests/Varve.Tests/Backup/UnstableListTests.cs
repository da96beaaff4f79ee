using System.Text;
using Varve.Backup;
using Varve.Backup.Sources;
using Varve.History;
using Varve.Model;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Backup;

/// <summary>The list of unstable files: who is on it, what that is good for, and when it is left.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class UnstableListTests : IDisposable
{
    private readonly Rig _rig = new(); // on tmpfs, where a mapping shows in the timestamps once and never again

    public void Dispose() => _rig.Dispose();

    private string FilePath => Path.Combine(_rig.Source, "d/file");

    [Fact]
    public void A_file_that_may_change_without_its_stat_telling_is_read_again_as_long_as_it_may()
    {
        Make(FilePath, 100_000);
        using (var writer = new MappedWriter(FilePath))
        {
            writer.Store(1);
            DateTime mtime = File.GetLastWriteTimeUtc(FilePath);
            _rig.Backup();
            Assert.Equal(["d/file exact 1"], Listed());
            for (int i = 2; i <= 4; i++)
            {
                writer.Store(i);
                Assert.Equal(mtime, File.GetLastWriteTimeUtc(FilePath));
                Assert.Equal(i, Stored(_rig.Backup()));
                Assert.Equal([$"d/file exact {i}"], Listed());
            }
        }

        _rig.Backup();
        Assert.Empty(Listed());
        Assert.Equal(0, _rig.Backup().Snapshot.Counts.BytesRead);
    }

    [Fact]
    public void A_listed_file_is_backed_up_from_the_copy_that_was_made_before_the_walk()
    {
        Make(FilePath, 100_000);
        using var writer = new MappedWriter(FilePath);
        writer.Store(1);
        _rig.Backup();
        writer.Store(2);
        var time = new WorkerTime(() => writer.Store(3)); // asked for when the worker has the file before it
        _rig.Time = time;
        BackupResult result = _rig.Backup();
        Assert.True(time.Asked > 0);
        Assert.Equal(2, Stored(result));
        Assert.Equal(["d/file exact 2"], Listed());
        Assert.Equal(3, Stored(_rig.Backup()));
    }

    [Fact]
    public void A_file_leaves_the_list_only_with_a_durable_read_and_stays_on_it_through_resumed_runs()
    {
        Make(FilePath, 100_000);
        using (var writer = new MappedWriter(FilePath))
        {
            writer.Store(1);
            _rig.Backup();
        }

        File.WriteAllBytes(Path.Combine(_rig.Source, "new"), ChangingTree.Content(1, 100_000));

        // Read stably, but its checkpoint fails: nothing of that counts.
        Rig.Throws(ErrorKind.Storage, () => _rig.Backup(store: Failing("put index/")));
        Assert.Equal(["d/file exact 1"], Listed());
        using (new MappedWriter(FilePath))
        {
            // Read while it may change; the run fails after the checkpoint, and is resumed.
            Rig.Throws(ErrorKind.Storage, () => _rig.Backup(store: Failing("put snapshots/")));
            Assert.Equal(["d/file exact 2"], Listed());
            Assert.True(_rig.Backup().Resumed);
            Assert.Equal(["d/file exact 2"], Listed()); // one and the same run
        }

        File.AppendAllText(FilePath, "more");
        Rig.Throws(ErrorKind.Storage, () => _rig.Backup(store: Failing("put snapshots/")));
        Assert.Empty(Listed()); // the read is durable, whatever comes of the snapshot
        _rig.RequireRestores(_rig.Backup().Name, _rig.Source, "in the end");
    }

    [Fact]
    public void Files_that_are_gone_leave_the_list()
    {
        string[] files = [FilePath, Path.Combine(_rig.Source, "d/e/below"), Path.Combine(_rig.Source, "replaced")];
        foreach (string file in files) { Make(file, 10_000); }
        MappedWriter[] writers = [.. files.Select(static f => new MappedWriter(f))];
        _rig.Backup();
        Assert.Equal(["d/e/below exact 1", "d/file exact 1", "replaced exact 1"], Listed());
        foreach (MappedWriter writer in writers) { writer.Dispose(); }
        File.Delete(FilePath);
        Directory.Delete(Path.Combine(_rig.Source, "d/e"), recursive: true);
        File.Delete(files[2]);
        File.CreateSymbolicLink(files[2], "nowhere");
        BackupResult result = _rig.Backup();
        Assert.Empty(Listed());
        _rig.RequireRestores(result.Name, _rig.Source, "without them");
    }

    [Fact]
    public void A_source_that_is_a_single_file_has_a_list_too()
    {
        Make(FilePath, 10_000);
        using (var writer = new MappedWriter(FilePath))
        {
            writer.Store(1);
            _rig.Backup(FilePath);
            Assert.Equal([" exact 1"], Listed());
            writer.Store(2);
            _rig.Backup(FilePath);
            Assert.Equal([" exact 2"], Listed());
        }

        _rig.Backup(FilePath);
        Assert.Empty(Listed());
    }

    [Fact]
    public void A_file_that_no_limit_has_room_for_is_read_where_it_is()
    {
        Make(FilePath, 20 << 20);
        using var writer = new MappedWriter(FilePath);
        writer.Store(7);
        BackupResult result;
        using (Repository repository = _rig.Open())
        {
            var options = new BackupOptions { RootPath = Encoding.UTF8.GetBytes(_rig.Source), SpoolLimit = 1 << 20 };
            result = BackupRunner.Run(repository, options, new BackupMonitor(), default);
        }

        Assert.Equal((0L, 1), (result.FailureCount, result.Unstable));
        Assert.Equal(7, Stored(result));
    }

    [Fact]
    public void A_run_removes_what_a_killed_one_left_in_the_spool()
    {
        Make(FilePath, 10_000);
        _rig.Backup();
        string spool = Path.Combine(Directory.GetDirectories(_rig.Cache).Single(), "spool"),
            left = Path.Combine(spool, "varve-spool-0123456789abcdef");
        Directory.CreateDirectory(left, (UnixFileMode)0x1c0);
        File.WriteAllText(Path.Combine(left, "1"), "a copy");
        _rig.Backup();
        Assert.Empty(Directory.GetFileSystemEntries(spool));
    }

    [Fact]
    public void A_listed_file_whose_directory_was_moved_is_read_at_its_new_place_and_stays_on_the_list()
    {
        Make(FilePath, 100_000);
        string moved = Path.Combine(_rig.Source, "moved");
        using var writer = new MappedWriter(FilePath);
        writer.Store(1);
        FileClock.Settle(); // its timestamps are safe then
        _rig.Backup();
        Directory.Move(Path.GetDirectoryName(FilePath)!, moved);
        writer.Store(2);

        // So much later that nothing but the list says that the file may have changed. A run that fails before it has stored anything
        // forgets nothing.
        _rig.Time = new LaterTime(TimeSpan.FromMinutes(5));
        Rig.Throws(ErrorKind.Storage, () => _rig.Backup(store: Failing("put index/")));
        Assert.Equal(["d/file exact 1"], Listed());
        Assert.Equal(2, Stored(_rig.Backup(), "moved/file"));
        Assert.Equal(["moved/file exact 1"], Listed());
        writer.Store(3);
        Assert.Equal(3, Stored(_rig.Backup(), "moved/file"));
    }

    [Fact]
    public void A_listed_file_that_no_budget_is_left_for_is_still_to_come_and_stays_on_the_list_wherever_it_is()
    {
        Make(FilePath, 100_000);
        Directory.CreateDirectory(Path.Combine(_rig.Source, "empty"));
        using var writer = new MappedWriter(FilePath);
        writer.Store(1);
        FileClock.Settle();
        _rig.Backup();
        writer.Store(2);
        BackupResult partial = Within(1);
        Assert.Equal((1L, 0L), (partial.Snapshot.Counts.PendingFiles, partial.Snapshot.Counts.Files));
        Assert.Equal(["d/file exact 1"], Listed());

        Directory.Move(Path.GetDirectoryName(FilePath)!, Path.Combine(_rig.Source, "moved"));
        partial = Within(1);
        Assert.Equal((1L, 0L), (partial.Snapshot.Counts.PendingFiles, partial.Snapshot.Counts.Files));
        writer.Store(3);
        BackupResult whole = Within(1 << 20);
        Assert.Equal((0L, 1L), (whole.Snapshot.Counts.PendingFiles, whole.Snapshot.Counts.Files));
        Assert.Equal(3, Stored(whole, "moved/file"));
        Assert.Equal(["moved/file exact 2"], Listed());

        BackupResult Within(long budget)
        {
            using Repository repository = _rig.Open();
            var options = new BackupOptions { RootPath = Encoding.UTF8.GetBytes(_rig.Source), Budget = budget, NewestFirst = true };
            return BackupRunner.Run(repository, options, new BackupMonitor(), default);
        }
    }

    [Fact]
    public void A_file_that_is_excluded_later_is_not_opened_any_more_and_leaves_the_list()
    {
        Make(FilePath, 100_000);
        using var writer = new MappedWriter(FilePath);
        writer.Store(1);
        _rig.Backup();
        NotOpened(FilePath, () => Backup(static o => o with { Excludes = ["d"] }));
        Assert.Empty(Listed());
        writer.Store(2);
        Assert.Equal(2, Stored(_rig.Backup())); // and is read again if it is wanted again
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_file_on_another_file_system_that_is_not_entered_any_more_is_not_opened_and_leaves_the_list()
    {
        string directory = Path.GetDirectoryName(FilePath)!;
        Directory.CreateDirectory(directory);
        using var mount = new LoopMount("tmpfs", directory);
        Make(FilePath, 100_000);
        using var writer = new MappedWriter(FilePath);
        writer.Store(1);
        _rig.Backup();
        Assert.Equal(["d/file exact 1"], Listed());
        NotOpened(FilePath, () => Backup(static o => o with { OneFileSystem = true }));
        Assert.Empty(Listed());
    }

    [Fact]
    public void A_file_of_a_root_that_is_not_read_any_more_leaves_the_list()
    {
        string second = Directory.CreateDirectory(_rig["second"]).FullName, file = Path.Combine(second, "file");
        Make(FilePath, 10_000);
        Make(file, 100_000);
        using var writer = new MappedWriter(file);
        writer.Store(1);
        byte[] canonical = Encoding.UTF8.GetBytes(_rig.Source);
        Backup(o => o with
        {
            CanonicalRoot = canonical,
            FurtherRoots = [new RootMapping(Encoding.UTF8.GetBytes(second), [.. canonical, .. "/second"u8])],
        });
        Assert.Equal(["second/file exact 1"], Listed());
        NotOpened(file, () => _rig.Backup());
        Assert.Empty(Listed());
    }

    [Fact]
    public void A_run_of_another_source_opens_nothing_that_is_listed()
    {
        Make(FilePath, 100_000);
        using var writer = new MappedWriter(FilePath);
        writer.Store(1);
        _rig.Backup();
        string other = Directory.CreateDirectory(_rig["other"]).FullName;
        NotOpened(FilePath, () => _rig.Backup(other));
        Assert.Equal(["d/file exact 1"], Listed());
    }

    private static void NotOpened(string file, Action action)
    {
        using var watch = new OpenWatch(file);
        action();
        Assert.Equal(0, watch.Opened);
        File.OpenRead(file).Dispose();
        Assert.Equal(1, watch.Opened); // or nothing was shown
    }

    private BackupResult Backup(Func<BackupOptions, BackupOptions> with)
    {
        using Repository repository = _rig.Open();
        return BackupRunner.Run(repository, with(new BackupOptions { RootPath = Encoding.UTF8.GetBytes(_rig.Source) }),
            new BackupMonitor(), default);
    }

    private List<string> Listed()
    {
        using Repository repository = _rig.Open();
        return [.. UnstableFiles.List(repository, new SourceFilter(), default)
            .Select(static f => $"{Encoding.UTF8.GetString(f.Path)} {(f.IsTorn ? "torn" : "exact")} {f.Runs}")];
    }

    private long Stored(BackupResult result, string path = "d/file")
    {
        string target = _rig.Restore(result.Name, out _);
        long number = BitConverter.ToInt64(File.ReadAllBytes(Path.Combine(target, path)), 0);
        Programs.Run("rm", "-rf", target);
        return number;
    }

    private static void Make(string path, int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ChangingTree.Content(length, length));
    }

    private HookStore Failing(string on) => new(_rig.Store)
    {
        Before = o =>
        {
            if (o.StartsWith(on, StringComparison.Ordinal))
            {
                throw new VarveException(ErrorKind.Storage, Subject.None, "the test says so");
            }
        },
    };
}
