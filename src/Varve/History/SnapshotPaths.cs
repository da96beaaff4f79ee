using Varve.Model;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>Finds entries of a snapshot by path, from its trees: needs no catalog.</summary>
internal static class SnapshotPaths
{
    /// <summary>The root's entry, alone in a table.</summary>
    internal static EntryTable Root(FetchMeta meta, Snapshot snapshot)
    {
        var table = new EntryTable();
        TreeReader.Read(snapshot.RootTree, meta, table, rootTree: true);
        return table.Count == 1 ? table
            : throw VarveException.Damaged(Subject.Tree(snapshot.RootTree), $"it has {table.Count} entries instead of one");
    }

    /// <summary>
    /// The entry at a path relative to the root, alone in a table; slashes at either end do not matter, and an empty path is the root. For
    /// a source that is a single file, its name works too.
    /// </summary>
    /// <exception cref="VarveException">NotFound.</exception>
    internal static EntryTable Find(FetchMeta meta, SnapshotInfo snapshot, ReadOnlySpan<byte> path)
    {
        EntryTable at = Root(meta, snapshot.Snapshot);
        bool isFile = at.Stat(0).Kind != EntryKind.Directory;
        ReadOnlySpan<byte> rest = path.Trim((byte)'/');
        if (isFile && rest.SequenceEqual(at.Name(0))) { return at; }
        while (!rest.IsEmpty)
        {
            int slash = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> name = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? [] : rest[slash..].TrimStart((byte)'/');
            var next = new EntryTable();
            if (at.Stat(0).Kind != EntryKind.Directory || !TreeReader.TryFind(DetailsCodec.ChildTree(at.Details(0)), name, meta, next))
            {
                throw new VarveException(
                    ErrorKind.NotFound, Subject.Snapshot(snapshot.Name), $"has no {PathText.Of(path)}", Advice.ListPaths);
            }

            at = next;
        }

        return at;
    }
}
