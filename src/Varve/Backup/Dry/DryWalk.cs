using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Backup.Visit;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Model.Changes;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Walk;

namespace Varve.Backup.Dry;

/// <summary>
/// A walk that finds out what a run would do: what it leaves out and why, what is new, changed and gone, and what it would read. It writes
/// nothing anywhere. Of several roots each is walked by itself. One thread.
/// </summary>
internal sealed class DryWalk : IWalkVisitor<DirectoryNode>
{
    private readonly BackupPass _pass;
    private readonly SourceTree _source;
    private readonly CatalogReader? _catalog;
    private readonly EntryTable _known = new();
    private DirectoryVisitor _filter = null!;
    private RulePaths _paths = null!;

    internal DryWalk(BackupPass pass, SourceTree source, CatalogReader? catalog) => (_pass, _source, _catalog) = (pass, source, catalog);

    internal RunTally Tally => _pass.Tally;

    internal RunRules Rules => _pass.Rules;

    /// <summary>What a run would read.</summary>
    internal (long Files, long Bytes) ToRead { get; private set; }

    /// <summary>Walks everything.</summary>
    internal void Run(CancellationToken cancelled)
    {
        foreach (SourceLayer layer in _source.Layers)
        {
            Walk(layer, layer.Root, layer.Below, layer.Prefix, cancelled);
            foreach ((byte[][] path, SourceRoot root) in layer.Mounts)
            {
                byte[][] below = [.. layer.Below, .. path];
                Walk(layer, root, below, [.. below.SelectMany(static (n, i) => i == 0 ? n : [(byte)'/', .. n])], cancelled);
            }
        }
    }

    /// <summary>A file would be read.</summary>
    internal void Read(in EntryStat stat)
    {
        if (stat.Kind == EntryKind.File) { ToRead = (ToRead.Files + 1, Saturating.Add(ToRead.Bytes, stat.Size)); }
    }

    /// <summary>What row <paramref name="known"/> of a directory has would be gone, with all below it.</summary>
    internal void Gone(DirectoryNode node, int known)
    {
        Tally.Tell(EntryChange.Gone, node, node.Known!.Name(known), node.Known.Stat(known).Kind);
        if (node.Known.Stat(known).Kind != EntryKind.Directory) { Tally.Gone++; }
        else if (_catalog!.TryGetDirectory(node.Id, node.Known.Name(known), out DirectoryRow row)) { GoneBelow(row.Id); }
    }

    /// <inheritdoc/>
    public void Visit(int worker, DirectoryNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<DirectoryNode> children)
    {
        _filter.ReadIgnoreFiles(node, handle, listing);
        node.Listing = _filter.Filter(node, handle, listing);
        Tally.Progress.AddDirectory();
        Compare(node);
        for (int i = 0; i < node.Listing.Count; i++)
        {
            ref EntryStat stat = ref node.Listing.Stat(i);
            Tally.Present(in stat);
            if (stat.Kind != EntryKind.Directory) { continue; }
            byte[] path = node.Path(node.Listing.Name(i));
            if (!_filter.Enters(node.Device, in stat, path)) { _pass.LeftOut.Add(node, path, LeftOutReason.NotEntered); }
            else { children.Add(node.Listing == listing ? i : listing.Find(node.Listing.Name(i)), node.Child(i, in stat)); }
        }

        _pass.LeftOut.Visited(node);
        if (node.Listing != listing) { _pass.Return(listing); }
        _pass.Return(node.Listing);
        node.Listing = null!;
    }

    /// <inheritdoc/>
    public bool Includes(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind) =>
        Rules.IncludesAll || Rules.Includes(node.Path(name), kind, _paths);

    /// <inheritdoc/>
    public void LeftOut(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind)
    {
        byte[] path = node.Path(name);
        Rules.Only?.See(path, kind);
        _pass.LeftOut.Exclude(node, path, kind, _paths);
    }

