using Varve.Backup.Commit;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Bytes;
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
        for (DirectoryNode? n = node; n is not null && Interlocked.Decrement(ref n.Pending) == 0; n = n.Parent)
        {
            Complete(n);
            if (n.Parent is null) { finished(n.Tree); }
            else { n.Parent.SetChildTree(n.IndexInParent, n.Tree, n.Tree != n.OldTree); }
        }
    }

    /// <summary>A directory could not be listed: it is not in the snapshot, and its parent has one thing less to wait for.</summary>
    internal void Fail(DirectoryNode node, Failure failure)
    {
        DirectoryNode parent = node.Parent!;
        if (parent.Parent is null) { throw RootFailure.Of(pass.Run.Source.Canonical, failure.Errno); }
        pass.Tally.Fail(failure);
        Omit(parent, node.IndexInParent);
        PartDone(parent);
    }

    /// <summary>
    /// Leaves an entry out of the tree and ends what the catalog knows of it. That is the committer's to find: what this run sent it
    /// before, a reader does not see yet.
    /// </summary>
    private void Omit(DirectoryNode node, int index)
    {
        node.Omit(index);
        CatalogChanges changes = pass.Changes.Rent(node);
        changes.Add(CatalogChanges.Kind.Drop, node.Listing, index, 0);
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
            if (node.Parent is null && listing.Count == 0) { throw RootFailed(); }
            node.Digest = DirectoryDigest.Compute(listing, pass.Rules.Compare);
            node.Tree = WriteTree(node);
            CatalogChanges changes = pass.Changes.Rent(node);
            changes.IsComplete = true;
            changes.Directory = DirectoryRow.Of(node.Id, pass.Run.Number, node.Digest, node.Tree, listing);
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

    /// <summary>A table from the pool for the length of a scope.</summary>
    private readonly struct Loan(BackupPass pass) : IDisposable
    {
        internal EntryTable Table { get; } = pass.Tables.Rent();

        public void Dispose() => pass.Return(Table);
    }
}
