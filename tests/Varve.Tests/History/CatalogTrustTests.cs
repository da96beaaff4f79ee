using Varve.Backup;
using Varve.Catalog.Sql;
using Varve.Format;
using Varve.History;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tests.Maintain;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.History;

/// <summary>The catalog is a cache: whatever becomes of it, the next backup is exact, and the state is told.</summary>
[Trait("Takes", "minutes")]
public sealed class CatalogTrustTests
{
    [Fact]
    public void A_missing_catalog_is_rebuilt()
    {
        using SmallRepository repository = Start(out string catalog);
        Delete(catalog);
        Assert.Equal("missing", Status(repository).State);
        BackupResult result = Continue(repository);
        Assert.True(result.Snapshot.Counts.Unchanged > 10, "rebuilt, so nothing is read again");
    }

    [Theory]
    [InlineData("stale")]
    [InlineData("stale, with the newer log")]
    public void A_stale_catalog_catches_up(string how)
    {
        using SmallRepository repository = Start(out string catalog);
        Checkpoint(catalog);
        byte[] old = File.ReadAllBytes(catalog);
        for (int step = 10; step < 13; step++)
        {
            MixedTree.Change(repository.Source, step);
            repository.Backup();
        }

        string log = catalog + "-wal";
        byte[]? newer = File.Exists(log) ? File.ReadAllBytes(log) : null;
        Delete(catalog);
        File.WriteAllBytes(catalog, old);
        if (how != "stale" && newer is not null) { File.WriteAllBytes(log, newer); }
        CatalogStatus status = Status(repository);
        Assert.Contains(status.State, (string[])["stale", "damaged"]);
        Assert.Equal(5, status.SnapshotsStored);
        BackupResult result = Continue(repository);
        Assert.True(result.Snapshot.Counts.Unchanged > 10);
    }

