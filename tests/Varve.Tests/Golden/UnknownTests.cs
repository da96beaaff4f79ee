using System.Security.Cryptography;
using System.Text;
using Varve.Backup;
using Varve.Format;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;
using Varve.Tree;
using Varve.Vault;

namespace Varve.Tests.Golden;

/// <summary>
/// What a reader does with what it does not know (docs/format.md, 1), where the whole program is needed to see it: each row of the table
/// there has its test in <see cref="UnknownRows"/>.
/// </summary>
public sealed class UnknownTests : IDisposable
{
    private static readonly byte[] s_tags = [99, 1, 7, 99, 0];
    private const EntryFlags Bit = (EntryFlags)0x4000_0000;

    private readonly SmallRepository _small = SmallRepository.Create();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void A_slot_of_a_later_version_is_left_out_and_said_and_is_no_damage()
    {
        byte[] later = Encoding.ASCII.GetBytes("""{"slot":2,"what":"a later version says"}""");
        string key = ObjectKeys.KeySlot(new ObjectName(SHA256.HashData(later)));
        File.WriteAllBytes(Path.Combine(_small.Store, key), later);
        File.WriteAllText(_small["source/file"], "content");
        BackupResult result = _small.Backup();
        _small.RestoreExactly(result.Name);
        Assert.Contains(_small.Warnings, w => w.ToString().Contains(key, StringComparison.Ordinal));
        CheckResult check = _small.Check(true);
        Assert.Empty(check.Damages);
        Assert.Contains(key, Assert.Single(check.Notes), StringComparison.Ordinal);
        using Repository repository = _small.Open();
        Assert.Equal(3, repository.Keys().Count);
        Assert.True(File.Exists(Path.Combine(_small.Store, key)));
    }

    [Fact]
    public void Records_of_every_kind_have_further_parts_skipped_and_keep_their_signatures()
    {
        using Repository repository = _small.Open();
        RecordKind[] kinds = [RecordKind.Snapshot, RecordKind.Note, RecordKind.Condemned, RecordKind.Fence, RecordKind.Final];
        foreach (RecordKind kind in kinds)
        {
            byte[] sealedBytes = repository.Records.Seal(kind, s_tags, [1, 2]).Bytes;
            byte[] plain = repository.Objects.Open(kind.Type, kind.Magic, sealedBytes.AsSpan(ObjectMagic.Length));
            byte[] further = [.. kind.Magic, .. repository.Objects.Seal(kind.Type, kind.Magic, [.. plain, 1, 7, 0, 3, 1, 2, 3])];
            OpenedRecord record = repository.Records.Open(kind, new ObjectName(SHA256.HashData(further)), further);
            Assert.Equal(s_tags, record.Public);
            Assert.Equal([1, 2], record.Private);
            Assert.Equal((SignatureState.Valid, "first"), (record.Signature.State, record.Signature.Writer!.Label));
            byte[] half = [.. kind.Magic, .. repository.Objects.Seal(kind.Type, kind.Magic, [.. plain, 2, 7])];
            DamagedBytes.Is(() => repository.Records.Open(kind, new ObjectName(SHA256.HashData(half)), half));
        }
    }

