using System.Security.Cryptography;
using System.Text;
using Varve.Backup;
using Varve.Format;
using Varve.Maintain.Check;
using Varve.Maintain.Findings;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;
using Varve.Tree;
using Varve.Tree.Details;

namespace Varve.Tests.History;

/// <summary>Snapshots in a machine's name that are by somebody else: shown as what they are, and never believed.</summary>
public sealed class LineageTests : IDisposable
{
    private static readonly byte[] s_true = Encoding.ASCII.GetBytes("the true content");
    private static readonly byte[] s_false = Encoding.ASCII.GetBytes("an attacker's !!");

    private readonly SmallRepository _small = SmallRepository.Create();

    public LineageTests()
    {
        for (int i = 0; i < 4; i++) { File.WriteAllBytes($"{_small.Source}/{i}", s_true); }
        FileClock.Settle();
    }

    public void Dispose() => _small.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the machine has lost its catalog
    public void A_snapshot_that_another_key_forged_with_true_stats_is_not_believed(bool isCacheLost)
    {
        BackupResult first = _small.Backup();
        _small.Backup();
        ObjectName forged = Forge(_small.WriteOnly);
        if (isCacheLost) { Directory.Delete(_small.Cache, recursive: true); }
        BackupResult next = _small.Backup();
        Assert.Equal((4L, 0L, 3L), (next.Snapshot.Counts.Unchanged, next.Snapshot.Counts.BytesRead, next.Snapshot.Generation));
        Assert.Equal(_small.Snapshots[1], next.Snapshot.Parent);
        _small.Backup();
        Notice told = Assert.Single(_small.Warnings, w => w.What.Contains("among the snapshots of this source", StringComparison.Ordinal));
        Assert.Contains("signed by the key 'third'", told.What, StringComparison.Ordinal);
        _small.RestoreExactly(next.Name);
        using Repository repository = _small.Open();
        Assert.Equal(next.Snapshot.Generation + 1, repository.FindSnapshot("latest").Snapshot.Generation);
        SnapshotInfo shown = Assert.Single(repository.Snapshots(), s => s.Name == forged);
        Assert.Equal((SignatureState.Valid, "third"), (shown.Snapshot.Signature, shown.Snapshot.Writer!.Label));
        Assert.NotEqual(first.Snapshot.HistoryId, shown.Snapshot.HistoryId);
        CheckResult check = Engine.Check(repository, readData: true, 2);
        Assert.Empty(check.Damages);
        Assert.Contains("by key 'third'", Assert.Single(check.Notes), StringComparison.Ordinal);
        Assert.Equal(forged, repository.FindSnapshot("latest", new SourceFilter { Writer = "third" }).Name);
    }

    [Fact]
    public void A_signature_that_was_taken_from_another_snapshot_is_false_and_a_check_says_so_until_that_is_acknowledged()
    {
        BackupResult first = _small.Backup();
        ObjectName forged;
        using (Repository writer = _small.Open(_small.WriteOnly))
        {
            string key = writer.SnapshotStore.Names().Select(writer.SnapshotStore.KeyOf).Single();
            byte[] plain = writer.Objects.Open(
                ObjectType.Snapshot, ObjectMagic.Snapshot, writer.Store.Get(key, 1 << 20).AsSpan(ObjectMagic.Length));
            RecordSealer.Unwrap(plain, out ReadOnlySpan<byte> open, out _, out ReadOnlySpan<byte> signature);
            byte[] other = open.ToArray();
            other[open.IndexOf("varve "u8)] = (byte)'V';
            byte[] secret = writer.Content.SealPrivate(RecordKind.Snapshot, other, SnapshotCodec.EncodePrivate(first.Snapshot.Private!));
            byte[] content = RecordSealer.WithSignature(RecordSealer.Parts(other, secret), signature);
            byte[] bytes = [.. ObjectMagic.Snapshot, .. writer.Objects.Seal(ObjectType.Snapshot, ObjectMagic.Snapshot, content)];
            forged = new ObjectName(SHA256.HashData(bytes));
            writer.Store.Put($"{key[..key.LastIndexOf('/')]}/{forged}", bytes);
        }

        BackupResult next = _small.Backup();
        Assert.Equal(_small.Snapshots[0], next.Snapshot.Parent);
        Damage damage = Assert.Single(_small.Check(false).Damages);
        Assert.Contains("its signature is false", damage.Problem, StringComparison.Ordinal);
        using (Repository full = _small.Open()) { Checker.Run(full, new CheckOptions { Acknowledge = true }, new CheckMonitor(), default); }
        Assert.Empty(_small.Check(false).Damages);
        using Repository repository = _small.Open(_small.WriteOnly);
        Assert.Equal(SignatureState.Invalid, repository.SnapshotStore.Read(forged).Signature);
    }

