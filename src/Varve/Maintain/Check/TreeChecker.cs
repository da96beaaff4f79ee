using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Check;

/// <summary>
/// Follows every snapshot's trees to every extent. Trees shared between snapshots are read once: the set of those seen costs 40 bytes for
/// each distinct directory. Damage is reported with the paths it affects.
/// </summary>
internal sealed class TreeChecker(IndexSet index, MetaReader trees, HashSet<ObjectName> missingPacks, CheckMonitor monitor,
    CheckReport report)
{
    private const int MostForeseen = 1 << 20;

    private readonly HashSet<ChunkId> _seen = [];
    private readonly EntryTable _table = new();
    private readonly MetaScope _meta = trees.OpenScope();
    private LeafVisitor? _addLeaf;

    // Where the check is: the snapshot, and the path of the directory whose entries are in the table, null above the root.
    private ObjectName _snapshot;
    private string _where = "";
    private byte[]? _directory;

    /// <summary>Packs in use that only their footers tell of.</summary>
    internal HashSet<ObjectName> FromFooters { get; } = [];

    internal void Run(SnapshotInfo snapshot, CancellationToken cancellationToken)
    {
        // Not by doubling, which leaves as much again for the collector.
        _seen.EnsureCapacity((int)Math.Clamp(snapshot.Snapshot.Counts.Directories, 0, MostForeseen));
        _snapshot = snapshot.Name;
        _where = $"snapshot {snapshot.Name.ToString().AsSpan(0, 8)}:";
        var stack = new Stack<(ChunkId Tree, byte[] Path, bool Root)>();
        stack.Push((snapshot.Snapshot.RootTree, [], true));
        while (stack.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_seen.Add(next.Tree)) { continue; }
            monitor.AddTree();
            _table.Clear();
            _meta.Reset();
            try { TreeReader.ForEachLeaf(next.Tree, _meta.Fetch, _addLeaf ??= AddLeaf, next.Root); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                report.AddAffected(ObjectOf(next.Tree), e, $"{_where}{PathText.Of(next.Path)}/ and all below it");
                continue;
            }

            TryLocate(next.Tree, out _);
            _directory = next.Root ? null : next.Path;
            for (int i = 0; i < _table.Count; i++)
            {
                if (_table.Stat(i).Kind == EntryKind.Directory)
                {
                    ChunkId child = DetailsCodec.ChildTree(_table.Details(i));
                    if (!child.IsNone) { stack.Push((child, PathOf(i), false)); }
                    else { report.AddAffected(ObjectOf(next.Tree), "a directory in it names no tree", Named(i)); }
                }
                else if (_table.Stat(i).Kind == EntryKind.File) { CheckContent(i); }
            }
        }

        SnapshotPrivate names = snapshot.Snapshot.Private!;
        CheckList(names.FailureList, static chunk => FailureList.Decode(chunk.Span), _where + " the list of paths that failed");
        CheckList(names.PendingList, static chunk => PendingList.Decode(chunk.Span), _where + " the list of what is still to come");
    }

    private void AddLeaf(ChunkId id, ref TreeLeafReader leaf)
    {
        while (leaf.MoveNext()) { _table.Add(leaf.Name, leaf.Stat, leaf.Details, leaf.Flags); }
    }

    private byte[] PathOf(int i) => _directory is null ? [] : [.. _directory, (byte)'/', .. _table.Name(i)];

    /// <summary>The entry as a report names it; made only when there is something to report.</summary>
    private string Named(int i) => _where + PathText.Of(PathOf(i));

    private void CheckList(ChunkId list, Action<ReadOnlyMemory<byte>> decode, string affects)
    {
        if (list.IsNone) { return; }
        try { decode(trees.Read(list)); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            report.AddAffected(ObjectOf(list), e, affects);
        }
    }

    private void CheckContent(int i)
    {
        ReadOnlySpan<byte> details = _table.Details(i);
        long length = 0;
        int count = 0;
        try
        {
            if (DetailsCodec.ExtentList(details).IsNone)
            {
                foreach (Extent extent in DetailsCodec.InlineExtents(details))
                {
                    count++;
                    length += extent.Length;
                    if (!extent.IsHole) { CheckExtent(in extent, i); }
                }
            }
            else
            {
                foreach (Extent extent in FileExtents.Of(details, _table.Stat(i).Size, _meta.Fetch))
                {
                    length += extent.Length;
                    if (!extent.IsHole) { CheckExtent(in extent, i); }
                }
            }

            // Most files are one slice of one chunk and have no attributes: for them nothing is decoded that would allocate.
            if (count > 1 || DetailsCodec.TryGet(details, DetailTag.Xattr, out _)) { DetailsCodec.Decode(details); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            ChunkId list = DetailsCodec.TryGet(details, DetailTag.ExtentList, out ReadOnlySpan<byte> id) && id.Length == Bytes32.Size
                ? new ChunkId(id) : default;
            report.AddAffected(list.IsNone ? EntryOf(i) : ObjectOf(list), e, Named(i));
            return;
        }

        if (length != _table.Stat(i).Size)
        {
            report.AddAffected(EntryOf(i), $"its extents cover {length} bytes instead of {_table.Stat(i).Size}", Named(i));
        }
    }

    private void CheckExtent(in Extent extent, int i)
    {
        if (!TryLocate(extent.Chunk, out ChunkLocation location))
        {
            report.AddAffected(Subject.Chunk(extent.Chunk), "no index run knows it", Named(i));
        }
        else if (extent.Offset + extent.Length > location.Length)
        {
            report.AddAffected(Subject.Chunk(extent.Chunk), "an extent reaches beyond its end", Named(i));
        }
        else if (missingPacks.Contains(location.Block.Pack) || report.IsBad(location.Block.Pack, extent.Chunk))
        {
            report.AddAffected(Subject.Object(ObjectKeys.Pack(location.Block.Pack)), "a chunk in it is unreadable", Named(i));
        }
    }

    private Subject EntryOf(int i) => Subject.Snapshot(_snapshot).Within(PathText.Of(PathOf(i)));

    private Subject ObjectOf(ChunkId chunk) =>
        TryLocate(chunk, out ChunkLocation location) ? Subject.Object(ObjectKeys.Pack(location.Block.Pack)) : Subject.Chunk(chunk);

    private bool TryLocate(ChunkId chunk, out ChunkLocation location)
    {
        bool found = index.TryLocate(chunk, out location);
        if (found && index.FromFooters.Contains(location.Block.Pack)) { FromFooters.Add(location.Block.Pack); }
        return found;
    }
}
