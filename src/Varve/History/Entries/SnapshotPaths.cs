using Varve.Model;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Snapshots;

namespace Varve.History.Entries;

/// <summary>Finds entries of a snapshot by path, from its trees: needs no catalog.</summary>
internal static class SnapshotPaths
{
    /// <summary>The root's entry.</summary>
    internal static FoundEntry Root(FetchMeta meta, Snapshot snapshot)
    {
        var root = new FoundEntry();
        TreeReader.ForEachLeaf(
            snapshot.RootTree,
            meta,
            (ChunkId _, ref TreeLeafReader leaf) => { while (leaf.MoveNext()) { root.Take(ref leaf); } },
            rootTree: true);
        return root;
    }

    /// <summary>
    /// The entry at a path relative to the root; slashes at either end do not matter, and an empty path is the root. For a source that is a
    /// single file, its name works too.
    /// </summary>
    /// <exception cref="VarveException">NotFound. Damaged.</exception>
    internal static FoundEntry Find(FetchMeta meta, SnapshotInfo snapshot, ReadOnlySpan<byte> path)
    {
        FoundEntry at = Root(meta, snapshot.Snapshot);
        bool isFile = at.Stat.Kind != EntryKind.Directory;
        ReadOnlySpan<byte> rest = path.Trim((byte)'/');
        if (isFile && rest.SequenceEqual(at.Table.Name(0))) { return at; }
        while (!rest.IsEmpty)
        {
            int slash = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> name = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? [] : rest[slash..].TrimStart((byte)'/');
            var next = new FoundEntry();
            if (at.Stat.Kind != EntryKind.Directory || !TreeReader.TryFind(DetailsCodec.ChildTree(at.Details), name, meta, next.Take))
            {
                string reason = LeftOut.ReasonOf(meta, snapshot.Snapshot, path.Trim((byte)'/')) is { } why ? $": {why}" : "";
                throw new VarveException(ErrorKind.NotFound, Subject.Snapshot(snapshot.Name), $"has no {PathText.Of(path)}{reason}",
                    Advice.ListPaths);
            }

            at = next;
        }

        return at;
    }
}
