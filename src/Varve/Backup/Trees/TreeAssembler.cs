using Varve.Backup.Commit;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Platform;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;

namespace Varve.Backup.Trees;

/// <summary>
/// Completes directories: when the visit, the files and the child directories of one are all done, its tree is written (unless nothing
/// changed: then the catalog's stands), the catalog hears of it, and its parent has one thing less to wait for. Runs on the thread that
/// finished the last part. One per thread.
/// </summary>
/// <param name="pass">The pass.</param>
/// <param name="store">Stores trees.</param>
/// <param name="owners">Names of owners, for trees.</param>
/// <param name="catalog">The thread's connection.</param>
/// <param name="finished">Hears of the root tree (none after an ordering pass) when all is done.</param>
internal sealed class TreeAssembler(BackupPass pass, StoreMeta store, IOwnerNames owners, LazyCatalog catalog, Action<ChunkId> finished)
{
    private readonly TreeWriter _tree = new(store, owners);
    private readonly ByteWriter _scratch = new();

    /// <summary>One part of <paramref name="node"/> is done; completes it, and its parents, if it was the last.</summary>
    internal void PartDone(DirectoryNode node)
    {
        for (DirectoryNode? n = node; n is not null; n = n.Parent)
        {
            int left = Interlocked.Decrement(ref n.Pending);
            if (left == 1) { pass.Seen.OnePartLeft(n); }
            if (left != 0) { return; }
            Complete(n);
            if (n.IsLoose) { return; }
            if (n.Parent is null) { finished(n.Tree); }
            else { n.Parent.SetChildTree(n.IndexInParent, n.Tree, n.Tree != n.OldTree); }
        }
    }

    /// <summary>
    /// A directory could not be listed: it is not in the snapshot, and its parent has one thing less to wait for. One whose name is gone is
    /// no failure if the parent is visited again.
    /// </summary>
    internal void Fail(DirectoryNode node, Failure failure)
    {
        DirectoryNode parent = node.Parent!;
        if (parent.Parent is null) { throw RootFailure.Of(pass.Run.Source.Canonical, failure.Errno); }
        // Its name is gone, or that of a directory above: it may have another now.
        bool isGone = failure.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ESTALE;
        if (!isGone || !pass.Seen.Miss(parent)) { pass.Tally.Fail(failure); }
        if (!isGone && node.IsAgain) { pass.Seen.Forget(node.Seen, isSaved: false); }
        // What an earlier visit saved of it was there at a moment of the run.
        if (isGone && node.IsAgain && catalog.Reader.TryGetDirectory(parent.Id, node.Name, out DirectoryRow row) && !row.Tree.IsNone)
        {
            parent.SetChildTree(node.IndexInParent, row.Tree, changed: true);
        }
        else { Omit(parent, node.IndexInParent); }

        PartDone(parent);
    }

    /// <summary>
    /// Leaves an entry out of the tree. What the catalog knows of it, and of all below it, stands: it is not gone.
    /// </summary>
    private void Omit(DirectoryNode node, int index)
    {
        node.Miss(index, wasKnown: node.IsSame || node.Known?.Find(node.Listing.Name(index)) >= 0);
        CatalogChanges changes = pass.Changes.Rent(node);
        changes.Miss(node.Listing, index);
        pass.Changes.Send(changes);
    }

    private void Complete(DirectoryNode node)
    {
        if (pass.Intake.IsOrdering)
        {
            Release(node);
            return;
        }

        EntryTable listing = node.Listing;
        for (int i = 0; i < listing.Count; i++)
        {
            if (node.Omitted?.Contains(i) != true) { pass.Tally.Present(in listing.Stat(i)); }
        }

        if (node.IsSame && !node.IsDirty) { node.Tree = node.OldTree; }
        else
        {
            if (node.IsSame) { LoadDetails(node); }
            if (node.Omitted is not null) { listing = node.Listing = WithoutOmitted(node); }
            if (node.Kept is not null) { listing = node.Listing = WithKept(node); }
            if (node.Parent is null && listing.Count == 0) { throw RootFailed(); }
            node.Digest = node.HasMissed ? default : DirectoryDigest.ToRecord(listing, pass.Rules.Compare);
            node.Tree = WriteTree(node);
            CatalogChanges changes = pass.Changes.Rent(node);
            changes.IsComplete = true;
            changes.Directory = DirectoryRow.Of(node.Id, pass.Run.Number, node.Digest, node.Tree, listing);
            if (node.Parent is not null && pass.Rules.MayHideChanges(node, changes.Directory)) { pass.Still.Add(node.Path()); }
            pass.Changes.Send(changes);
        }

        Release(node);
    }

    private void Release(DirectoryNode node)
    {
        pass.Return(node.Listing);
        pass.Return(node.Known);
        node.Listing = null!;
        node.Known = null;
    }

