using Varve.Model;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

namespace Varve.History.Content;

/// <summary>
/// Writes a directory of a snapshot as a tar, in the order of its trees. Paths in it begin at that directory. Sockets, which no tar has,
/// are told and left out; holes are zeros. What is damaged ends it: an archive that is cut off is noticed.
/// </summary>
internal static class TarDumper
{
    private sealed record Level(byte[] Path, EntryTable Table, List<(byte[] User, byte[] Group)> Owners)
    {
        internal int Next { get; set; }
    }

    /// <summary>Dumps what is below a directory, and itself. <paramref name="left"/> hears of what a tar cannot hold.</summary>
    /// <exception cref="VarveException">Damaged, or more than the budget.</exception>
    internal static void Run(IChunkSource chunks, MetaReader trees, EntryBudget budget, in EntryStat root, EntryDetails details,
        (byte[] User, byte[] Group) owners, Stream output, Action<Failure> left, CancellationToken cancellationToken)
    {
        var content = new ContentReader(chunks, trees.Read);
        var names = new Dictionary<ulong, byte[]>();
        var tar = new PaxWriter(output);
        tar.Header('5', "./"u8, default, in root, 0, owners, details.Xattrs);
        var levels = new Stack<Level>();
        levels.Push(Read(trees, details.ChildTree, []));
        while (levels.TryPeek(out Level? at))
        {
            cancellationToken.ThrowIfCancellationRequested();
            int i = at.Next++;
            if (i >= at.Table.Count)
            {
                levels.Pop();
                continue;
            }

            EntryStat stat = at.Table.Stat(i);
            if (!budget.Take(stat.Kind == EntryKind.File ? stat.Size : 0)) { throw budget.Beyond(); }
            byte[] name = at.Path.Length == 0 ? at.Table.Name(i).ToArray() : [.. at.Path, (byte)'/', .. at.Table.Name(i)];
            if (at.Table.Name(i) is [] or [(byte)'.'] or [(byte)'.', (byte)'.'] || at.Table.Name(i).IndexOfAny((byte)'/', (byte)0) >= 0)
            {
                throw VarveException.Damaged(Subject.PartOnly("a tree"), $"it holds the name \"{PathText.Of(name)}\", which no directory can hold");
            }

            if (stat.Kind == EntryKind.Directory)
            {
                EntryDetails child = DetailsCodec.Decode(at.Table.Details(i));
                tar.Header('5', [.. "./"u8, .. name, (byte)'/'], default, in stat, 0, at.Owners[i], child.Xattrs);
                levels.Push(Read(trees, child.ChildTree, name));
            }
            else { Write(tar, content, names, name, in stat, at.Table.Details(i), at.Owners[i], output, left, cancellationToken); }
        }

        tar.End();
    }

    private static void Write(PaxWriter tar, ContentReader content, Dictionary<ulong, byte[]> names, byte[] name, in EntryStat stat,
        ReadOnlySpan<byte> encoded, (byte[] User, byte[] Group) owners, Stream output, Action<Failure> left,
        CancellationToken cancellationToken)
    {
        if (stat.Kind is EntryKind.Socket or EntryKind.None)
        {
            left(new Failure(name, FailedOperation.Write, 0, "a tar cannot hold a socket"));
            return;
        }

        byte[] path = [.. "./"u8, .. name];
        ulong group = LinkIdentity.Of(in stat, encoded);
        if (group != 0 && !names.TryAdd(group, path))
        {
            tar.Header('1', path, names[group], in stat, 0, owners, []);
            return;
        }

        EntryDetails details = DetailsCodec.Decode(stat.Kind, encoded);
        EntryStat told = stat;
        if (details.Device is { } device) { (told.RdevMajor, told.RdevMinor) = device; }
        char type = stat.Kind switch
        {
            EntryKind.File => '0',
            EntryKind.Symlink => '2',
            EntryKind.CharDevice => '3',
            EntryKind.BlockDevice => '4',
            _ => '6',
        };
        long size = stat.Kind == EntryKind.File ? stat.Size : 0;
        tar.Header(type, path, stat.Kind == EntryKind.Symlink ? details.SymlinkTarget : default, in told, size, owners, details.Xattrs);
        if (stat.Kind != EntryKind.File) { return; }
        content.Write(encoded, stat.Size, output, cancellationToken);
        tar.Pad(size);
    }

    private static Level Read(MetaReader trees, ChunkId tree, byte[] path)
    {
        var table = new EntryTable();
        var owners = new List<(byte[] User, byte[] Group)>();
        TreeReader.ForEachLeaf(tree, trees.Read, (ChunkId _, ref TreeLeafReader leaf) =>
        {
            while (leaf.MoveNext())
            {
                EntryStat stat = leaf.Stat;
                table.Add(leaf.Name, in stat, leaf.Details, leaf.Flags);
                owners.Add((leaf.UserName(stat.Uid).ToArray(), leaf.GroupName(stat.Gid).ToArray()));
            }
        });
        return new Level(path, table, owners);
    }
}
