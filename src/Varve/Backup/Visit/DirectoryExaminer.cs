using Varve.Backup.Commit;
using Varve.Backup.Deltas;
using Varve.Backup.Dirty;
using Varve.Backup.Order;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.History;
using Varve.History.Import;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Model.Bytes;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup.Visit;

/// <summary>
/// Detect: compares a directory that was listed with the catalog. Equal digest: nothing but a look-up. Otherwise the listing is merged with
/// what the catalog knows; what has no content is dealt with at once, regular files go to who hands them to the workers. One per walker.
/// </summary>
internal sealed class DirectoryExaminer(
    BackupPass pass, IFileFeed feed, DirectoryIds ids, DeltaSignatures? signatures, LazyCatalog catalog, TreeAssembler assembler)
{
    /// <summary>What a directory that the catalog does not know is merged with.</summary>
    private static readonly EntryTable s_nothing = new();

    private readonly DetailsBuilder _details = new();
    private readonly ByteWriter _path = new();
    private readonly GroupFinder _groups = new(pass.Rules.Groups);
    private DirectoryNode? _pathDirectory;
    private int _pathPrefix;
    private MoveFinder? _moves;

    /// <summary>Nanoseconds that the run had been going on for when the walker was done with its last directory.</summary>
    internal long Since { get; set; } = pass.Rules.Clocks.Elapsed;

    /// <summary>The files to read of the directory that was examined last.</summary>
    internal FileList Files { get; } = new();

    /// <summary>Completes directories on this thread.</summary>
    internal TreeAssembler Assembler => assembler;

    /// <summary>
    /// Compares a listed directory with the catalog and deals with all but regular files that must be read: these are added to
    /// <see cref="Files"/>.
    /// </summary>
    internal void Examine(DirectoryNode node, DirectoryHandle handle)
    {
        EntryTable listing = node.Listing;
        bool known = Identify(node, out DirectoryRow row);
        if (node.IsRecalled)
        {
            ExamineRecalled(node, handle);
            return;
        }

        if (!row.Tree.IsNone && (!pass.Rules.Force || node.IsAgain) && row.Digest == DirectoryDigest.Compute(listing, pass.Rules.Compare)
            && pass.Rules.IsBelievable(node, row.Recorded)
            && pass.Rules.IsSafe(node, in row)
            && !pass.Rules.Unstable.HasAnyIn(node.Id))
        {
            node.IsSame = true;
            if (node.IsAgain) { TakeBack(node, listing); } else { CountSame(listing); }
            if (pass.Dirty is not null) { pass.Tally.LookAt(listing); }
            return;
        }

        if (known && pass.Run.HasGaps) { node.Gaps = catalog.Reader.Gaps.OpenIn(node.Id, pass.Run.ResumedNumber); }
        CatalogChanges changes = pass.Changes.Rent(node);
        changes.IsDiscovery = node.IsNew;
        using MovedDirectory? moved = node.IsAgain ? null : FindMoved(node);
        changes.Origin = moved?.Link ?? 0;
        if (!node.IsAgain) { pass.Tally.TellEntered(node, isMoved: moved is not null); }
        _groups.Find(node);
        var sink = new MergeSink(pass, changes, handle, Files, _groups, _details, moved);
        if (known)
        {
            node.Known = pass.Tables.Rent();
            catalog.Reader.ReadDirectory(node.Id, pass.Run.ResumedNumber, node.Known);
            if (node.IsAgain) { TakeBack(node, node.Known); }
            if (pass.Dirty is not null) { pass.Tally.LookAt(node.Known); }
            if (moved is null && !node.IsNew) { pass.Missed?.See(node, node.Known, in handle.Stat); }
        }

        DirectoryMerge.Run(listing, node.Known ?? s_nothing, pass.Rules.SafeAt(node), pass.Rules.Compare, ref sink);
        sink.Settle();
        if (pass.Dirty is not null) { TakeBackGone(node, changes); }
        pass.Changes.Send(changes);
    }

    /// <summary>
    /// Whether a directory in which nothing itself changed is as the catalog has it, but for the child directories on the way to changes:
    /// these are looked at. Then its listing is made of that.
    /// </summary>
    internal bool Recalls(DirectoryNode node, DirectoryHandle handle, EntryTable listing)
    {
        if (!catalog.Reader.TryGetDirectory(node.Parent!.Id, node.Name, out DirectoryRow row) || row.Tree.IsNone || row.Digest.IsZero
            || !pass.Rules.IsSafe(node, in row))
        {
            return false;
        }

        catalog.Reader.ReadDirectory(row.Id, 0, listing);
        for (int i = 0; i < listing.Count; i++) { listing.Stat(i).Device = node.Device; }
        foreach ((byte[] name, DirtyNode child) in node.Dirty!.Children)
        {
            int i = listing.Find(name);
            if (i < 0 || Posix.StatAt(handle.Fd, name, out EntryStat now) != 0 || !IsOnTheWay(node, child, in now, listing, i))
            {
                listing.Clear();
                return false;
            }

            listing.Stat(i) = now;
        }

        node.IsRecalled = true;
        return true;
    }

    /// <summary>
    /// Whether a child directory of one whose changes are known, entry <paramref name="i"/> of its listing, stands with all below it,
    /// without being looked at. If not, <paramref name="dirty"/> says what is known of changes in it: nothing of one that is not what it
    /// was.
    /// </summary>
    internal bool StandsUnseen(DirectoryNode node, int i, out DirtyNode? dirty)
    {
        dirty = node.Dirty!.Find(node.Listing.Name(i));
        if (!node.IsSame && !(node.IsRecalled && dirty is null))
        {
            EntryTable known = node.Known ?? s_nothing;
            int k = known.Find(node.Listing.Name(i));
            if (k < 0 || !IsOnTheWay(node, dirty, in node.Listing.Stat(i), known, k))
            {
                dirty = null;
                return false;
            }
        }

        if (dirty is not null || TreeOf(node, i) is not { IsNone: false } tree) { return false; }
        node.SetChildTree(i, tree, changed: false);
        return true;
    }

    /// <summary>
    /// Whether a directory is the one that row <paramref name="k"/> has: its number is the same; and if its entries are not looked at, all
    /// else is, stamps included, so that no other has its number by now.
    /// </summary>
    private bool IsOnTheWay(DirectoryNode node, DirtyNode? dirty, in EntryStat now, EntryTable known, int k)
    {
        ref EntryStat before = ref known.Stat(k);
        if (now.Kind != EntryKind.Directory || before.Kind != EntryKind.Directory || now.Inode != before.Inode || now.Device != node.Device)
        {
            return false;
        }

        return dirty is { IsListed: true } || ChangePredicate.Compare(in now, in before, pass.Rules.SafeAt(node).For(known.First(k)),
            pass.Rules.Compare) == Change.Unchanged;
    }

    /// <summary>The entries are the rows, but for child directories that were looked at.</summary>
    private void ExamineRecalled(DirectoryNode node, DirectoryHandle handle)
    {
        EntryTable listing = node.Listing, known = pass.Tables.Rent();
        catalog.Reader.ReadDirectory(node.Id, 0, known);
        node.Known = known;
        pass.Tally.LookAt(known);
        CatalogChanges changes = pass.Changes.Rent(node);
        _groups.Find(node);
        bool isSame = true;
        var sink = new MergeSink(pass, changes, handle, Files, _groups, _details, null);
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            if (node.Dirty!.Find(listing.Name(i)) is not null)
            {
                Change change = ChangePredicate.Compare(in stat, in known.Stat(i), pass.Rules.SafeAt(node).For(known.First(i)),
                    pass.Rules.Compare);
                if (change == Change.Unchanged) { continue; }
                isSame = false;
                sink.Differs(i, i, change);
            }
            else if (stat.Kind != EntryKind.Directory)
            {
                pass.Tally.CountUnchanged(node);
                if (stat.Kind == EntryKind.File) { pass.Tally.Progress.AddFiles(1, stat.Size); }
            }
        }

        node.IsSame = isSame;
        pass.Changes.Send(changes);
    }

    /// <summary>What was below directories that are gone is in the snapshot no more.</summary>
    private void TakeBackGone(DirectoryNode node, CatalogChanges changes)
    {
        foreach (CatalogChanges.RowChange change in changes.Changes)
        {
            if (change.Kind != CatalogChanges.Kind.CloseSubtree) { continue; }
            ReadOnlySpan<byte> name = changes.Rows.Name(change.Row);
            pass.Tally.LookAt(catalog.Reader.Gaps.CountBelow(node.Id, name));
            pass.LeftOut.ForgetBelow(node.Path(name));
        }
    }

    /// <summary>The child directories of one that is visited again, as they were seen before; null for any other.</summary>
    internal SeenChildren? SeenIn(DirectoryNode node) => node.IsAgain ? pass.Revisit!.ChildrenOf(node) : null;

    /// <summary>
    /// Whether child directory <paramref name="i"/>, which has that number among those seen before, need not be visited again: then its
    /// tree stands.
    /// </summary>
    internal bool Stands(DirectoryNode node, int i, int seen)
    {
        if (seen < 0 || pass.Revisit!.Includes(seen) || TreeOf(node, i) is not { IsNone: false } tree) { return false; }
        node.SetChildTree(i, tree, changed: false);
        return true;
    }

    /// <summary>What of the child directories that were seen before is not where it was is forgotten.</summary>
    internal void Leave(DirectoryNode node, SeenChildren? seen)
    {
        seen?.Leave(name =>
        {
            if (node.Kept?.Exists(k => node.Known!.Name(k).SequenceEqual(name)) == true) { return true; }
            pass.Tally.TakeBack(catalog.Reader.Gaps.CountBelow(node.Id, name));
            pass.LeftOut.ForgetBelow(node.Path(name));
            return false;
        });
    }

    private ChunkId TreeOf(DirectoryNode node, int i) =>
        catalog.Reader.TryGetDirectory(node.Id, node.Listing.Name(i), out DirectoryRow row) ? row.Tree : default;

    /// <summary>What was counted when a directory was visited before, it being complete then.</summary>
    private void TakeBack(DirectoryNode node, EntryTable entries)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries != node.Known || node.HasSaved(i)) { pass.Tally.TakeBack(in entries.Stat(i)); }
        }
    }

    /// <summary>Gives the files to read to who hands them out.</summary>
    internal void Enqueue(DirectoryNode node, DirectoryHandle handle) => feed.Add(node, handle, Files, assembler);

    /// <summary>The walk is over: no file waits for others to be found.</summary>
    internal void Flush() => feed.Flush(assembler);

    /// <summary>A directory on another file system that is not to be entered: as if there were nothing in it.</summary>
    internal void SaveEmpty(DirectoryNode parent, DirectoryHandle handle, int i, in EntryStat stat)
    {
        Interlocked.Increment(ref parent.Pending);
        DirectoryNode node = parent.Child(i, in stat);
        byte[] path = node.Path();
        pass.Tally.NotEntered(stat.Device, path);
        pass.LeftOut.Add(parent, path, LeftOutReason.NotEntered);
        node.Listing = pass.Tables.Rent();
        Examine(node, handle);
        assembler.PartDone(node);
    }

    /// <summary>
    /// A path relative to the source's root, for as long as the next call takes. One that is asked for again and again in the same
    /// directory costs a copy of the name.
    /// </summary>
    internal ReadOnlySpan<byte> PathOf(DirectoryNode directory, ReadOnlySpan<byte> name)
    {
        if (directory != _pathDirectory)
        {
            byte[] prefix = directory.Path();
            _pathDirectory = directory;
            _path.Clear();
            _path.Raw(prefix);
            if (prefix.Length > 0) { _path.U8((byte)'/'); }
            _pathPrefix = _path.Length;
        }

        _path.Truncate(_pathPrefix);
        _path.Raw(name);
        return _path.Written;
    }

    /// <summary>Finds the directory in the catalog, or gives it an id; whether it is there.</summary>
    private bool Identify(DirectoryNode node, out DirectoryRow row)
    {
        row = default;
        if (node.Parent is null)
        {
            node.Id = pass.Run.Source.RootDirectory;
            return true;
        }

        if (catalog.Reader.TryGetDirectory(node.Parent.Id, node.Name, out row))
        {
            node.Id = row.Id;
            node.OldTree = row.Tree;
            return true;
        }

        node.IsNew = true;
        node.Id = ids.Next();
        return false;
    }

    private MovedDirectory? FindMoved(DirectoryNode node)
    {
        if (!MovedDirectory.MayBe(pass, node)) { return null; }
        _moves ??= new MoveFinder(
            catalog.Reader, pass.Run.Source.Id, pass.Run.Number, onlyByBirth: (pass.Rules.Compare & ChangeRules.IgnoreCtime) != 0);
        return MovedDirectory.Find(pass, _moves, catalog.Reader, signatures, node);
    }

    private void CountSame(EntryTable listing)
    {
        long others = 0, files = 0, bytes = 0;
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            if (stat.Kind == EntryKind.Directory) { continue; }
            others++;
            if (stat.Kind != EntryKind.File) { continue; }
            files++;
            bytes = Saturating.Add(bytes, stat.Size);
        }

        Interlocked.Add(ref pass.Tally.Unchanged, others);
        pass.Tally.Progress.AddFiles(files, bytes);
    }
}