    /// <summary>Nothing was saved: that is no snapshot.</summary>
    private VarveException RootFailed()
    {
        (IReadOnlyList<Failure> failures, _) = pass.Tally.Failures();
        string reason = failures.Count > 0 ? failures[0].Message : "it is gone";
        return new VarveException(ErrorKind.Storage, Subject.Source(pass.Run.Source.Canonical), reason, Advice.CheckPath);
    }

    private ChunkId WriteTree(DirectoryNode node)
    {
        EntryTable listing = node.Listing;
        _tree.Begin(rootTree: node.Parent is null);
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            ReadOnlySpan<byte> details = listing.Details(i);
            if (stat.Kind == EntryKind.Directory)
            {
                _scratch.Clear();
                DetailsCodec.WithChildTree(_scratch, details, node.ChildTrees![i]);
                details = _scratch.Written;
            }

            _tree.Add(listing.Name(i), in stat, listing.Flags(i), details);
        }

        return _tree.Finish();
    }

    /// <summary>The rows stand but a child's tree changed: what the catalog knows of the entries goes into the listing.</summary>
    private void LoadDetails(DirectoryNode node)
    {
        using var known = new Loan(pass);
        catalog.Reader.ReadDirectory(node.Id, pass.Run.ResumedNumber, known.Table);
        for (int k = 0; k < known.Table.Count; k++)
        {
            int i = node.Listing.Find(known.Table.Name(k));
            if (i < 0 || known.Table.Last(k) != long.MaxValue) { continue; }
            node.Listing.SetDetails(i, known.Table.Details(k));
            node.Listing.Flags(i) = known.Table.Flags(k);
        }
    }

    private EntryTable WithoutOmitted(DirectoryNode node)
    {
        EntryTable kept = pass.Tables.Rent();
        var trees = new Dictionary<int, ChunkId>();
        for (int i = 0; i < node.Listing.Count; i++)
        {
            if (node.Omitted!.Contains(i)) { continue; }
            int at = kept.Add(node.Listing.Name(i), in node.Listing.Stat(i), node.Listing.Details(i), node.Listing.Flags(i));
            if (node.ChildTrees?.TryGetValue(i, out ChunkId tree) == true) { trees[at] = tree; }
        }

        pass.Return(node.Listing);
        node.ChildTrees = trees;
        return kept;
    }

    /// <summary>
    /// What a root that is not there had in the directory, as it was last seen. A directory whose tree a killed run left unfinished cannot
    /// be kept: it is missed.
    /// </summary>
    private EntryTable WithKept(DirectoryNode node)
    {
        EntryTable known = node.Known!, merged = pass.Tables.Rent();
        var trees = new Dictionary<int, ChunkId>();
        int kept = 0, i = 0;
        while (i < node.Listing.Count || kept < node.Kept!.Count)
        {
            int order = kept == node.Kept!.Count ? -1 : i == node.Listing.Count ? 1
                : node.Listing.Name(i).SequenceCompareTo(known.Name(node.Kept[kept]));
            if (order < 0)
            {
                int at = merged.Add(node.Listing.Name(i), in node.Listing.Stat(i), node.Listing.Details(i), node.Listing.Flags(i));
                if (node.ChildTrees?.TryGetValue(i, out ChunkId tree) == true) { trees[at] = tree; }
                i++;
            }
            else { Keep(node, node.Kept[kept++], merged, trees); }
        }

        pass.Return(node.Listing);
        node.ChildTrees = trees;
        return merged;
    }

    private void Keep(DirectoryNode node, int k, EntryTable merged, Dictionary<int, ChunkId> trees)
    {
        EntryTable known = node.Known!;
        ref EntryStat stat = ref known.Stat(k);
        ChunkId tree = stat.Kind == EntryKind.Directory && catalog.Reader.TryGetDirectory(node.Id, known.Name(k), out DirectoryRow row)
            && pass.Rules.IsBelievable(node, row.Recorded) ? row.Tree : default;
        if (stat.Kind == EntryKind.Directory && tree.IsNone)
        {
            pass.Tally.Fail(new Failure(node.Path(known.Name(k)), FailedOperation.List, 0, "was not saved whole when it was last seen"));
            CatalogChanges changes = pass.Changes.Rent(node);
            changes.Miss(known, k);
            pass.Changes.Send(changes);
            node.HasMissed = true;
            return;
        }

        int at = merged.Add(known.Name(k), in stat, known.Details(k), known.Flags(k));
        if (stat.Kind == EntryKind.Directory) { trees[at] = tree; }
        if (node.IsAgain) { pass.Tally.Present(in stat); } // what is below it was counted before
        else if (stat.Kind != EntryKind.Directory) { pass.Tally.Keep(in stat); }
        else { pass.Tally.Keep(in stat, catalog.Reader.Gaps.CountBelow(node.Id, known.Name(k))); }
    }

    /// <summary>A table from the pool for the length of a scope.</summary>
    private readonly struct Loan(BackupPass pass) : IDisposable
    {
        internal EntryTable Table { get; } = pass.Tables.Rent();

        public void Dispose() => pass.Return(Table);
    }
}
