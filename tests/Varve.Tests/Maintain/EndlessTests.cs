using System.Text;
using Varve.Catalog;
using Varve.History;
using Varve.History.Revisions;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Maintain;

/// <summary>Repositories of some KB that stand for more than anybody can read: what works on them comes to an end and says so.</summary>
public sealed class EndlessTests : IDisposable
{
    private const int Levels = 60;

    private readonly SmallRepository _small = SmallRepository.Create();
    private readonly Repository _repository;
    private readonly Malice _malice;

    public EndlessTests()
    {
        _repository = _small.Open();
        _malice = new Malice(_repository);
    }

    public void Dispose()
    {
        _repository.Dispose();
        _small.Dispose();
    }

    [Fact]
    public void Two_names_for_one_child_sixty_levels_deep_are_damage_that_a_check_reports_in_no_time()
    {
        _malice.Counts = new SnapshotCounts { Files = 1, Directories = Levels };
        ObjectName snapshot = Doubled();
        CheckResult check = Within.Run(() => _small.Check(true));
        Damage damage = Assert.Single(check.Damages);
        Assert.Contains(snapshot.ToString(), damage.Object, StringComparison.Ordinal);
        Assert.Contains("3458764513820540927 entries", damage.Problem, StringComparison.Ordinal); // 3 * 2^60 - 1
    }

    [Fact]
    public void Restoring_them_stops_a_little_beyond_what_the_snapshot_counts_keeps_what_it_has_and_says_so()
    {
        _malice.Counts = new SnapshotCounts { Files = 1, Directories = Levels };
        ObjectName snapshot = Doubled();
        RestoreResult result = Within.Run(() => Engine.Restore(_repository, _small["target"], snapshot));
        Failure failure = Assert.Single(result.Failures);
        Assert.Contains("left out", failure.Message, StringComparison.Ordinal);
        Assert.InRange(result.Files + result.Directories, 9_000, 10_000 + (2 * Levels));
        Assert.Equal("x"u8.ToArray(), File.ReadAllBytes(Directory.EnumerateFiles(_small["target"], "f", SearchOption.AllDirectories).First()));
    }

    [Fact]
    public void Listing_them_ends_with_an_error_a_little_beyond_the_counts()
    {
        _malice.Counts = new SnapshotCounts { Files = 1, Directories = Levels };
        SnapshotInfo snapshot = _repository.FindSnapshot(Doubled().ToString());
        int listed = 0;
        VarveException e = Assert.Throws<VarveException>(() => Within.Run(
            () => _repository.ListEntries(snapshot, null, recursive: true, _ => listed++, _ => { })));
        Assert.Equal((ErrorKind.Damaged, Advice.LiftLimits), (e.Kind, e.Advice));
        Assert.Equal(Levels + 1 + ((Levels + 1) / 10) + 10_000, listed);
    }

    [Fact]
    public void The_catalog_leaves_them_out_and_takes_what_else_there_is()
    {
        _malice.Counts = new SnapshotCounts { Files = 1, Directories = Levels };
        Doubled();
        _small.Backup();
        Within.Run(() => CatalogMaintenance.Rebuild(_repository, null, CancellationToken.None));
        CatalogFile catalog = CatalogFile.Open(_repository.CatalogPath, _repository.Header.Id);
        using CatalogReader reader = catalog.OpenReader();
        Assert.Single(reader.Snapshots());
        Assert.Single(reader.LeftOut());
        Assert.InRange(new FileInfo(_repository.CatalogPath).Length, 1, 4 << 20);
    }

    [Fact]
    public void One_that_counts_2_to_the_61_of_them_stops_no_first_backup_no_find_and_no_new_catalog()
    {
        _malice.Counts = new SnapshotCounts { Files = 1L << 61, Directories = 1L << 61, Bytes = 1L << 61 };
        ObjectName snapshot = Doubled();
        Assert.False(File.Exists(_repository.CatalogPath)); // as on a machine that has none yet
        Within.Run(() => _small.Backup());
        Assert.Empty(_small.Warnings); // it is of another source, and no backup's affair
        Within.Run(() => CatalogMaintenance.Rebuild(_repository, null, CancellationToken.None));
        Assert.Contains(_small.Warnings, w => w.Subject == Subject.Snapshot(snapshot)
            && w.What.Contains("left out of the catalog", StringComparison.Ordinal) && w.Advice == Advice.LiftLimits);
        AssertLeftOut();
        var found = new List<FoundRevision>();
        Within.Run(() => Finder.Run(
            _repository, "f", ignoreCase: false, new SourceFilter(), new RevisionConditions(), found.Add, CancellationToken.None));
        Assert.Empty(found);

        void AssertLeftOut()
        {
            CatalogFile catalog = CatalogFile.Open(_repository.CatalogPath, _repository.Header.Id);
            using CatalogReader reader = catalog.OpenReader();
            Assert.Single(reader.Snapshots());
            Assert.Equal([snapshot], reader.LeftOut());
        }
    }