    public static TheoryData<string> Ways =>
        ["cut in half", "cut to 100 bytes", "empty", "garbage", "a text", "zeroed pages", "another repository's", "a newer version's",
        "an older version's", "rows deleted", "a directory"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_catalog_that_is_not_what_it_should_be_is_set_aside_and_rebuilt(string how)
    {
        using SmallRepository repository = Start(out string catalog);
        Checkpoint(catalog);
        byte[] bytes = File.ReadAllBytes(catalog);
        if (how is "a newer version's" or "an older version's" or "rows deleted")
        {
            using SqliteConnection connection = SqliteConnection.Open(catalog, 2, 1000);
            connection.Run(how switch
            {
                "a newer version's" => $"PRAGMA user_version={CatalogSchema.Version + 1}",
                "an older version's" => $"PRAGMA user_version={CatalogSchema.Version - 1}",
                _ => "DELETE FROM revision WHERE kind=1"
            });
        }
        else
        {
            Delete(catalog);
            if (how == "a directory") { Directory.CreateDirectory(catalog); }
            else
            {
                File.WriteAllBytes(catalog, how switch
                {
                    "cut in half" => bytes[..(bytes.Length / 2)],
                    "cut to 100 bytes" => bytes[..100],
                    "empty" => [],
                    "garbage" => MixedTree.Bytes(1, bytes.Length),
                    "a text" => "This is not a database.\n"u8.ToArray(),
                    "another repository's" => ForeignCatalog(),
                    _ => Zeroed(bytes),
                });
            }
        }

        if (how == "a directory")
        {
            Assert.Equal(ErrorKind.Storage, Assert.Throws<VarveException>(() => repository.Backup()).Kind);
            return;
        }

        Assert.Equal(how == "empty" ? "missing" : "damaged", Status(repository).State);
        Continue(repository);
        string[] kept = Directory.GetFiles(Path.GetDirectoryName(catalog)!, "*.damaged-1");
        Assert.Equal(how == "empty" ? 0 : 1, kept.Length);
        if (how != "empty") { Assert.Contains(repository.Warnings, w => w.ToString().Contains(kept[0], StringComparison.Ordinal)); }
    }

    [Fact]
    public void What_a_catalog_knows_and_the_repository_has_not_is_taken_out_of_it_and_nothing_is_rebuilt()
    {
        using SmallRepository repository = Start(out string catalog);
        File.Delete(Damaged.File(repository, Damaged.SnapshotKey(repository, repository.Snapshots[1])));
        repository.Snapshots.RemoveAt(1);
        CatalogStatus status = Status(repository);
        Assert.Equal(("stale", 2L, 1L), (status.State, status.SnapshotsKnown, status.SnapshotsStored));
        Continue(repository);
        // Nobody forgot it, and it was this machine's newest: that is all that is said.
        Assert.All(repository.Warnings, static w => Assert.Equal(Advice.AcknowledgeMissing, w.Advice));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(catalog)!, "*.damaged-*"));
    }

    [Fact]
    public void All_snapshots_and_packs_vanished_and_the_next_backup_is_whole()
    {
        using SmallRepository repository = Start(out _);
        foreach (string folder in (string[])["snapshots", "packs", "index"])
        {
            Programs.Run("rm", "-rf", Path.Combine(repository.Store, folder));
        }
        repository.Snapshots.Clear();
        MixedTree.Change(repository.Source, 5);
        repository.Backup();
        repository.RestoreExactly(repository.Snapshots[0]);
        // That this machine's newest vanished is said until somebody acknowledges it.
        Assert.All(repository.Check(true).Damages, static d => Assert.Equal(Advice.AcknowledgeMissing, d.Advice));
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 100)]
    public void Flipped_bytes_in_the_catalog_never_reach_a_snapshot(int seed, int rounds)
    {
        var random = new Random(seed);
        using SmallRepository repository = Start(out string catalog);
        int rebuilt = 0;
        for (int round = 0; round < rounds; round++)
        {
            Checkpoint(catalog);
            byte[] bytes = File.ReadAllBytes(catalog);
            for (int i = random.Next(1, 12); i > 0; i--)
            {
                // Random places, and the pages' headers: few bytes, much harm.
                int at = random.Next(3) == 0 ? random.Next(bytes.Length / 4096) * 4096 + random.Next(round % 2 == 0 ? 16 : 100)
                    : random.Next(bytes.Length);
                bytes[at] ^= (byte)random.Next(1, 256);
            }

            Delete(catalog);
            File.WriteAllBytes(catalog, bytes);
            MixedTree.Change(repository.Source, 10 + round);
            repository.Backup();
            repository.RestoreExactly(repository.Snapshots[^1]);
            string folder = Path.GetDirectoryName(catalog)!;
            foreach (string aside in Directory.GetFiles(folder, "*.damaged-*"))
            {
                rebuilt++;
                File.Delete(aside);
            }
        }

        Assert.InRange(rebuilt, 1, 3 * rounds);
        Assert.Empty(repository.Check(true).Damages);
    }

    [Fact]
    public void A_snapshot_whose_trees_are_damaged_does_not_make_every_run_rebuild_the_catalog()
    {
        using SmallRepository repository = Start(out string catalog);
        using (Repository opened = repository.Open())
        {
            // The first snapshot's own trees.
            ChunkId root = opened.FindSnapshot(repository.Snapshots[0].ToString()).Snapshot.RootTree;
            Assert.True(opened.Chunks.TryFind(root, out ChunkLocation location));
            File.Delete(Path.Combine(repository.Store, ObjectKeys.Pack(location.Block.Pack)));
        }

        Delete(catalog);
        for (int step = 20; step < 24; step++)
        {
            MixedTree.Change(repository.Source, step);
            repository.Backup(force: step == 20);
            repository.RestoreExactly(repository.Snapshots[^1]);
        }

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(catalog)!, "*.damaged-*"));
        string[] leftOut = [.. repository.Warnings.Where(static w => w.Cause is not null && w.Subject.Kind == SubjectKind.Snapshot)
            .Select(static w => w.ToString())];
        Assert.NotEmpty(leftOut);
        Assert.Equal(leftOut.Distinct(), leftOut);
        Assert.Equal("stale", Status(repository).State);
    }

    [Fact]
    public void With_a_write_only_key_a_damaged_catalog_costs_reading_everything()
    {
        using SmallRepository repository = Start(out string catalog);
        Delete(catalog);
        File.WriteAllBytes(catalog, "garbage"u8.ToArray());
        MixedTree.Change(repository.Source, 5);
        BackupResult result = repository.Backup(credentials: repository.WriteOnly);
        Assert.Equal(0, result.Snapshot.Counts.Unchanged);
        Assert.True(result.Snapshot.Counts.BytesAdded < 60_000, "deduplicated all the same");
        repository.RestoreExactly(repository.Snapshots[^1]);
        Assert.Empty(repository.Check(true).Damages);
    }

    private static SmallRepository Start(out string catalog)
    {
        SmallRepository repository = SmallRepository.Create();
        MixedTree.Create(repository.Source);
        repository.Backup();
        MixedTree.Change(repository.Source, 1);
        repository.Backup();
        using Repository opened = repository.Open();
        catalog = opened.CatalogPath;
        CatalogStatus status = CatalogMaintenance.Status(opened);
        Assert.Equal(("current", 2L, 2L), (status.State, status.SnapshotsKnown, status.SnapshotsStored));
        return repository;
    }

    /// <summary>
    /// A backup and a restore that equal the source, and a catalog that is current and equals a rebuilt one in what it counts.
    /// </summary>
    private static BackupResult Continue(SmallRepository repository)
    {
        MixedTree.Change(repository.Source, 50);
        BackupResult result = repository.Backup();
        foreach (ObjectName snapshot in repository.Snapshots) { repository.RestoreExactly(snapshot); }
        CatalogStatus after = Status(repository);
        Assert.Equal(("current", (long)repository.Snapshots.Count), (after.State, after.SnapshotsKnown));
        using Repository opened = repository.Open();
        CatalogRebuildResult rebuilt = CatalogMaintenance.Rebuild(opened, null, TestContext.Current.CancellationToken);
        Assert.Equal((rebuilt.Snapshots, rebuilt.Directories, rebuilt.Revisions),
            (after.SnapshotsKnown, after.Directories, after.Revisions));
        return result;
    }

    private static CatalogStatus Status(SmallRepository repository)
    {
        using Repository opened = repository.Open();
        return CatalogMaintenance.Status(opened);
    }

    private static void Checkpoint(string catalog)
    {
        using SqliteConnection connection = SqliteConnection.Open(catalog, 2, 1000);
        connection.Run("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static void Delete(string catalog)
    {
        foreach (string suffix in (string[])["", "-wal", "-shm"]) { File.Delete(catalog + suffix); }
    }

    private static byte[] Zeroed(byte[] bytes)
    {
        byte[] zeroed = [.. bytes];
        for (int page = 1; page < bytes.Length / 4096; page += 2) { Array.Clear(zeroed, page * 4096, 4096); }
        return zeroed;
    }

    private static byte[] ForeignCatalog()
    {
        using SmallRepository other = Start(out string catalog);
        Checkpoint(catalog);
        return File.ReadAllBytes(catalog);
    }
}
