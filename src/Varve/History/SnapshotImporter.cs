using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>
/// Puts a snapshot that the catalog does not know into it, from its trees: the same rows as the run that made the snapshot wrote. Trees
/// equal to what the catalog has for a directory are not read, so a snapshot costs what it changed. One transaction a snapshot.
/// </summary>
internal sealed class SnapshotImporter(MetaReader trees, CatalogFile catalog, CatalogWriter writer)
{
    private readonly EntryTable _now = new();
    private readonly EntryTable _known = new();
    private readonly ByteWriter _scratch = new();
    private readonly MetaScope _meta = trees.OpenScope();
    private readonly Stack<Pending> _below = new();
    private LeafVisitor? _addLeaf;
    private FileTime _start;

    /// <summary>A directory to import; or, with its row, one below which all is imported: trees are recorded from the bottom up.</summary>
    private readonly record struct Pending(long Parent, byte[] Name, ChunkId Tree, ulong Mount, MovedEntry? Moved = null,
        DirectoryRow? Done = null);

    /// <summary>A directory's own entry, if the snapshot before had it not at that place.</summary>
    private sealed record MovedEntry(EntryStat Stat, byte[] Details);

    /// <summary>Imports one snapshot; newer than all the catalog has of its source.</summary>
    internal void Import(SnapshotInfo info)
    {
        Snapshot snapshot = info.Snapshot;
        _start = snapshot.Start;
        SnapshotPrivate names = snapshot.Private ?? throw new InvalidOperationException("needs the full key");
        SourceRow source = writer.PutSource(snapshot.SourceId, names.Source, names.Host, names.RootPath, names.CanonicalRoot);
        writer.Snapshots.Abandon(source.Id);
        long number = writer.Snapshots.Start(source.Id, snapshot.Start).Number;
        DirectoryIds ids = writer.DirectoryIds(source.Id);

        // It sees what was committed before: enough, because a directory is read before this import writes to it, and once.
        using CatalogReader reader = catalog.OpenReader();
        bool isFirst = reader.LatestComplete(source.Id) is null;
        MoveFinder? moves = isFirst ? null : new MoveFinder(reader, source.Id, number, onlyByBirth: false);
        writer.Begin();
        try
        {
            var stack = new Stack<Pending>();
            ImportEntries(reader, new Pending(0, [], snapshot.RootTree, 0), source.RootDirectory, exists: true, number, isRoot: true,
                stack);
            while (stack.TryPop(out Pending next))
            {
                if (next.Done is { } row) { writer.UpdateDirectory(next.Parent, next.Name, row); }
                else { ImportDirectory(reader, moves, ids, number, next, stack); }
            }

            writer.Commit();
        }
        catch
        {
            writer.Rollback();
            writer.Snapshots.Abandon(source.Id);
            throw;
        }

        writer.Snapshots.MarkCommitting(source.Id, number, info.Name, snapshot.RootTree);
        writer.Snapshots.Complete(source.Id, number, snapshot, info.Name);
    }

    private void ImportDirectory(CatalogReader reader, MoveFinder? moves, DirectoryIds ids, long number, Pending directory,
        Stack<Pending> stack)
    {
        bool exists = reader.TryGetDirectory(directory.Parent, directory.Name, out DirectoryRow row);
        if (exists && row.Tree == directory.Tree) { return; }
        long id = exists ? row.Id : ids.Next();
        if (!exists) { writer.InsertDirectory(number, directory.Parent, directory.Name, id); }
        if (directory.Moved is { } entry && moves?.Find(entry.Stat, entry.Details, directory.Mount, id, out _) is { } origin and > 0)
        {
            writer.RecordMove(id, number, origin);
        }

        ImportEntries(reader, directory, id, exists, number, isRoot: false, _below);

        stack.Push(directory with { Done = DirectoryRow.Of(id, number, DirectoryDigest.Compute(_now), directory.Tree, _now) });
        while (_below.TryPop(out Pending child)) { stack.Push(child); }
    }

