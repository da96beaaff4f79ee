using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Model.Bytes;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

namespace Varve.History.Import;

/// <summary>
/// Puts a snapshot that the catalog does not know into it, from its trees: the same rows as the run that made the snapshot wrote. Trees
/// equal to what the catalog has for a directory are not read, so a snapshot costs what it changed. One transaction a snapshot.
/// </summary>
internal sealed class SnapshotImporter(MetaReader trees, CatalogFile catalog, CatalogWriter writer, bool noLimits)
{
    private readonly EntryTable _now = new();
    private readonly EntryTable _known = new();
    private readonly ByteWriter _scratch = new();
    private readonly MetaScope _meta = trees.OpenScope();
    private readonly Stack<Pending> _below = new();
    private LeafVisitor? _addLeaf;
    private FileTime _start;
    private EntryBudget _budget = null!;
    private CancellationToken _cancelled;
    private bool _isPartial;
    private ImportDistrust _distrust;
    private MissingEntries _missing = MissingEntries.None;
    private bool _hasGaps; // of the source, before this snapshot
    private bool _misses; // in the directory at hand
    private readonly HashSet<long> _looked = []; // directories to look into even if their trees are as they were

    /// <summary>A directory to import; or, with its row, one below which all is imported: trees are recorded from the bottom up.</summary>
    private readonly record struct Pending(long Parent, byte[] Name, ChunkId Tree, ulong Mount, MovedEntry? Moved = null,
        DirectoryRow? Done = null);

    /// <summary>A directory's own entry, if the snapshot before had it not at that place.</summary>
    private sealed record MovedEntry(EntryStat Stat, byte[] Details);

