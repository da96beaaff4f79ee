using Varve.Model;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Snapshots;

namespace Varve.History.Entries;

/// <summary>What a snapshot lacks, by its failure list and its trees: needs no catalog.</summary>
internal static class SnapshotFailures
{
    /// <summary>
    /// The paths that failed, by path: 10,000 at most, the snapshot's counts tell of how many. Nothing if none did.
    /// </summary>
    /// <exception cref="VarveException">Damaged: the list, or a tree on the way to a path.</exception>
    internal static IReadOnlyList<Failure> List(FetchMeta meta, SnapshotInfo snapshot)
    {
        ChunkId list = snapshot.Snapshot.Private!.FailureList;
        if (list.IsNone) { return []; }
        IReadOnlyList<Failure> failures = FailureList.Decode(meta(list).Span);
        var found = new List<Failure>(failures.Count);
        // From the root to the directory of the last path: those of the next begin alike, since the list is sorted.
        var way = new List<(byte[] Name, ChunkId Tree)> { ([], RootTree(meta, snapshot)) };
        foreach (Failure failure in failures) { found.Add(failure with { IsStored = Has(meta, way, failure.Path) }); }
        return found;
    }

    private static ChunkId RootTree(FetchMeta meta, SnapshotInfo snapshot)
    {
        FoundEntry root = SnapshotPaths.Root(meta, snapshot.Snapshot);
        return root.Stat.Kind == EntryKind.Directory ? DetailsCodec.ChildTree(root.Details) : default;
    }

    private static bool Has(FetchMeta meta, List<(byte[] Name, ChunkId Tree)> way, ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty) { return true; }
        int depth = 1;
        while (true)
        {
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> name = slash < 0 ? path : path[..slash];
            bool known = slash >= 0 && depth < way.Count && name.SequenceEqual(way[depth].Name);
            if (!known)
            {
                way.RemoveRange(depth, way.Count - depth);
                var entry = new FoundEntry();
                ChunkId tree = way[^1].Tree;
                if (tree.IsNone || !TreeReader.TryFind(tree, name, meta, entry.Take)) { return false; }
                if (slash < 0) { return true; }
                if (entry.Stat.Kind != EntryKind.Directory) { return false; }
                way.Add((name.ToArray(), DetailsCodec.ChildTree(entry.Details)));
            }

            depth++;
            path = path[(slash + 1)..];
        }
    }
}