    private void ImportEntries(CatalogReader reader, Pending directory, long id, bool exists, long number, bool isRoot,
        Stack<Pending> stack)
    {
        _now.Clear();
        _meta.Reset();
        TreeReader.ForEachLeaf(directory.Tree, _meta.Fetch, _addLeaf ??= AddLeaf, isRoot);
        _known.Clear();
        // A directory that is new in this transaction is not yet visible to the reader, and has no rows.
        if (exists) { reader.ReadDirectory(id, 0, _known); }
        Merge(id, number);
        for (int i = 0; i < _now.Count; i++)
        {
            if (_now.Stat(i).Kind != EntryKind.Directory) { continue; }
            ChunkId child = DetailsCodec.ChildTree(_now.Details(i));
            if (child.IsNone) { throw VarveException.Damaged(Subject.Tree(directory.Tree), "a directory in it names no tree"); }
            ulong mount = DetailsCodec.Mount(_now.Details(i));
            bool stays = MoveFinder.Stays(_known, _now.Name(i), _now.Stat(i).Inode, number);
            stack.Push(
                new Pending(id, _now.Name(i).ToArray(), child, mount == 0 ? directory.Mount : mount, stays ? null
                : new MovedEntry(_now.Stat(i), _now.Details(i).ToArray())));
        }
    }

    private void AddLeaf(ChunkId id, ref TreeLeafReader leaf)
    {
        while (leaf.MoveNext()) { _now.Add(leaf.Name, leaf.Stat, leaf.Details, leaf.Flags); }
    }

    private void Merge(long id, long number)
    {
        int i = 0, k = 0;
        while (i < _now.Count || k < _known.Count)
        {
            int order = i == _now.Count ? 1 : k == _known.Count ? -1 : _now.Name(i).SequenceCompareTo(_known.Name(k));
            if (order > 0) { Remove(id, number, k++); }
            else if (order < 0) { Insert(id, number, i++); }
            else
            {
                if (!IsSame(i, k))
                {
                    if (_known.Stat(k).Kind == EntryKind.Directory && _now.Stat(i).Kind != EntryKind.Directory) { Remove(id, number, k); }
                    else { writer.Revisions.Close(id, _known.Name(k), _known.First(k), number); }
                    Insert(id, number, i);
                }

                i++;
                k++;
            }
        }
    }

    private void Insert(long id, long number, int i)
    {
        writer.Revisions.Insert(id, _now.Name(i), number, in _now.Stat(i), _now.Flags(i), WithoutChildTree(_now.Details(i)));
        // The list of unstable files is the catalog's own; what is torn comes back to it with the tree.
        if ((_now.Flags(i) & EntryFlags.Torn) != 0) { writer.Unstable.Put(id, _now.Name(i), UnstableReason.Torn, _start, number); }
        else { writer.Unstable.Remove(id, _now.Name(i)); }
    }

    private void Remove(long id, long number, int k)
    {
        if (_known.Stat(k).Kind == EntryKind.Directory) { writer.Subtrees.Close(id, _known.Name(k), number); }
        writer.Revisions.Close(id, _known.Name(k), _known.First(k), number);
        writer.Unstable.Remove(id, _known.Name(k));
    }

    private bool IsSame(int i, int k) =>
        _now.Stat(i).IsSameState(in _known.Stat(k)) && _now.Flags(i) == _known.Flags(k)
        && WithoutChildTree(_now.Details(i)).SequenceEqual(_known.Details(k));

    private ReadOnlySpan<byte> WithoutChildTree(ReadOnlySpan<byte> details)
    {
        if (!DetailsCodec.TryGet(details, DetailTag.ChildTree, out _)) { return details; }
        _scratch.Clear();
        DetailsTrim.WithoutChildTree(_scratch, details);
        return _scratch.Written;
    }
}
