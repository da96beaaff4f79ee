using System.Text;
using Varve.Model;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>Lists what a snapshot has, from its trees: one leaf in memory at a time, and the directories that are still to come.</summary>
internal static class Lister
{
    /// <summary>
    /// What a partial snapshot left for the next, the newest first: 10,000 files at most, the snapshot's counts tell of how many. Nothing
    /// for a whole one.
    /// </summary>
    public static IReadOnlyList<PendingFile> Pending(Repository repository, SnapshotInfo snapshot)
    {
        repository.RequireFull("listing");
        ChunkId list = snapshot.Snapshot.Private!.PendingList;
        return list.IsNone ? [] : PendingList.Decode(repository.MetaChunks.Read(list).Span);
    }

    /// <summary>
    /// Lists a directory's entries (and all below it, depth-first, if <paramref name="recursive"/>), or the one entry if the path names
    /// something else.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such path. Damaged.</exception>
    public static void Run(Repository repository, SnapshotInfo snapshot, byte[]? path, bool recursive, Action<ListedEntry> found)
    {
        repository.RequireFull("listing");
        EntryTable start = SnapshotPaths.Find(repository.MetaChunks.Read, snapshot, path);
        byte[] prefix = (path ?? []).AsSpan().Trim((byte)'/').ToArray();
        if (start.Stat(0).Kind != EntryKind.Directory)
        {
            found(new ListedEntry(prefix.Length > 0 ? prefix : start.Name(0).ToArray(), start.Stat(0), start.Flags(0),
                Target(start.Details(0)), null, null));
            return;
        }

        var stack = new Stack<(byte[] Path, ChunkId Tree, ListedEntry? Self)>();
        stack.Push((prefix, DetailsCodec.ChildTree(start.Details(0)), null));
        while (stack.TryPop(out var next))
        {
            var below = new List<(byte[], ChunkId, ListedEntry?)>();
            if (next.Self is not null) { found(next.Self); }
            if (next.Self is not null && !recursive) { continue; }
            TreeReader.ForEachLeaf(next.Tree, repository.MetaChunks.Read, (ChunkId _, ref TreeLeafReader leaf) =>
            {
                while (leaf.MoveNext())
                {
                    byte[] child = next.Path.Length == 0 ? leaf.Name.ToArray() : [.. next.Path, (byte)'/', .. leaf.Name];
                    var entry = new ListedEntry(
                        child, leaf.Stat, leaf.Flags, Target(leaf.Details), Text(leaf.UserName(leaf.Stat.Uid)),
                        Text(leaf.GroupName(leaf.Stat.Gid)));
                    below.Add((child, leaf.Stat.Kind == EntryKind.Directory ? DetailsCodec.ChildTree(leaf.Details) : default, entry));
                }
            });
            for (int i = below.Count - 1; i >= 0; i--)
            {
                // In reverse onto the stack, so that they come out in order; what is no directory has no tree and is only shown.
                stack.Push(below[i]);
            }

            while (stack.TryPeek(out var peek) && peek.Tree.IsNone && peek.Self is not null)
            {
                found(peek.Self);
                stack.Pop();
            }
        }
    }

    private static byte[]? Target(ReadOnlySpan<byte> details) =>
        DetailsCodec.TryGet(details, DetailTag.SymlinkTarget, out ReadOnlySpan<byte> target) ? target.ToArray() : null;

    private static string? Text(ReadOnlySpan<byte> name) => name.IsEmpty ? null : Encoding.UTF8.GetString(name);
}
