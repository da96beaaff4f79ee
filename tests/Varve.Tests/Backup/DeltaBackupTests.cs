using Varve.Backup;
using Varve.Backup.Deltas;
using Varve.Format;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Delta;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Runs;

namespace Varve.Tests.Backup;

/// <summary>Large files that change: what is stored again, and that nothing wrong ever is.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class DeltaBackupTests
{
    private const int Mega = 1 << 20;

    // Trees, extent lists and the like of one small run.
    private const long Meta = 20_000;

    [Fact]
    public void Pages_changed_in_place_are_all_that_is_added()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(1, 20 * Mega));
        BackupResult first = rig.Backup();
        Assert.Equal(0, first.DeltaBytes);
        for (int i = 0; i < 5; i++)
        {
            int changed = rig.ChangePages(i, 20);
            BackupResult result = rig.Backup();
            Assert.Equal((1, 20 * Mega - changed), (result.DeltaFiles, result.DeltaBytes));
            Assert.InRange(result.Snapshot.Counts.BytesAdded, changed, changed + Meta);
            Assert.Equal(20 * Mega, result.Snapshot.Counts.BytesRead);
        }

        rig.RequireAll("pages");
    }

    [Fact]
    public void Bytes_inserted_at_any_offset_are_all_that_is_added()
    {
        byte[] content = DeltaRig.Bytes(2, 20 * Mega);
        using var rig = new DeltaRig(content);
        rig.Backup();
        for (int i = 0; i < 3; i++)
        {
            content = Edit.Apply(content, Enumerable.Range(0, 10).Select(n => new Edit(1, 977 + (n * 6_007) + i, 1 + (n * 11))));
            rig.Write(content);
            Assert.InRange(rig.Backup().Snapshot.Counts.BytesAdded, 500, 510 + Meta);
        }

        rig.RequireAll("insertions");
    }

    [Fact]
    public void Whatever_happens_to_a_file_each_revision_is_exact()
    {
        byte[] content = DeltaRig.Bytes(3, 6 * Mega);
        using var rig = new DeltaRig(content);
        rig.Backup();
        var random = new Random(3);
        for (int i = 0; i < 14; i++)
        {
            Edit[] edits = [.. Enumerable.Range(0, random.Next(1, 8))
                .Select(_ =>
                new Edit(random.Next(7), random.Next(65_536), random.Next(5) == 0 ? random.Next(1_000_000) : random.Next(5_000)))];
            content = i switch
            {
                5 => content[..3_000_000], // below what has deltas
                6 => [.. content, .. content, .. content],
                9 => [],
                10 => DeltaRig.Bytes(i, 7 * Mega),
                _ => Edit.Apply(content, edits),
            };
            rig.Write(content);
            rig.Backup();
        }

        rig.RequireAll("edits");
    }

    [Fact]
    public void Holes_stay_holes_and_come_and_go()
    {
        using var rig = new DeltaRig([]);
        byte[] data = DeltaRig.Bytes(4, 6 * Mega);
        void Put(params (long At, int From, int Length)[] parts)
        {
            File.Delete(rig.File);
            using FileStream file = File.Create(rig.File);
            file.SetLength(100L * Mega);
            foreach ((long at, int from, int length) in parts)
            {
                file.Position = at;
                file.Write(data, from, length);
            }
        }

        Put((0, 0, 3 * Mega), (50L * Mega, 3 * Mega, 3 * Mega));
        rig.Backup();
        Put((0, 0, 3 * Mega), (20L * Mega, 100, 4096), (50L * Mega, 3 * Mega, 3 * Mega));
        Assert.InRange(rig.Backup().Snapshot.Counts.BytesAdded, 0, 4096 + Meta);
        Put((4 * Mega, 0, 3 * Mega), (50L * Mega, 3 * Mega, 3 * Mega), (99L * Mega, 0, Mega));
        BackupResult moved = rig.Backup();
        Assert.InRange(moved.Snapshot.Counts.BytesAdded, 0, Meta);
        Assert.True(moved.Snapshot.Counts.BytesRead < 8 * Mega);
        Put();
        rig.Backup();
        rig.RequireAll("holes");
    }

    [Fact]
    public void A_file_below_the_threshold_gets_its_signature_when_it_is_seen_to_change()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(5, 8 * Mega));
        static BackupOptions Default(BackupOptions o) => o with { DeltaFrom = BackupOptions.DefaultDeltaFrom };
        rig.Backup(Default);
        Assert.Empty(rig.SignatureBytes());
        rig.ChangePages(1, 1);
        Assert.Equal(0, rig.Backup(Default).DeltaBytes);
        Assert.Single(rig.SignatureBytes());
        int changed = rig.ChangePages(2, 3);
        Assert.InRange(rig.Backup(Default).Snapshot.Counts.BytesAdded, changed, changed + Meta);
        rig.RequireAll("a threshold");
    }

    [Fact]
    public void A_machine_with_a_write_key_stores_deltas_too()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(6, 8 * Mega));
        var write = new Credentials { KeyFilePath = rig.Rig["write"] };
        using (Repository repository = rig.Rig.Open()) { repository.AddKey(KeyLevel.Write, write, "write"); }
        rig.Backup(key: write);
        int changed = rig.ChangePages(1, 10);
        Assert.InRange(rig.Backup(key: write).Snapshot.Counts.BytesAdded, changed, changed + Meta);
        rig.RequireAll("a write key");
    }

    [Fact]
    public void Of_a_file_that_did_not_hold_still_nothing_is_kept()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(7, 8 * Mega));
        rig.Backup();
        IReadOnlyList<byte[]> before = rig.SignatureBytes();
        rig.Write(DeltaRig.Bytes(8, 8 * Mega));
        int changes = 0;
        BackupResult torn;
        using (var writer = new MappedWriter(rig.File)) // who has it open makes a suspect of it
        {
            Gate.Visit(point =>
            {
                if (point == Gate.Copied) { writer.Store(++changes); }
            });
            torn = rig.Backup();
            Gate.Visit(null);
        }

        Assert.InRange(changes, 2, 100);
        Assert.True(torn.FailureCount > 0);
        Assert.Equal(before, rig.SignatureBytes());
        rig.Backup();
        Assert.NotEqual(before, rig.SignatureBytes());
        rig.RequireAll("a restless file");
    }

    [Fact]
    public void Chunks_of_condemned_packs_are_not_referred_to()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(9, 12 * Mega));
        rig.Backup();
        IReadOnlyList<ObjectName> old;
        using (Repository repository = rig.Rig.Open())
        {
            old = [.. repository.Indexes.Packs().Select(p => p.Name)];
            Condemn.Put(repository, old);
        }

        rig.ChangePages(1, 5);
        BackupResult result = rig.Backup();
        Assert.Equal(0, result.DeltaBytes);
        foreach (ObjectName pack in old) { rig.Rig.Store.Delete(ObjectKeys.Pack(pack)); }
        rig.Rig.RequireRestores(result.Name, rig.Rig.Source, "without the condemned packs");
    }

    [Fact]
    public void What_a_run_that_failed_never_stored_is_not_referred_to()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(10, 8 * Mega));
        rig.Backup();
        rig.ChangePages(1, 50);
        var store = new HookStore(rig.Rig.Store)
        {
            Before = o =>
            {
                if (o.StartsWith("put packs/", StringComparison.Ordinal))
                {
                    throw new VarveException(ErrorKind.Storage, Subject.None, "the disk is full");
                }
            },
        };
        IReadOnlyList<byte[]> before = rig.SignatureBytes();
        Rig.Throws(ErrorKind.Storage, () => rig.Backup(store: store));
        Assert.NotEqual(before, rig.SignatureBytes()); // it says more than the repository holds
        rig.Backup();
        rig.RequireAll("a failed run");
    }

    [Fact]
    public void A_damaged_signature_costs_room_and_nothing_else()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(11, 8 * Mega));
        rig.Backup();
        var random = new Random(11);
        for (int i = 0; i < 8; i++)
        {
            string file = Directory.EnumerateFiles(rig.Signatures).Single();
            byte[] bytes = File.ReadAllBytes(file);
            if (i % 2 == 0) { bytes[random.Next(bytes.Length)] ^= 0x10; } else { bytes = bytes[..random.Next(bytes.Length)]; }
            File.WriteAllBytes(file, bytes);
            rig.ChangePages(i, 3);
            rig.Backup();
        }

        rig.RequireAll("damaged signatures");
    }

    [Fact]
    public void A_file_never_falls_into_too_many_pieces_nor_keeps_chunks_alive_for_little()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(12, 6 * Mega));
        rig.Backup();
        bool anew = false;
        for (int i = 0; i < 25; i++)
        {
            rig.ChangePages(i, 100);
            BackupResult result = rig.Backup();
            List<(Extent Extent, uint ChunkLength)> extents = rig.Extents();
            Assert.InRange(extents.Count, 1, DeltaRegion.FreeExtents + (6 * DeltaRegion.ExtentsPerMiB));
            long held = extents.DistinctBy(e => e.Extent.Chunk).Sum(e => e.ChunkLength);
            Assert.InRange(held, 6 * Mega, (12 + 4) * Mega);
            anew |= result.DeltaBytes == 0;
        }

        Assert.True(anew);
        rig.RequireAll("pieces");
    }

    [Fact]
    public void With_force_lost_chunks_are_stored_again_under_their_names()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(13, 8 * Mega));
        rig.Backup();
        foreach (string pack in rig.Rig.Store.List(ObjectKeys.Packs).Select(o => o.Key).ToList()) { rig.Rig.Store.Delete(pack); }
        BackupResult forced = rig.Backup(o => o with { Force = true });
        Assert.Equal(0, forced.DeltaBytes);
        foreach (var snapshot in rig.Rig.Snapshots()) { rig.Rig.RequireRestores(snapshot.Name, rig.Rig.Source, "after a forced backup"); }
    }

    [Fact]
    public void Without_deltas_no_signature_is_made()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(14, 8 * Mega));
        rig.Backup(o => o with { Delta = false });
        rig.ChangePages(1, 1);
        Assert.Equal(0, rig.Backup(o => o with { Delta = false }).DeltaBytes);
        Assert.False(Directory.Exists(rig.Signatures));
    }

    [Fact]
    public void Where_the_limit_has_no_room_for_a_signature_files_are_stored_as_ever()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(15, 8 * Mega));
        for (int i = 0; i < 3; i++)
        {
            rig.Backup(o => o with { DeltaLimit = 10_000 });
            Assert.Empty(rig.SignatureBytes());
            rig.ChangePages(i, 1);
        }

        rig.RequireAll("no room");
    }
}
