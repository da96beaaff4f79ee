using Varve.Backup.Commit;
using Varve.Backup.Content;
using Varve.Backup.Deltas;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.History;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Walk;

namespace Varve.Backup.Visit;

/// <summary>
/// Detect: compares a directory that was listed with the catalog. Equal digest: nothing but a look-up. Otherwise the listing is merged with
/// what the catalog knows; what has no content is dealt with at once, regular files go to the workers in batches. One per walker.
/// </summary>
internal sealed class DirectoryExaminer(
    BackupPass pass, WorkQueue work, DirectoryIds ids, DeltaSignatures? signatures, LazyCatalog catalog, TreeAssembler assembler)
{
    private const int MaxBatchFiles = 256;
    private const long MaxBatchBytes = 4 << 20;

    /// <summary>What a directory that the catalog does not know is merged with.</summary>
    private static readonly EntryTable s_nothing = new();

    private readonly DetailsBuilder _details = new();
    private readonly ByteWriter _path = new();
    private DirectoryNode? _pathDirectory;
    private int _pathPrefix;
    private MoveFinder? _moves;

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
        if (!row.Tree.IsNone && !pass.Rules.Force && row.Digest == DirectoryDigest.Compute(listing, pass.Rules.Compare)
            && pass.Rules.IsSafe(node, in row)
            && !pass.Rules.Unstable.HasAnyIn(node.Id))
        {
            node.IsSame = true;
            CountSame(listing);
            return;
        }

        CatalogChanges changes = pass.Changes.Rent(node);
        changes.IsDiscovery = node.IsNew;
        using MovedDirectory? moved = FindMoved(node);
        changes.Origin = moved?.Link ?? 0;
        var sink = new MergeSink(pass, changes, handle, Files, _details, moved);
        if (known)
        {
            node.Known = pass.Tables.Rent();
            catalog.Reader.ReadDirectory(node.Id, pass.Run.ResumedNumber, node.Known);
        }

        DirectoryMerge.Run(listing, node.Known ?? s_nothing, pass.Rules.Safe, pass.Rules.Compare, ref sink);
        pass.Changes.Send(changes);
    }

    /// <summary>Puts the files to read on their edge in batches, in inode order; counts each on the node first.</summary>
    internal void Enqueue(DirectoryNode node, DirectoryHandle handle)
    {
        FileList files = Files;
        files.Sort(node.Listing);
        for (int start = 0; start < files.Count;)
        {
            long bytes = 0;
            int end = start;
            do { bytes += node.Listing.Stat(files[end++].Now).Size; }
            while (end < files.Count && end - start < MaxBatchFiles && bytes + node.Listing.Stat(files[end].Now).Size <= MaxBatchBytes);
            Interlocked.Increment(ref node.Pending);
            handle.AddRef();
            ReadBatch batch = work.Rent(node, handle);
            for (int i = start; i < end; i++) { batch.Items.Add(files[i]); }
            if (!work.Put(batch))
            {
                handle.Release();
                throw new OperationCanceledException();
            }

            start = end;
        }
    }

    /// <summary>A directory on another file system that is not to be entered: as if there were nothing in it.</summary>
    internal void SaveEmpty(DirectoryNode parent, DirectoryHandle handle, int i, in EntryStat stat)
    {
        Interlocked.Increment(ref parent.Pending);
        DirectoryNode node = parent.Child(i, in stat);
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
            bytes += stat.Size;
        }

        Interlocked.Add(ref pass.Tally.Unchanged, others);
        pass.Tally.Progress.AddFiles(files, bytes);
    }
}