    [Fact]
    public void Listing_all_of_one_that_counts_more_than_wants_to_be_asked_for_is_refused_at_once()
    {
        _malice.Counts = new SnapshotCounts { Files = 1L << 61 };
        SnapshotInfo snapshot = _repository.FindSnapshot(Doubled().ToString());
        VarveException e = Assert.Throws<VarveException>(() => Within.Run(
            () => _repository.ListEntries(snapshot, null, recursive: true, _ => Assert.Fail("listed"), _ => { })));
        Assert.Equal((ErrorKind.Usage, Advice.LiftLimits), (e.Kind, e.Advice));
        var listed = new List<ListedEntry>();
        _repository.ListEntries(snapshot, null, recursive: false, listed.Add, _ => { });
        Assert.Equal(2, listed.Count);
    }

    [Fact]
    public void Sparse_files_of_more_than_2_to_the_62_bytes_are_listed_and_stand_in_the_catalog()
    {
        _malice.Counts = new SnapshotCounts { Files = 2, Directories = 1, Bytes = long.MaxValue };
        byte[] File(string name) => Malice.Entry(EntryKind.File, name, 1UL << 62, (1, Hole(1UL << 62)));
        ObjectName snapshot = _malice.Snapshot(File("a"), File("b"));
        int listed = 0;
        _repository.ListEntries(_repository.FindSnapshot(snapshot.ToString()), null, recursive: true, _ => listed++, _ => { });
        Assert.Equal(2, listed);
        CatalogMaintenance.Rebuild(_repository, null, CancellationToken.None);
        using CatalogReader reader = CatalogFile.Open(_repository.CatalogPath, _repository.Header.Id).OpenReader();
        Assert.Empty(reader.LeftOut());
        Assert.Single(reader.Snapshots());
    }

    [Fact]
    public void An_import_that_would_go_on_for_hours_ends_when_it_is_cancelled_and_leaves_nothing()
    {
        _malice.Counts = new SnapshotCounts { Files = 900_000_000 };
        Doubled();
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        Assert.ThrowsAny<OperationCanceledException>(() => Within.Run(TimeSpan.FromMinutes(3),
            () => CatalogMaintenance.Rebuild(_repository, null, cancel.Token)));
        CatalogFile catalog = CatalogFile.Open(_repository.CatalogPath, _repository.Header.Id);
        using CatalogReader reader = catalog.OpenReader();
        Assert.Empty(reader.Snapshots());
        Assert.Equal(0, reader.Totals().Directories);
    }