    [Fact]
    public void Objects_below_a_prefix_that_nobody_knows_are_ignored_and_stay()
    {
        string[] keys = ["later/" + new string('a', 64), "later/00/deeper/object", "object", "keys-2/x"];
        foreach (string key in keys)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_small.Store, key))!);
            File.WriteAllText(Path.Combine(_small.Store, key), "of a later writer");
        }

        File.WriteAllText(_small["source/file"], "content");
        _small.RestoreExactly(_small.Backup().Name);
        CheckResult check = _small.Check(true);
        Assert.Empty(check.Damages);
        Assert.Empty(check.Notes);
        Assert.Empty(_small.Warnings);
        Assert.All(keys, key => Assert.True(File.Exists(Path.Combine(_small.Store, key))));
    }

    [Fact]
    public void A_note_of_an_unknown_kind_is_no_damage_and_is_not_spoken_of()
    {
        using (Repository repository = _small.Open())
        {
            repository.Notes.Put(new Note { Kind = (NoteKind)100, At = new FileTime(1, 0), Snapshots = [Some.Name(1)] });
        }

        Assert.Empty(_small.Check(false).Damages);
        Assert.Empty(_small.Check(false).Notes);
        Assert.Empty(_small.Warnings);
    }

    [Fact]
    public void A_meta_chunk_of_an_unknown_kind_costs_what_lies_below_it_and_nothing_else()
    {
        File.WriteAllText(_small["source/file"], "content");
        ObjectName good = _small.Backup().Name;
        using (Repository repository = _small.Open())
        {
            var malice = new Malice(repository) { Counts = new SnapshotCounts { Files = 1, Directories = 2 } };
            ChunkId later = malice.Put([8, 1, 0, 0, 0]);
            malice.Snapshot(Malice.Directory("later", later), Malice.Entry(EntryKind.File, "now", 0));
        }

        CheckResult check = _small.Check(true);
        Assert.EndsWith(":/later/ and all below it", Assert.Single(check.Damages).Affects, StringComparison.Ordinal);
        _small.RestoreExactly(good);
    }

    [Fact]
    public void A_writer_that_takes_an_entry_over_keeps_the_tags_and_flags_of_it_that_it_does_not_know()
    {
        Directory.CreateDirectory(_small["source/d"]);
        foreach (string name in (string[])["a", "d/b"]) { File.WriteAllText(_small["source/" + name], name); }
        FileClock.Settle();
        Snapshot before = _small.Backup().Snapshot;
        using (Repository repository = _small.Open())
        {
            var malice = new Malice(repository);
            ChunkId tree = Rewritten(repository, malice, before.RootTree, true);
            malice.Flush();
            (ObjectName name, byte[] bytes) = repository.SnapshotStore.Seal(before with
            {
                RootTree = tree,
                Generation = 2,
                Parent = _small.Snapshots[0],
            });
            repository.Store.Put(ObjectKeys.Snapshot(before.SourceId, name), bytes);
        }

        Directory.Delete(_small.Cache, recursive: true);
        File.WriteAllText(_small["source/new"], "new"); // so that the tree of the root is another
        BackupResult next = _small.Backup();
        Assert.Equal((3L, 2L, 1L), (next.Snapshot.Generation, next.Snapshot.Counts.Unchanged, next.Snapshot.Counts.New));
        var kept = new List<string>();
        using Repository reader = _small.Open();
        GoldenTrees.ForEach(next.Snapshot.RootTree, reader.MetaChunks.Read, (_, table, _, root) =>
        {
            for (int i = 0; i < table.Count && !root; i++)
            {
                bool hasTags = table.Details(i).EndsWith(s_tags), hasBit = (table.Flags(i) & Bit) != 0;
                kept.Add($"{Encoding.UTF8.GetString(table.Name(i))} {hasTags} {hasBit}");
            }
        });
        Assert.Equal(["a True True", "b True True", "d True True", "new False False"], kept.Order(StringComparer.Ordinal));
        _small.RestoreExactly(next.Name);
    }

    /// <summary>The tree with more in each entry than is known.</summary>
    private static ChunkId Rewritten(Repository repository, Malice malice, ChunkId tree, bool isRoot)
    {
        ChunkId made = default;
        GoldenTrees.ForEach(tree, repository.MetaChunks.Read, (id, table, owners, root) =>
        {
            if (id != tree) { return; }
            var writer = new TreeWriter(chunk => malice.Put(chunk.ToArray()), owners);
            writer.Begin(root);
            for (int i = 0; i < table.Count; i++)
            {
                byte[] details = table.Details(i).ToArray();
                if (table.Stat(i).Kind == EntryKind.Directory)
                {
                    byte[] child = Varve.Tree.Details.DetailsCodec.ChildTree(details).Value.ToArray();
                    int at = details.AsSpan().IndexOf(child);
                    Rewritten(repository, malice, new ChunkId(child), false).Value.ToArray().CopyTo(details, at);
                }

                writer.Add(table.Name(i), table.Stat(i), table.Flags(i) | (isRoot ? 0 : Bit), isRoot ? details : [.. details, .. s_tags]);
            }

            made = writer.Finish();
        }, isRoot);
        return made;
    }
}