    /// <summary>Imports one snapshot; newer than all the catalog has of its source. Nothing of it is left if it is cancelled.</summary>
    /// <exception cref="VarveException">Damaged, also for a snapshot that goes on beyond its counts; Usage: more than wants to be asked
    /// for, as it counts itself. Nothing of it is left.</exception>
    internal void Import(SnapshotInfo info, CancellationToken cancellationToken)
    {
        (_budget, _cancelled) = (new EntryBudget(info, noLimits), cancellationToken);
        _budget.RequireEntriesWithin(); // or some KB would be imported for days before they are found to be too much
        Snapshot snapshot = info.Snapshot;
        (_start, _isPartial, _distrust) = (snapshot.Start, snapshot.IsPartial, new ImportDistrust(snapshot));
        SnapshotPrivate names = snapshot.Private ?? throw new InvalidOperationException("needs the full key");
        SourceRow source = writer.PutSource(snapshot.HistoryId, names.Source, names.Host, names.RootPath, names.CanonicalRoot);
        writer.Snapshots.Abandon(source.Id);
        long number = writer.Snapshots.Start(source.Id, snapshot.Start, names.Place).Number;
        DirectoryIds ids = writer.DirectoryIds(source.Id);

        // It sees what was committed before: enough, because a directory is read before this import writes to it, and once.
        using CatalogReader reader = catalog.OpenReader(cancellationToken);
        bool isFirst = reader.LatestComplete(source.Id) is null;
        MoveFinder? moves = isFirst ? null : new MoveFinder(reader, source.Id, number, onlyByBirth: false);
        _missing = MissingEntries.Of(snapshot, trees, reader, source);
        FindGaps(reader, source.Id);
        writer.Begin();
        try
        {
            ImportTree(reader, moves, ids, number, snapshot.RootTree, source.RootDirectory);
            foreach (RemovableRoot root in names.Removable)
            {
                if (!root.IsThere && reader.Gaps.TryFindPlace(source, root.Below, out long directory, out byte[] name))
                {
                    writer.Gaps.Keep(directory, name, number);
                }
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

    /// <summary>
    /// Records the trees and digests of a snapshot that is the last of its source, where they are missing since newer ones were taken out,
    /// and what it calls the source.
    /// </summary>
    /// <exception cref="VarveException">Damaged. Nothing is changed.</exception>
    internal void Refresh(SnapshotInfo info, SourceRow source, long number, CancellationToken cancellationToken)
    {
        (_budget, _cancelled) = (new EntryBudget(info, isUnlimited: true), cancellationToken);
        Snapshot snapshot = info.Snapshot;
        (_start, _isPartial, _distrust) = (snapshot.Start, snapshot.IsPartial, new ImportDistrust(snapshot));
        SnapshotPrivate names = snapshot.Private ?? throw new InvalidOperationException("needs the full key");
        source = writer.PutSource(source.Uid, names.Source, names.Host, names.RootPath, names.CanonicalRoot);
        using CatalogReader reader = catalog.OpenReader(cancellationToken);
        _missing = MissingEntries.Of(snapshot, trees, reader, source);
        FindGaps(reader, source.Id);
        DirectoryIds ids = writer.DirectoryIds(source.Id);
        writer.Begin();
        try
        {
            ImportTree(reader, null, ids, number, snapshot.RootTree, source.RootDirectory);
            writer.Commit();
        }
        catch
        {
            writer.Rollback();
            throw;
        }
    }

    private void ImportTree(CatalogReader reader, MoveFinder? moves, DirectoryIds ids, long number, ChunkId tree, long root)
    {
        var stack = new Stack<Pending>();
        ImportEntries(reader, new Pending(0, [], tree, 0), root, exists: true, number, isRoot: true, stack);
        while (stack.TryPop(out Pending next))
        {
            _cancelled.ThrowIfCancellationRequested();
            if (next.Done is { } row) { writer.UpdateDirectory(next.Parent, next.Name, row); }
            else { ImportDirectory(reader, moves, ids, number, next, stack); }
        }
    }

    private void ImportDirectory(CatalogReader reader, MoveFinder? moves, DirectoryIds ids, long number, Pending directory,
        Stack<Pending> stack)
    {
        bool exists = reader.TryGetDirectory(directory.Parent, directory.Name, out DirectoryRow row);
        if (exists && row.Tree == directory.Tree && !_looked.Contains(row.Id)) { return; }
        long id = exists ? row.Id : ids.Next();
        _missing.Enter(directory.Parent, id);
        if (!exists) { writer.InsertDirectory(number, directory.Parent, directory.Name, id); }
        if (directory.Moved is { } entry && moves?.Find(entry.Stat, entry.Details, directory.Mount, id, out _) is { } origin and > 0)
        {
            writer.RecordMove(id, number, origin);
        }

        ImportEntries(reader, directory, id, exists, number, isRoot: false, _below);

        Bytes32 digest = _misses ? default : DirectoryDigest.ToRecord(_now);
        stack.Push(directory with { Done = DirectoryRow.Of(id, number, digest, directory.Tree, _now) });
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
        Merge(reader, id, number);
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
        while (leaf.MoveNext())
        {
            _cancelled.ThrowIfCancellationRequested();
            // Entries alone: what files would take is not taken here.
            if (!_budget.Take()) { throw _budget.Beyond(); }
            _now.Add(leaf.Name, leaf.Stat, leaf.Details, leaf.Flags);
        }
    }

    /// <summary>
    /// Directories with something that the snapshots before had not seen, and this one had no trouble with, and those above them: whether
    /// it is gone does not show in their trees.
    /// </summary>
    private void FindGaps(CatalogReader reader, long source)
    {
        _looked.Clear();
        IReadOnlyList<GapRow> gaps = reader.Gaps.OfSource(source);
        _hasGaps = gaps.Count > 0;
        foreach (GapRow gap in gaps)
        {
            if (gap.Last != long.MaxValue || _missing.Has(gap.Directory, gap.Name)) { continue; }
            for (long at = gap.Directory; _looked.Add(at) && reader.TryLocate(at, out long parent, out _); at = parent) { }
        }
    }

    private void Merge(CatalogReader reader, long id, long number)
    {
        _misses = false;
        foreach (GapRow gap in _hasGaps ? reader.Gaps.OpenIn(id, 0) ?? [] : [])
        {
            if (_now.Find(gap.Name) >= 0) { writer.Gaps.Close(id, gap.Name, number); }
        }

        int i = 0, k = 0;
        while (i < _now.Count || k < _known.Count)
        {
            _cancelled.ThrowIfCancellationRequested();
            int order = i == _now.Count ? 1 : k == _known.Count ? -1 : _now.Name(i).SequenceCompareTo(_known.Name(k));
            if (order > 0) { Miss(id, number, k++); }
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
        UnstableReason? distrust = _distrust.ReasonOf(in _now.Stat(i), _now.Flags(i));
        if (distrust is { } reason) { writer.Unstable.Put(id, _now.Name(i), reason, _start, number); }
        else { writer.Unstable.Remove(id, _now.Name(i)); }
    }

    /// <summary>It could not be saved, and is as it was known; or it is gone.</summary>
    private void Miss(long id, long number, int k)
    {
        if (!_missing.Has(id, _known.Name(k)))
        {
            Remove(id, number, k);
            return;
        }

        writer.Gaps.Open(id, _known.Name(k), number, GapKind.Failed);
        _misses = true;
    }

    private void Remove(long id, long number, int k)
    {
        if (_known.Stat(k).Kind == EntryKind.Directory) { writer.Subtrees.Close(id, _known.Name(k), number); }
        writer.Revisions.Close(id, _known.Name(k), _known.First(k), number);
        // What a partial snapshot has not may be still to come, and is as doubtful as before.
        if (!_isPartial) { writer.Unstable.Remove(id, _known.Name(k)); }
        if (_hasGaps) { writer.Gaps.Close(id, _known.Name(k), number); }
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
