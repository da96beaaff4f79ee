using System.Text;
using Varve.Backup;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Format;
using Varve.History;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.History;

/// <summary>Whatever the catalog alone holds: losing it costs time, never data.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class CatalogLossTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    private string FilePath => Path.Combine(_rig.Source, "d/file");

    public static TheoryData<string, string> Losses => new()
    {
        { "tmpfs", "rebuilt" }, { "tmpfs", "another cache" }, { "tmpfs", "only the list" }, { "ext4", "rebuilt" },
        { "ext4", "another cache" },
    };

    [Theory]
    [Trait("Needs", "root")]
    [MemberData(nameof(Losses))]
    public void A_file_that_was_exact_but_moving_is_read_again_without_the_list(string fileSystem, string loss)
    {
        using LoopMount? mount = fileSystem == "tmpfs" ? null : new LoopMount(fileSystem, _rig.Source, 64);
        Make(FilePath, 100_000);
        using var writer = new MappedWriter(FilePath);
        writer.Store(1);
        FileClock.Settle();
        Assert.Equal(1, Stored(_rig.Backup()));
        DateTime mtime = File.GetLastWriteTimeUtc(FilePath);
        writer.Store(2); // on the same dirty page
        Assert.Equal(mtime, File.GetLastWriteTimeUtc(FilePath));
        Lose(loss);
        // So much later that the stat says nothing changed for long.
        _rig.Time = new LaterTime(TimeSpan.FromMinutes(5));
        Assert.Equal(2, Stored(_rig.Backup()));
        if (fileSystem != "tmpfs") { return; } // it writes mappings out within a minute, and the clock says that one is over
        writer.Store(3);
        Lose(loss);
        Assert.Equal(3, Stored(_rig.Backup()));
    }

    [Fact]
    public void A_file_that_has_come_to_rest_is_read_once_more_and_counts_as_unchanged()
    {
        Make(FilePath, 100_000);
        using (var writer = new MappedWriter(FilePath))
        {
            writer.Store(1);
            FileClock.Settle();
            _rig.Backup();
        }

        Lose("another cache");
        BackupResult result = _rig.Backup();
        Assert.Equal((0L, 0L, 0L, 1L), (result.Snapshot.Counts.New, result.Snapshot.Counts.Changed, result.Snapshot.Counts.MetadataOnly,
            result.Snapshot.Counts.Unchanged));
        Assert.Equal(100_000, result.Snapshot.Counts.BytesRead);
        Assert.Equal(0, result.Unstable);
        Assert.Equal(0, _rig.Backup().Snapshot.Counts.BytesRead);
        Lose("another cache");
        Assert.Equal(0, _rig.Backup().Snapshot.Counts.BytesRead);
    }

    [Fact]
    public void A_moving_file_that_a_budget_left_out_is_as_doubtful_with_a_new_catalog()
    {
        Make(FilePath, 100_000);
        using var writer = new MappedWriter(FilePath);
        writer.Store(1);
        FileClock.Settle();
        _rig.Backup();
        _rig.Time = new LaterTime(TimeSpan.FromMinutes(5));
        writer.Store(2);
        Assert.Equal(1, Backup(o => o with { Budget = 1, NewestFirst = true }).Snapshot.Counts.PendingFiles);
        Lose("another cache");
        Assert.Equal(2, Stored(_rig.Backup()));
        writer.Store(3); // nothing but the flag of that run says that it may have changed
        Lose("another cache");
        Assert.Equal(3, Stored(_rig.Backup()));
    }

    [Fact]
    public void What_a_program_before_the_flag_saved_too_soon_after_its_change_is_read_once_more()
    {
        Make(FilePath, 100_000);
        FileClock.Settle();
        Unflag(_rig.Backup());
        Lose("another cache");
        _rig.Time = new LaterTime(TimeSpan.FromMinutes(5));
        Assert.Equal(100_000, _rig.Backup().Snapshot.Counts.BytesRead);
        Assert.Equal(0, _rig.Backup().Snapshot.Counts.BytesRead);
        Unflag(_rig.Backup());
        Lose("another cache");
        Assert.Equal(0, _rig.Backup().Snapshot.Counts.BytesRead);
    }

    /// <summary>Makes the repository's snapshots ones of a program that flagged no moving file.</summary>
    private void Unflag(BackupResult last)
    {
        var store = (MemoryStore)_rig.Store;
        using Repository repository = _rig.Open();
        Snapshot snapshot = repository.SnapshotStore.Read(last.Name) with { FlagsMoving = false };
        (ObjectName old, byte[] bytes) = repository.SnapshotStore.Seal(snapshot);
        foreach (ObjectName name in repository.SnapshotStore.Names()) { store.Delete(repository.SnapshotStore.KeyOf(name)); }
        store.Put(ObjectKeys.Snapshot(snapshot.SourceId, old), bytes);
    }

    private void Lose(string what)
    {
        if (what == "another cache")
        {
            _rig.Cache = _rig["cache-" + Guid.NewGuid().ToString("N")];
            return;
        }

        using Repository repository = _rig.Open();
        if (what == "rebuilt")
        {
            CatalogMaintenance.Rebuild(repository, null, default);
            return;
        }

        CatalogFile catalog = CatalogFile.Open(repository.CatalogPath, repository.Header.Id);
        using CatalogReader reader = catalog.OpenReader();
        using CatalogWriter writer = catalog.OpenWriter();
        IReadOnlyList<UnstableRow> listed = reader.Unstable(1);
        Assert.Single(listed);
        writer.Unstable.Remove(listed, number: 0);
        Assert.Empty(reader.Unstable(1));
    }

    private BackupResult Backup(Func<BackupOptions, BackupOptions> with)
    {
        using Repository repository = _rig.Open();
        return BackupRunner.Run(repository, with(new BackupOptions { RootPath = Encoding.UTF8.GetBytes(_rig.Source) }),
            new BackupMonitor(), default);
    }

    private long Stored(BackupResult result)
    {
        string target = _rig.Restore(result.Name, out _);
        long number = BitConverter.ToInt64(File.ReadAllBytes(Path.Combine(target, "d/file")), 0);
        Programs.Run("rm", "-rf", target);
        return number;
    }

    private static void Make(string path, int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ChangingTree.Content(length, length));
    }
}