    /// <inheritdoc/>
    public void EntryFailed(int worker, DirectoryNode node, ReadOnlySpan<byte> name, Failure failure)
    {
        node.AddUnseen(name);
        Rules.Only?.See(node.Path(name), EntryKind.Directory);
        Tally.Fail(failure with { Path = node.Path(name) });
    }

    /// <inheritdoc/>
    public void EntryMissed(int worker, DirectoryNode node, ulong inode) => Tally.Fail(ReadFailure.Renamed(node.Path()));

    /// <inheritdoc/>
    public void Failed(int worker, DirectoryNode node, Failure failure) => Tally.Fail(failure with { Path = node.Path() });

    private void Walk(SourceLayer layer, SourceRoot root, byte[][] path, byte[] prefix, CancellationToken cancelled)
    {
        _filter = new DirectoryVisitor(_pass, [], root, layer.LivePath, prefix);
        _paths = new RulePaths(_pass.Run.Source.Canonical, layer.LivePath, prefix);
        var top = new DirectoryNode { Device = root.Stat.Device, Id = _pass.Run.Source.RootDirectory };
        if (root.Stat.Kind != EntryKind.Directory)
        {
            CompareFile(top, root);
            return;
        }

        if (path.Length == 0) { Tally.Present(in root.Stat); }
        var node = new DirectoryNode { Parent = top, Name = _source.Name, Device = root.Stat.Device, Base = (root.RealPath, 0) };
        foreach (byte[] name in path)
        {
            Identify(node);
            node = new DirectoryNode { Parent = node, Name = name, Device = root.Stat.Device, Base = node.Base };
        }

        DirectoryHandle handle = root.OpenDirectory();
        try { new Walker<DirectoryNode>(this, _pass.Tables, new WalkOptions { Threads = 1 }).Run(handle, node, cancelled); }
        finally { handle.Release(); }
    }

    private void CompareFile(DirectoryNode top, SourceRoot root)
    {
        top.Listing = new EntryTable();
        top.Listing.Add(_source.Name, in root.Stat);
        Tally.Present(in root.Stat);
        Merge(top);
    }

    private DirectoryRow Identify(DirectoryNode node)
    {
        DirectoryRow row = default;
        node.IsNew = _catalog is null || node.Parent!.IsNew || !_catalog.TryGetDirectory(node.Parent.Id, node.Name, out row);
        node.Id = row.Id;
        return row;
    }

    private void Compare(DirectoryNode node)
    {
        DirectoryRow row = Identify(node);
        bool stands = !row.Tree.IsNone && !Rules.Force && !Rules.Unstable.HasAnyIn(node.Id)
            && row.Digest == DirectoryDigest.Compute(node.Listing, Rules.Compare) && Rules.IsSafe(node, in row);
        if (!stands)
        {
            Merge(node);
            return;
        }

        for (int i = 0; i < node.Listing.Count; i++)
        {
            if (node.Listing.Stat(i).Kind != EntryKind.Directory) { Tally.Unchanged++; }
        }
    }

    private void Merge(DirectoryNode node)
    {
        _known.Clear();
        if (_catalog is not null && !node.IsNew) { _catalog.ReadDirectory(node.Id, 0, _known); }
        node.Known = _known;
        var sink = new DrySink(this, node);
        DirectoryMerge.Run(node.Listing, _known, Rules.SafeAt(node), Rules.Compare, ref sink);
        node.Known = null;
    }

    private void GoneBelow(long directory)
    {
        var rows = new EntryTable();
        _catalog!.ReadDirectory(directory, 0, rows);
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows.Last(i) != long.MaxValue) { continue; }
            if (rows.Stat(i).Kind != EntryKind.Directory) { Tally.Gone++; }
            else if (_catalog.TryGetDirectory(directory, rows.Name(i), out DirectoryRow row)) { GoneBelow(row.Id); }
        }
    }
}
