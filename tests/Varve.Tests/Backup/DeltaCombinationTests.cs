using System.Text;
using Varve.App.Output.Pages;
using Varve.Backup;
using Varve.Backup.Sources;
using Varve.Freeze;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Backup;

/// <summary>
/// Deltas of files that a budget ends in, that do not hold still, and that are seen at another place: each revision is exact, and the
/// signature is of one that was stored.
/// </summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class DeltaCombinationTests
{
    private const int Mega = 1 << 20;

    // Trees, extent lists and the like of one small run.
    private const long Meta = 30_000;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_file_whose_delta_goes_past_the_budget_is_left_and_stored_over_the_next_runs(bool newestFirst, bool changesMeanwhile)
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(1, 20 * Mega));
        rig.Backup();
        IReadOnlyList<byte[]> before = rig.SignatureBytes();
        long changed = rig.ChangePages(1, 300), added = 0;
        int runs = 0;
        for (bool partial = true; partial; runs++)
        {
            Assert.InRange(runs, 0, 4);
            BackupResult result = rig.Backup(o => o with { Budget = 800_000, NewestFirst = newestFirst });
            partial = result.Snapshot.IsPartial;
            added += result.Snapshot.Counts.BytesAdded;
            string target = rig.Rig.Restore(result.Name, out _);
            Assert.Equal((partial ? 1L : 0, !partial), (result.Snapshot.Counts.PendingFiles, File.Exists(Path.Combine(target, "file"))));
            Assert.Equal((partial ? 0 : 1, partial),
                (result.DeltaFiles, before.Single().AsSpan().SequenceEqual(rig.SignatureBytes().Single())));
            if (partial && changesMeanwhile && runs == 0) { changed += rig.ChangePages(2, 20); }
        }

        Assert.InRange(runs, 2, 4);
        // Chunks that the first of them stored may have been gathered from other pages than those of the last.
        Assert.InRange(added, changed - (20 * DeltaRig.Page), (changesMeanwhile ? 2 : 1) * changed + (runs * Meta));
        AddsNoMoreThan(rig, rig.ChangePages(3, 10));
        rig.RequireAll("a budget");
    }

    [Fact]
    public void A_file_that_may_change_unseen_is_stored_by_deltas_from_its_copy_and_so_are_its_next_states()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(2, 20 * Mega));
        rig.Backup();
        using (var writer = new MappedWriter(rig.File))
        {
            for (int i = 1; i <= 3; i++)
            {
                writer.Store(i);
                BackupResult result = rig.Backup();
                Assert.Equal((1, 1, (20L * Mega) - DeltaRig.Page), (result.Unstable, result.DeltaFiles, result.DeltaBytes));
                Assert.InRange(result.Snapshot.Counts.BytesAdded, DeltaRig.Page, DeltaRig.Page + Meta);
            }
        }

        Assert.Equal(0, AddsNoMoreThan(rig, rig.ChangePages(1, 10)).Unstable);
        rig.RequireAll("a mapped file");
    }

    [Fact]
    public void A_file_that_is_read_again_and_is_what_it_was_is_no_delta()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(8, 20 * Mega));
        rig.Backup();
        rig.ChangePages(1, 10);
        using (new MappedWriter(rig.File))
        {
            Assert.Equal(1, rig.Backup().DeltaFiles);
            BackupResult again = rig.Backup();
            Assert.Equal((20L * Mega, 1L, 0L, 0L),
                (again.Snapshot.Counts.BytesRead, again.Snapshot.Counts.Unchanged, again.DeltaFiles, again.DeltaBytes));
        }

        File.SetLastWriteTimeUtc(rig.File, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        BackupResult touched = rig.Backup();
        Assert.Equal((1L, 0L, 0L), (touched.Snapshot.Counts.MetadataOnly, touched.DeltaFiles, touched.DeltaBytes));
        rig.RequireAll("the same again");
    }

    [Fact]
    public void Without_room_for_a_copy_the_delta_is_made_twice_and_counted_once()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(3, 20 * Mega));
        rig.Backup();
        long changed = DeltaRig.Page + rig.ChangePages(1, 10);
        using (var writer = new MappedWriter(rig.File))
        {
            writer.Store(1);
            BackupResult result = rig.Backup(static o => o with { SpoolLimit = Mega });
            Assert.Equal((1, 1), (result.Unstable, result.DeltaFiles));
            Assert.InRange(result.DeltaBytes, (20 * Mega) - changed, 20 * Mega);
            Assert.InRange(result.Snapshot.Counts.BytesAdded, 10 * DeltaRig.Page, changed + Meta);
        }

        AddsNoMoreThan(rig, rig.ChangePages(2, 10));
        rig.RequireAll("two reads");
    }

    [Fact]
    public void A_file_that_is_written_to_after_the_walk_saw_it_is_stored_as_it_stood_later_and_that_is_the_next_base()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(4, 20 * Mega));
        rig.Backup();
        long changed = rig.ChangePages(1, 10);
        // So long ago that the first read is of the file itself, and is discarded when its stat is no longer that of the walk.
        FileClock.Settle();
        var time = new WorkerTime(() => changed += rig.ChangePagesByAnother(2, 10));
        rig.Rig.Time = time;
        BackupResult result = rig.Backup();
        rig.Rig.Time = TimeProvider.System;
        Assert.True(time.Asked > 0);
        Assert.Equal((0L, 1L, 0L), (result.Unstable, result.DeltaFiles, result.Torn));
        Assert.InRange(result.Snapshot.Counts.BytesAdded, changed - (2 * DeltaRig.Page), changed + Meta);
        AddsNoMoreThan(rig, rig.ChangePages(3, 10));
        rig.RequireAll("a write after the walk");
    }

    [Theory]
    [InlineData((5 * Mega) + 77, (5 * Mega) + 77)]
    [InlineData(Mega + 1, Mega + 1)]
    [InlineData(100, 20 * Mega)] // without a signature of its own: the one of before stays
    [InlineData(0, 20 * Mega)]
    [InlineData((23 * Mega) + 5, (23 * Mega) + 5)]
    public void A_file_that_gets_shorter_or_longer_after_the_walk_saw_it_is_stored_as_it_stood_later(int length, int known)
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(9, 20 * Mega));
        rig.Backup();
        rig.ChangePages(1, 10);
        FileClock.Settle();
        byte[] all = [.. File.ReadAllBytes(rig.File), .. DeltaRig.Bytes(10, 4 * Mega)];
        var time = new WorkerTime(() => rig.WriteByAnother(all[..length]));
        rig.Rig.Time = time;
        BackupResult result = rig.Backup();
        rig.Rig.Time = TimeProvider.System;
        Assert.True(time.Asked > 0);
        Assert.Equal((0, 0L, length == known ? 1L : 0), (result.Unstable, result.Torn, result.DeltaFiles));
        Assert.Equal(length, result.Snapshot.Counts.Bytes);
        rig.Write(all);
        Assert.InRange(AddsNoMoreThan(rig, all.Length - known + (10 * DeltaRig.Page)).DeltaBytes, known - (10 * DeltaRig.Page), known);
        AddsNoMoreThan(rig, 2 * rig.ChangePages(3, 10)); // what was added behind an odd length is not on the grid of pages
        rig.RequireAll("another length");
    }

    [Fact]
    public void A_listed_file_whose_delta_goes_past_the_budget_is_stored_from_a_later_copy()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(11, 20 * Mega));
        rig.Backup();
        rig.ChangePages(1, 100);
        using (var writer = new MappedWriter(rig.File))
        {
            writer.Store(1);
            rig.Backup();
            byte[] before = rig.SignatureBytes().Single();
            for (int i = 0; i < 5; i++) { writer.Store(i + 2, page: 1000 * i); }
            BackupResult partial = rig.Backup(static o => o with { Budget = 10_000 });
            Assert.Equal((true, 1L, 0L, 1),
                (partial.Snapshot.IsPartial, partial.Snapshot.Counts.PendingFiles, partial.DeltaFiles, partial.Unstable));
            Assert.Equal(before, rig.SignatureBytes().Single());
            writer.Store(9, page: 4999);
            BackupResult whole = AddsNoMoreThan(rig, 6 * DeltaRig.Page, static o => o with { Budget = Mega });
            Assert.Equal((false, 1), (whole.Snapshot.IsPartial, whole.Unstable));
        }

        AddsNoMoreThan(rig, rig.ChangePages(2, 10));
        rig.RequireAll("a listed file and a budget");
    }

    [Fact]
    public void After_a_torn_state_the_next_one_is_a_delta_of_the_last_exact_one()
    {
        const int restless = 50;
        int stores = 0;
        using var rig = new DeltaRig(DeltaRig.Bytes(5, 20 * Mega));
        rig.Backup();
        IReadOnlyList<byte[]> before = rig.SignatureBytes();
        int changed = rig.ChangePages(7, 1) + (restless * DeltaRig.Page); // a page by a write, which shows in the file's stat
        using (var writer = new MappedWriter(rig.File))
        {
            Gate.Visit(point =>
            {
                if (point == Gate.Copied) { writer.Store(++stores, page: stores % restless); }
            });
            BackupResult torn = rig.Backup();
            Gate.Visit(null);
            Assert.InRange(stores, 2, restless);
            Assert.Equal((1L, 1L), (torn.Torn, torn.FailureCount));
            Assert.Equal(before, rig.SignatureBytes());
        }

        BackupResult result = AddsNoMoreThan(rig, changed);
        Assert.InRange(result.DeltaBytes, (20 * Mega) - changed, 20 * Mega);
        AddsNoMoreThan(rig, rig.ChangePages(1, 10));
        rig.RequireAll("a torn state");
    }

    [Fact]
    public void States_seen_at_another_place_and_at_the_file_s_own_are_deltas_of_each_other()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(6, 20 * Mega));
        string elsewhere = rig.Rig["elsewhere"], other = Directory.CreateDirectory(rig.Rig["other"]).FullName;
        byte[] canonical = Encoding.UTF8.GetBytes(rig.Rig.Source);
        File.WriteAllText(Path.Combine(other, "another"), "of another root");
        rig.Backup();
        for (int i = 0; i < 3; i++)
        {
            int changed = rig.ChangePages(3 * i, 10);
            Programs.Run("cp", "-a", rig.Rig.Source, elsewhere);
            AddsNoMoreThan(rig, changed, o => o with { RootPath = Encoding.UTF8.GetBytes(elsewhere), CanonicalRoot = canonical });
            Directory.Delete(elsewhere, recursive: true);
            AddsNoMoreThan(rig, rig.ChangePages((3 * i) + 1, 10));
            AddsNoMoreThan(rig, rig.ChangePages((3 * i) + 2, 10),
                o => o with
                {
                    RootPath = Encoding.UTF8.GetBytes(other),
                    CanonicalRoot = canonical,
                    FurtherRoots = [new RootMapping(canonical, canonical)]
                });
        }

        Assert.Single(rig.SignatureBytes());
        rig.RequireAll("other places");
    }

    [Fact]
    [Trait("Needs", "root")]
    public void States_of_file_system_snapshots_and_of_the_live_tree_are_deltas_of_each_other()
    {
        using var disk = new LoopDisk("btrfs", 400);
        Programs.Run("btrfs", "subvolume", "create", Path.Combine(disk.Root, "@home"));
        using var rig = new DeltaRig([]);
        disk.Mount(rig.Rig.Source, "subvol=@home");
        try
        {
            rig.Write(DeltaRig.Bytes(7, 20 * Mega));
            rig.Backup(Frozen);
            for (int i = 0; i < 2; i++)
            {
                AddsNoMoreThan(rig, rig.ChangePages(2 * i, 10));
                Assert.Empty(AddsNoMoreThan(rig, rig.ChangePages((2 * i) + 1, 10), Frozen).Notes);
            }

            rig.RequireAll("file system snapshots");
        }
        finally { Programs.Run("umount", rig.Rig.Source); }

        static BackupOptions Frozen(BackupOptions o) => o with { FileSystemSnapshot = FreezeMethod.Btrfs };
    }

    /// <summary>The next backup finds all but so many bytes in what it has.</summary>
    private static BackupResult AddsNoMoreThan(DeltaRig rig, long changed, Func<BackupOptions, BackupOptions>? with = null)
    {
        BackupResult result = rig.Backup(with);
        Assert.Equal((1, 0L), (result.DeltaFiles, result.FailureCount));
        Assert.InRange(result.Snapshot.Counts.BytesAdded, 0, changed + Meta);
        return result;
    }
}
