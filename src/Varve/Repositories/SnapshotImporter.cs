using Varve.Catalog;
using Varve.Detect;
using Varve.Model;
using Varve.Tree;

namespace Varve.Repositories;

/// <summary>
/// Puts a snapshot that the catalog does not know into it, from its trees: the same rows as the run that made the snapshot wrote. Trees equal to what the
/// catalog has for a directory are not read, so a snapshot costs what it changed. One transaction a snapshot.
/// </summary>
internal sealed class SnapshotImporter(Repository repository, CatalogFile catalog, CatalogWriter writer)
{
    private readonly EntryTable _now = new();
    private readonly EntryTable _known = new();
    private readonly ByteWriter _scratch = new();

    private readonly record struct Pending(long Parent, byte[] Name, ChunkId Tree);

    /// <summary>Imports one snapshot; newer than all the catalog has of its source.</summary>
    internal void Import(SnapshotInfo info)
    {
        Snapshot snapshot = info.Snapshot;
        SnapshotPrivate names = snapshot.Private ?? throw new InvalidOperationException("needs the full key");
        long source = writer.EnsureSource(snapshot.SourceId, names.Source, names.Host, names.RootPath, names.CanonicalRoot);
        writer.AbandonRunning(source);
        long number = writer.StartSnapshot(source, snapshot.Start).Number;
        writer.Begin();
        try
        {
            // The reader is the writer's connection: it must see what this transaction did.
            using CatalogReader reader = catalog.OpenReader(writer);
            var stack = new Stack<Pending>();
            stack.Push(new Pending(0, CatalogFile.RootName(source), snapshot.RootTree));
            while (stack.TryPop(out Pending next)) { ImportDirectory(reader, source, number, next, stack); }
            writer.Commit();
        }
        catch
        {
            writer.Rollback();
            writer.AbandonRunning(source);
            throw;
        }

        writer.MarkCommitting(number, info.Name, snapshot);
        writer.CompleteSnapshot(number);
    }

    private void ImportDirectory(CatalogReader reader, long source, long number, Pending directory, Stack<Pending> stack)
    {
        bool exists = reader.TryGetDirectory(directory.Parent, directory.Name, out DirectoryRow row);
        if (exists && row.Tree == directory.Tree) { return; }
        long id = exists ? row.Id : writer.AllocateDirectoryId(source);
        if (!exists) { writer.InsertDirectory(directory.Parent, directory.Name, id); }
        _now.Clear();
        TreeReader.ReadTree(directory.Tree, repository.MetaChunks.Read, _now, rootTree: directory.Parent == 0);
        _known.Clear();
        reader.ReadDirectory(id, number, _known);
        Merge(id, number);

        FileTime ctime = new(long.MinValue, 0), mtime = ctime;
        for (int i = 0; i < _now.Count; i++)
        {
            ref EntryStat stat = ref _now.Stat(i);
            if (stat.Ctime > ctime) { ctime = stat.Ctime; }
            if (stat.Mtime > mtime) { mtime = stat.Mtime; }
            if (stat.Kind == EntryKind.Directory) { stack.Push(new Pending(id, _now.Name(i).ToArray(), ChildTree(_now.Details(i)))); }
        }

        writer.UpdateDirectory(directory.Parent, directory.Name, new DirectoryRow
        {
            Id = id, Digest = DirectoryDigest.Compute(_now), Tree = directory.Tree, NewestCtime = ctime, NewestMtime = mtime, Entries = _now.Count,
        });
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
                    else { writer.CloseRevision(id, _known.Name(k), _known.First(k), number); }
                    Insert(id, number, i);
                }

                i++;
                k++;
            }
        }
    }

    private void Insert(long id, long number, int i) =>
        writer.InsertRevision(id, _now.Name(i), number, in _now.Stat(i), _now.Flags(i), WithoutChildTree(_now.Details(i)));

    private void Remove(long id, long number, int k)
    {
        if (_known.Stat(k).Kind == EntryKind.Directory) { writer.CloseSubtree(id, _known.Name(k), number); }
        writer.CloseRevision(id, _known.Name(k), _known.First(k), number);
    }

    private bool IsSame(int i, int k)
    {
        ref EntryStat a = ref _now.Stat(i), b = ref _known.Stat(k);
        return a.Kind == b.Kind && a.Size == b.Size && a.Mtime == b.Mtime && a.Ctime == b.Ctime && a.Inode == b.Inode && a.Mode == b.Mode && a.Uid == b.Uid
            && a.Gid == b.Gid && _now.Flags(i) == _known.Flags(k) && WithoutChildTree(_now.Details(i)).SequenceEqual(_known.Details(k));
    }

    private ReadOnlySpan<byte> WithoutChildTree(ReadOnlySpan<byte> details)
    {
        if (!DetailsCodec.TryGet(details, DetailsCodec.ChildTreeTag, out _)) { return details; }
        _scratch.Clear();
        DetailsCodec.WithoutChildTree(_scratch, details);
        return _scratch.Written;
    }

    private static ChunkId ChildTree(ReadOnlySpan<byte> details) =>
        DetailsCodec.TryGet(details, DetailsCodec.ChildTreeTag, out ReadOnlySpan<byte> id) && id.Length == Bytes32.Size
            ? new ChunkId(id) : throw VarveException.Damaged("a tree", "a directory in it names no tree");
}