    [Fact]
    public void A_restore_and_a_listing_that_would_go_on_for_hours_end_when_they_are_cancelled()
    {
        _malice.Counts = new SnapshotCounts { Files = 900_000_000 };
        SnapshotInfo snapshot = _repository.FindSnapshot(Doubled().ToString());
        using var cancel = new CancellationTokenSource();
        int listed = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => _repository.ListEntries(snapshot, null, true, _ =>
        {
            if (++listed == 100) { cancel.Cancel(); }
        }, _ => { }, cancellationToken: cancel.Token));
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var options = new RestoreOptions { Snapshot = snapshot, Target = Encoding.UTF8.GetBytes(_small["target"]), Excludes = ["*z*"] };
        Assert.ThrowsAny<OperationCanceledException>(() => Within.Run(TimeSpan.FromMinutes(3),
            () => RestoreRunner.Run(_repository, options, new RestoreMonitor(), soon.Token)));
    }

    [Fact]
    public void Counts_that_are_a_tenth_too_small_cost_nothing_but_a_word_of_the_check()
    {
        _malice.Counts = new SnapshotCounts { Files = 1 };
        byte[][] files = [.. Enumerable.Range(0, 3_000).Select(static i => Malice.Entry(EntryKind.File, $"{i:0000}", 0))];
        ObjectName snapshot = _malice.Snapshot(files);
        RestoreResult result = Engine.Restore(_repository, _small["target"], snapshot);
        Assert.Equal((3_000L, 0L), (result.Files, result.FailureCount));
        Assert.Contains("3001 entries", Assert.Single(_small.Check(false).Damages).Problem, StringComparison.Ordinal);
        int listed = 0;
        _repository.ListEntries(_repository.FindSnapshot(snapshot.ToString()), null, true, _ => listed++, _ => { });
        Assert.Equal(3_000, listed);
    }

    [Fact]
    public void More_than_2_to_the_62_bytes_are_restored_to_whoever_asks_for_them()
    {
        _malice.Counts = new SnapshotCounts { Files = 2, Directories = 1, Bytes = long.MaxValue };
        byte[] File(string name) => Malice.Entry(EntryKind.File, name, 1UL << 62, (1, Hole(1UL << 62)));
        ObjectName snapshot = _malice.Snapshot(File("a"), File("b"));
        Assert.Equal(0, _small.Check(false).DamageCount);
        VarveException e = Assert.Throws<VarveException>(() => Engine.Restore(_repository, _small["target"], snapshot));
        Assert.Equal((ErrorKind.Usage, Advice.LiftLimits), (e.Kind, e.Advice));
        Assert.False(Directory.Exists(_small["target"]));
        RestoreResult part = Engine.Restore(_repository, _small["part"], snapshot, static o => o with { Includes = ["*"] });
        Assert.Equal((1L, 1L), (part.Files, part.FailureCount));
        RestoreResult all = Engine.Restore(_repository, _small["target"], snapshot, static o => o with { NoLimits = true });
        Assert.Equal((2L, 0L), (all.Files, all.FailureCount));
        Assert.Equal(1L << 62, new FileInfo(Path.Combine(_small["target"], "b")).Length);
    }

    [Fact]
    public void A_list_of_holes_without_number_is_checked_restored_and_read_as_one_hole()
    {
        (ChunkId list, long size) = (_malice.Put([3, 1, 0x80, 0x20, .. Enumerable.Repeat((byte)1, 2 * 4096)]), 4096);
        for (int i = 0; i < 4; i++) { (list, size) = (_malice.Put(Node(list, size, 4096)), size * 4096); }
        ObjectName snapshot = _malice.Snapshot(Malice.Entry(EntryKind.File, "f", (ulong)size, (2, Malice.Id(list))));
        Within.Run(() =>
        {
            Assert.Equal(0, _small.Check(true).DamageCount);
            Assert.Equal(0, Engine.Restore(_repository, _small["target"], snapshot).FailureCount);
        });
        Assert.Equal(1L << 60, new FileInfo(Path.Combine(_small["target"], "f")).Length);
        using var cancel = new CancellationTokenSource();
        using var output = new CancellingStream(cancel);
        Assert.ThrowsAny<OperationCanceledException>(() => Within.Run(
            () => _repository.ReadFile(_repository.FindSnapshot(snapshot.ToString()), "f"u8.ToArray(), output, cancel.Token)));
    }

    [Fact]
    public void A_list_of_data_without_number_is_checked_once_and_each_file_that_has_it_is_named()
    {
        var missing = new ChunkId(Some.Name(9).Value);
        (ChunkId list, long size) = (_malice.Put([3, 1, 1, 0, .. Malice.Id(missing), 0, 1]), 1);
        for (int i = 0; i < 7; i++) { (list, size) = (_malice.Put(Node(list, size, 64)), size * 64); }
        _malice.Snapshot(Malice.Entry(EntryKind.File, "a", (ulong)size, (2, Malice.Id(list))),
            Malice.Entry(EntryKind.File, "b", (ulong)size, (2, Malice.Id(list))), Malice.Entry(EntryKind.File, "c", 5, (2, Malice.Id(list))));
        CheckResult check = Within.Run(() => _small.Check(true));
        Damage chunk = Assert.Single(check.Damages, d => d.Object.Contains(missing.ToString(), StringComparison.Ordinal));
        foreach (string name in (string[])["/a", "/b", "/c"]) { Assert.Contains(name, chunk.Affects, StringComparison.Ordinal); }
        Assert.Equal(2, check.DamageCount); // and c is not as long as it says
    }

    [Fact]
    public void A_thousand_levels_of_torn_files_are_restored_and_counted_and_their_paths_take_megabytes()
    {
        const int levels = 1_000;
        ChunkId tree = _malice.Leaf(Malice.Torn("t"));
        for (int i = 1; i < levels; i++) { tree = _malice.Leaf(Malice.Directory(new string('n', 200), tree), Malice.Torn("t")); }
        ObjectName snapshot = _malice.SnapshotOf(_malice.Leaf(Malice.Directory("root", tree)));
        RestoreResult result = Within.Run(() => Engine.Restore(_repository, _small["target"], snapshot));
        Assert.Equal(((long)levels, 0L, (long)levels), (result.Files, result.FailureCount, result.TornCount));
        // All of them would take 100 MB, and as many at 5,000 levels 2.4 GB.
        Assert.InRange(result.Torn.Sum(static p => (long)p.Length), 1, BoundedList<byte[]>.MostBytes);
    }

    /// <summary>A file, below so many levels of two names for one directory.</summary>
    private ObjectName Doubled()
    {
        ChunkId tree = _malice.Leaf(_malice.Content("f", "x"u8.ToArray()));
        for (int i = 0; i < Levels; i++) { tree = _malice.Leaf(Malice.Directory("a", tree), Malice.Directory("b", tree)); }
        return _malice.SnapshotOf(_malice.Leaf(Malice.Directory("root", tree)));
    }

    private static byte[] Hole(ulong length)
    {
        var writer = new ByteWriter();
        writer.VarInt(1);
        writer.VarInt(length);
        return writer.ToArray();
    }

    private static byte[] Node(ChunkId child, long length, int count)
    {
        var writer = new ByteWriter();
        writer.Raw([4, 1]);
        writer.VarInt((ulong)count);
        for (int i = 0; i < count; i++)
        {
            writer.Id32(child.Value);
            writer.VarInt((ulong)length);
        }

        return writer.ToArray();
    }

    /// <summary>Cancels at the first byte, and takes all.</summary>
    private sealed class CancellingStream(CancellationTokenSource cancel) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => cancel.Cancel();
    }
}
