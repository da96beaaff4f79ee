using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Backup.Visit;
using Varve.Freeze;
using Varve.Model;
using Varve.Model.Rules;
using Varve.Walk;

namespace Varve.Backup.Live;

/// <summary>
/// Walks a source as a backup would, with several threads, and hands on what it finds instead of saving it. Of several roots each is walked
/// by itself, under the paths where it is read. It knows no catalog.
/// </summary>
internal sealed class LiveWalk : IWalkVisitor<DirectoryNode>
{
    private readonly BackupPass _pass;
    private readonly SourceTree _source;
    private readonly ILiveSink _sink;
    private readonly (DirectoryNode? Node, EntryPath? Paths)[] _paths; // of each worker's last directory
    private DirectoryVisitor _filter = null!;
    private RulePaths _rules = null!;
    private byte[] _live = [];
    private int _prefix; // bytes of a path before what lies below the root

    /// <param name="pass">One that saves nothing.</param>
    /// <param name="source">The source.</param>
    /// <param name="sink">Where entries go.</param>
    /// <param name="threads">At least 1.</param>
    internal LiveWalk(BackupPass pass, SourceTree source, ILiveSink sink, int threads)
    {
        (_pass, _source, _sink) = (pass, source, sink);
        _paths = new (DirectoryNode?, EntryPath?)[threads];
    }

    /// <summary>Walks everything; failures are in the tally of the pass.</summary>
    internal void Run(CancellationToken cancelled)
    {
        foreach (SourceLayer layer in _source.Layers)
        {
            _live = layer.LivePath;
            _filter = new DirectoryVisitor(_pass, [], layer.Root, _live, layer.Prefix);
            _rules = new RulePaths(_pass.Run.Source.Canonical, _live, layer.Prefix);
            _prefix = layer.Prefix.Length == 0 ? 0 : layer.Prefix.Length + 1;
            Walk(layer, cancelled);
        }
    }

    /// <inheritdoc/>
    public void Visit(int worker, DirectoryNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<DirectoryNode> children)
    {
        _filter.ReadIgnoreFiles(node, handle, listing);
        node.Listing = _filter.Filter(node, handle, listing);
        _pass.Tally.Progress.AddDirectory();
        _sink.Directory(worker, LivePath(node), node.Listing);
        for (int i = 0; i < node.Listing.Count; i++)
        {
            ref EntryStat stat = ref node.Listing.Stat(i);
            if (stat.Kind != EntryKind.Directory) { continue; }
            if (!_filter.Enters(node.Device, in stat, node.Path(node.Listing.Name(i)))) { continue; }
            children.Add(node.Listing == listing ? i : listing.Find(node.Listing.Name(i)), node.Child(i, in stat));
        }

        if (node.Listing != listing) { _pass.Return(listing); }
        _pass.Return(node.Listing);
        node.Listing = null!;
    }

    /// <inheritdoc/>
    public bool Includes(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind)
    {
        if (_pass.Rules.IncludesAll) { return true; }
        ref (DirectoryNode? Node, EntryPath? Paths) mine = ref _paths[worker];
        if (mine.Node != node) { mine = (node, new EntryPath(node)); }
        return _pass.Rules.Includes(mine.Paths!.Of(name), kind, _rules);
    }

    /// <inheritdoc/>
    public void EntryFailed(int worker, DirectoryNode node, ReadOnlySpan<byte> name, Failure failure) =>
        _pass.Tally.Fail(failure with { Path = node.Path(name) });

    /// <inheritdoc/>
    public void EntryMissed(int worker, DirectoryNode node, ulong inode) => _pass.Tally.Fail(ReadFailure.Renamed(node.Path()));

    /// <inheritdoc/>
    public void Failed(int worker, DirectoryNode node, Failure failure)
    {
        _pass.Tally.Fail(failure with { Path = node.Path() });
        _sink.Failed(worker, LivePath(node));
    }

    /// <summary>Where a directory is read.</summary>
    private byte[] LivePath(DirectoryNode node)
    {
        byte[] path = node.Path();
        return path.Length <= _prefix ? _live : Paths.Join(_live, path.AsSpan(_prefix));
    }

    private void Walk(SourceLayer layer, CancellationToken cancelled)
    {
        SourceRoot root = layer.Root;
        var top = new DirectoryNode { Device = root.Stat.Device, Listing = new EntryTable() };
        top.Listing.Add(_live, in root.Stat);
        _sink.Directory(0, default, top.Listing);
        if (root.Stat.Kind != EntryKind.Directory) { return; }
        var node = new DirectoryNode { Parent = top, Name = _source.Name, Device = root.Stat.Device, Base = (root.RealPath, 0) };
        foreach (byte[] name in layer.Below)
        {
            node = new DirectoryNode { Parent = node, Name = name, Device = root.Stat.Device, Base = node.Base };
        }

        DirectoryHandle handle = root.OpenDirectory();
        try
        {
            var options = new WalkOptions { Threads = _paths.Length };
            new Walker<DirectoryNode>(this, _pass.Tables, options).Run(handle, node, cancelled);
        }
        finally { handle.Release(); }
    }
}