    [Fact]
    public void A_key_of_level_write_whose_catalog_is_lost_goes_on_with_its_history_and_with_no_others()
    {
        for (int i = 0; i < 3; i++) { _small.Backup(credentials: _small.WriteOnly); }
        _small.Backup(); // another key's history of the same source
        Forge(_small.Credentials);
        Directory.Delete(_small.Cache, recursive: true);
        BackupResult next = _small.Backup(credentials: _small.WriteOnly);
        Assert.Equal((4L, _small.Snapshots[2], 0L), (next.Snapshot.Generation, next.Snapshot.Parent, next.Snapshot.Counts.Unchanged));
        BackupResult after = _small.Backup(credentials: _small.WriteOnly);
        Assert.Equal((5L, next.Name, 4L), (after.Snapshot.Generation, after.Snapshot.Parent, after.Snapshot.Counts.Unchanged));
        using Repository repository = _small.Open();
        Assert.Equal(after.Name, repository.FindSnapshot("latest", new SourceFilter { Writer = "third" }).Name);
    }

    [Fact]
    public void A_snapshot_that_is_missing_is_said_until_it_is_acknowledged()
    {
        for (int i = 0; i < 3; i++) { _small.Backup(); }
        File.Delete(Damaged.File(_small, Damaged.SnapshotKey(_small, _small.Snapshots[1])));
        Damage damage = Assert.Single(_small.Check(false).Damages);
        Assert.Equal((Subject.Snapshot(_small.Snapshots[1]), Advice.AcknowledgeMissing), (damage.Subject, damage.Advice));
        using (Repository repository = _small.Open())
        {
            Assert.Equal(0, Checker.Run(repository, new CheckOptions { Acknowledge = true }, new CheckMonitor(), default).DamageCount);
        }

        Assert.Empty(_small.Check(false).Damages);
    }

    [Fact]
    public void A_repository_that_was_set_back_is_noticed_by_whatever_writes()
    {
        _small.Backup();
        Programs.Run("cp", "-a", _small.Store, _small["before"]);
        _small.Backup();
        Programs.Run("rm", "-rf", _small.Store);
        Programs.Run("mv", _small["before"], _small.Store);
        _small.Warnings.Clear();
        using (Repository repository = _small.Open())
        {
            repository.AddKey(KeyLevel.Write, new Credentials { Password = "another" }, "another");
        }

        Notice said = Assert.Single(_small.Warnings, static w => w.Advice == Advice.AcknowledgeMissing);
        Assert.Equal(Subject.Snapshot(_small.Snapshots[1]), said.Subject);
        Assert.Contains(_small.Check(false).Damages, d => d.Subject == Subject.Snapshot(_small.Snapshots[1]));
        // A backup makes a newer one, and that forgets nothing.
        for (int i = 0; i < 2; i++)
        {
            _small.Warnings.Clear();
            _small.Backup();
            Assert.Equal(said.Subject, Assert.Single(_small.Warnings, static w => w.Advice == Advice.AcknowledgeMissing).Subject);
        }

        using (Repository repository = _small.Open())
        {
            Assert.Equal(0, Checker.Run(repository, new CheckOptions { Acknowledge = true }, new CheckMonitor(), default).DamageCount);
        }

        _small.Warnings.Clear();
        _small.Backup();
        Assert.DoesNotContain(_small.Warnings, static w => w.Advice == Advice.AcknowledgeMissing);
        Assert.Empty(_small.Check(false).Damages);
    }

    /// <summary>A snapshot newer than all others, of the same stats and another content, by whoever has that key.</summary>
    private ObjectName Forge(Credentials key)
    {
        using Repository full = _small.Open(), writer = _small.Open(key);
        SnapshotInfo real = full.FindSnapshot("latest");
        var malice = new Malice(writer);
        ChunkId mine = malice.Put(s_false, PackKind.Data);
        byte[] root = full.MetaChunks.Read(real.Snapshot.RootTree).ToArray();
        var entries = new EntryTable();
        TreeReader.ForEachLeaf(real.Snapshot.RootTree, full.MetaChunks.Read, (ChunkId _, ref TreeLeafReader read) =>
        {
            while (read.MoveNext()) { entries.Add(read.Name, read.Stat, read.Details, read.Flags); }
        }, true);
        ChunkId child = DetailsCodec.ChildTree(entries.Details(0));
        byte[] leaf = Replaced(full.MetaChunks.Read(child).ToArray(), full.Hasher.Compute(s_true), mine);
        ChunkId tree = malice.Put(Replaced(root, child, malice.Put(leaf)));
        malice.Flush();
        (ObjectName name, byte[] bytes) = writer.SnapshotStore.Seal(real.Snapshot with
        {
            RootTree = tree,
            Generation = real.Snapshot.Generation + 1,
            Parent = real.Name,
            Start = real.Snapshot.Start.Plus(1),
        });
        writer.Store.Put(ObjectKeys.Snapshot(real.Snapshot.SourceId, name), bytes);
        return name;
    }

    private static byte[] Replaced(byte[] bytes, ChunkId old, ChunkId with)
    {
        byte[] from = old.Value.ToArray(), to = with.Value.ToArray();
        int count = 0;
        for (int at; (at = bytes.AsSpan().IndexOf(from)) >= 0; count++) { to.CopyTo(bytes, at); }
        Assert.True(count > 0, "what was to be replaced is not there");
        return bytes;
    }
}
