using System.Text;
using Varve.Model.Changes;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;

namespace Varve.Tests.Backup;

/// <summary>What whoever watches a backup or a restore is told while it goes on.</summary>
public sealed class WatchedTests : IDisposable
{
    private readonly Rig _rig = new();

    public WatchedTests()
    {
        for (int i = 0; i < 20; i++)
        {
            string directory = Path.Combine(_rig.Source, "d" + i);
            Directory.CreateDirectory(directory);
            for (int j = 0; j < 10; j++) { File.WriteAllText(Path.Combine(directory, "f" + j), "text"); }
            File.WriteAllText(Path.Combine(directory, "left.o"), "out");
        }
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_first_backup_is_counted_beside_and_excludes_hold_for_the_count()
    {
        var monitor = new BackupMonitor { IsWatched = true };
        BackupProgress? counted = null;
        Visit(Gate.BatchRead, () =>
        {
            Poll.Until(() => monitor.Read().ExpectedFiles is not null, "the source is counted");
            counted ??= monitor.Read();
        });
        BackupResult result = Backup(monitor, excludes: ["*.o"]);
        Assert.Equal((200L, 800L), (counted!.ExpectedFiles, counted.ExpectedBytes));
        Assert.Equal(200, result.Snapshot.Counts.Files);
    }

    [Fact]
    public void Nobody_watches_and_nothing_is_counted_nor_named()
    {
        var paths = new List<byte[]?>();
        var monitor = new BackupMonitor { Counted = m => { lock (paths) { paths.Add(m.Read().Path); } } };
        Backup(monitor);
        Assert.NotEmpty(paths);
        Assert.All(paths, Assert.Null);
        Assert.Null(monitor.Read().ExpectedFiles);
    }

    [Fact]
    public void The_file_that_is_read_is_named_while_it_is()
    {
        var paths = new HashSet<string>();
        var monitor = new BackupMonitor
        {
            IsWatched = true,
            Counted = m =>
            {
                if (m.Read().Path is { } path) { lock (paths) { paths.Add(Encoding.UTF8.GetString(path)); } }
            },
        };
        Backup(monitor);
        Assert.NotEmpty(paths);
        Assert.All(paths, static p => Assert.Matches(@"^d\d+/(f\d|left\.o)$", p));
        Assert.Null(monitor.Read().Path);
    }

    [Fact]
    public void A_source_that_has_grown_beyond_its_last_snapshot_is_counted_anew()
    {
        Backup(new BackupMonitor());
        for (int i = 0; i < 500; i++) { File.WriteAllText(Path.Combine(_rig.Source, "more" + i), "text"); }
        var monitor = new BackupMonitor { IsWatched = true };
        Visit(Gate.BatchRead, () =>
        {
            if (monitor.Read().Files > 220) { Poll.Until(() => monitor.Read().ExpectedFiles > 700, "the source is counted anew"); }
        });
        Backup(monitor);
        Assert.Equal(720, monitor.Read().ExpectedFiles);
    }

    [Fact]
    public void A_part_of_a_snapshot_is_counted_beside_its_restore()
    {
        Backup(new BackupMonitor());
        var monitor = new RestoreMonitor { IsWatched = true };
        RestoreProgress? counted = null;
        Visit(Gate.BlockWritten, () =>
        {
            Poll.Until(() => monitor.Read().ExpectedFiles is not null, "the part is counted");
            counted ??= monitor.Read();
        });
        RestoreResult result = Within.Run(() =>
        {
            using Repository repository = _rig.Open();
            return repository.Restore(new RestoreOptions
            {
                Snapshot = repository.FindSnapshot("latest"), Target = Encoding.UTF8.GetBytes(_rig["r"]), Includes = ["f1"],
            }, monitor);
        });
        Assert.Equal((20L, 80L), (counted!.ExpectedFiles, counted.ExpectedBytes));
        Assert.Equal(20, result.Files);
    }

    [Fact]
    public void Failures_are_told_as_they_come()
    {
        var told = new List<ChangedEntry>();
        File.WriteAllText(Path.Combine(_rig.Source, "odd"), "text");
        var monitor = new BackupMonitor { Entry = e => { lock (told) { told.Add(e); } } };
        using (new SystemCallWatch((call, _, name) => call == SystemCall.Open && name.SequenceEqual("odd"u8) ? Errno.EACCES : 0))
        {
            Assert.Equal(1, Backup(monitor).FailureCount);
        }

        ChangedEntry failed = Assert.Single(told, static e => e.Change == EntryChange.Failed);
        Assert.Equal(("odd", "permission denied"), (Encoding.UTF8.GetString(failed.Path), failed.Failure!.Message));
    }

    private BackupResult Backup(BackupMonitor monitor, IReadOnlyList<string>? excludes = null) => Within.Run(() =>
    {
        using Repository repository = _rig.Open();
        return Engine.Backup(repository, _rig.Source, o => o with { Excludes = excludes ?? [] }, monitor);
    });

    private static void Visit(string point, Action visit) => Gate.Visit(p =>
    {
        if (p == point) { visit(); }
    });
}
