using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;
using Varve.Walk;

namespace Varve.Backup.Passes;

/// <summary>
/// A walk over the source that only looks: how much there is to read, by age. It opens no file and writes nothing. What fails here fails
/// again, and is reported, when the source is saved. Moved trees count as to be read: the figures only have to be good enough to cut bands
/// by.
/// </summary>
internal sealed class Survey : IWalkVisitor<DirectoryNode>, IDisposable
{
    private readonly BackupPass _pass;
    private readonly AgeHistogram _ages;
    private readonly CatalogReader[] _catalogs;
    private readonly EntryTable[] _known;

    private ulong _device; // of the root at hand

    private Survey(BackupPass pass, AgeHistogram ages, Func<CatalogReader> openCatalog, int threads)
    {
        _pass = pass;
        _ages = ages;
        _catalogs = [.. Enumerable.Range(0, threads).Select(_ => openCatalog())];
        _known = [.. Enumerable.Range(0, threads).Select(static _ => new EntryTable())];
    }

    /// <summary>Fills <paramref name="ages"/>, with so many threads.</summary>
    internal static void Run(BackupPass pass, SourceTree source, AgeHistogram ages, Func<CatalogReader> openCatalog, int threads,
        CancellationToken cancelled)
    {
        var options = new WalkOptions { Threads = threads };
        using var survey = new Survey(pass, ages, openCatalog, options.Threads);
        // Root by root: a file of which several have one counts for each.
        foreach (SourceLayer layer in source.Layers)
        {
            survey.Walk(source, layer.Root, layer.Below, options, cancelled);
            foreach ((byte[][] path, SourceRoot root) in layer.Mounts)
            {
                if (root.Stat.Kind == EntryKind.Directory) { survey.Walk(source, root, [.. layer.Below, .. path], options, cancelled); }
            }
        }
    }

    private void Walk(SourceTree source, SourceRoot root, byte[][] path, WalkOptions options, CancellationToken cancelled)
    {
        _device = root.Stat.Device;
        var node = new DirectoryNode { Device = _device, Id = _pass.Run.Source.RootDirectory };
        node = new DirectoryNode { Parent = node, Name = source.Name, Device = _device };
        foreach (byte[] name in path)
        {
            Identify(0, node);
            node = new DirectoryNode { Parent = node, Name = name, Device = _device };
        }

        DirectoryHandle handle = root.OpenDirectory();
        try { new Walker<DirectoryNode>(this, _pass.Tables, options).Run(handle, node, cancelled); }
        finally { handle.Release(); }
    }

    private DirectoryRow Identify(int worker, DirectoryNode node)
    {
        DirectoryRow row = default;
        node.IsNew = node.Parent!.IsNew || !_catalogs[worker].TryGetDirectory(node.Parent.Id, node.Name, out row);
        node.Id = row.Id;
        return row;
    }

    /// <inheritdoc/>
    public void Visit(int worker, DirectoryNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<DirectoryNode> children)
    {
        node.Listing = listing;
        _pass.Tally.Progress.AddDirectory();
        DirectoryRow row = Identify(worker, node);
        bool stands = !row.Tree.IsNone && !_pass.Rules.Unstable.HasAnyIn(node.Id)
            && row.Digest == DirectoryDigest.Compute(listing, _pass.Rules.Compare) && _pass.Rules.IsSafe(node, in row);
        if (!stands) { Count(worker, node); }
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            bool enters = stat.Kind == EntryKind.Directory && !(_pass.Rules.OneFileSystem && stat.Device != _device)
                && _pass.Rules.OwnAt(node, listing.Name(i), in stat) is null;
            if (enters) { children.Add(i, node.Child(i, in stat)); }
        }

        node.Listing = null!;
        _pass.Return(listing);
    }

    /// <inheritdoc/>
    public bool Includes(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind) =>
        _pass.Rules.IncludesAll || _pass.Rules.Includes(node.Path(name), kind);

    /// <inheritdoc/>
    public void EntryFailed(int worker, DirectoryNode node, ReadOnlySpan<byte> name, Failure failure)
    {
    }

    /// <inheritdoc/>
    public void EntryMissed(int worker, DirectoryNode node, ulong inode)
    {
    }

    /// <inheritdoc/>
    public void Failed(int worker, DirectoryNode node, Failure failure)
    {
    }

    private void Count(int worker, DirectoryNode node)
    {
        EntryTable known = _known[worker];
        known.Clear();
        if (!node.IsNew) { _catalogs[worker].ReadDirectory(node.Id, _pass.Run.ResumedNumber, known); }
        var sink = new SurveySink(_pass.Rules, node, _ages);
        node.Known = known;
        DirectoryMerge.Run(node.Listing, known, _pass.Rules.SafeAt(node), _pass.Rules.Compare, ref sink);
        node.Known = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (CatalogReader catalog in _catalogs) { catalog.Dispose(); }
    }
}
