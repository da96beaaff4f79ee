using Varve.Maintain.Findings;
using System.Globalization;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Runs;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Check;

/// <summary>
/// Follows every snapshot's trees to every extent. Trees and extent lists are read once, however often they are named
/// (<see cref="TreeSums"/>, <see cref="ListChecker"/>). Damage is reported with the paths it affects, in each of the snapshots that it
/// affects: what leads to damage is followed again wherever it comes (<see cref="DamagedWays"/>). A snapshot that holds more than it counts
/// is damage too.
/// </summary>
internal sealed class TreeChecker(IndexSet index, MetaReader trees, ReadablePlaces places, CheckMonitor monitor,
    CheckFindings report, Func<ObjectName, string> keyOf)
{
    private const int MostForeseen = 1 << 20;

    private readonly TreeSums _sums = new();
    private readonly LinkNames _names = new();
    private readonly DamagedWays _ways = new(report);
    private readonly EntryTable _table = new();
    private readonly MetaScope _meta = trees.OpenScope();
    private LeafVisitor? _addLeaf;
    private ListChecker? _lists;
    private FetchMeta? _fetchList;
    private CancellationToken _cancelled;

    // Where the check is: the snapshot, and the path of the directory whose entries are in the table, null above the root.
    private ObjectName _snapshot;
    private string _where = "";
    private CheckPath? _directory;

    /// <summary>Packs in use that only their footers tell of.</summary>
    internal HashSet<ObjectName> FromFooters { get; } = [];

    internal void Run(SnapshotInfo snapshot, CancellationToken cancellationToken)
    {
        _cancelled = cancellationToken;
        _names.Clear();
        _sums.EnsureCapacity((int)Math.Clamp(snapshot.Snapshot.Counts.Directories, 0, MostForeseen));
        _snapshot = snapshot.Name;
        _where = $"snapshot {snapshot.Name.ToString().AsSpan(0, 8)}:";
        var stack = new Stack<(ChunkId Tree, CheckPath Path, int Depth)>();
        stack.Push((snapshot.Snapshot.RootTree, CheckPath.Root, 0));
        while (stack.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _ways.Enter(next.Tree, next.Depth);
            bool isNew = _sums.Begin(next.Tree);
            if (!isNew && !_ways.IsWorthAnotherLook(next.Tree)) { continue; }
            monitor.AddTree();
            _table.Clear();
            _meta.Reset();
            try { TreeReader.ForEachLeaf(next.Tree, _meta.Fetch, _addLeaf ??= AddLeaf, next.Depth == 0); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                Affect(ObjectOf(next.Tree), e, $"{_where}{PathText.Of(next.Path.ToBytes())}/ and all below it");
                continue;
            }

            TryLocate(next.Tree, out _);
            _directory = next.Depth == 0 ? null : next.Path;
            for (int i = 0; i < _table.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                EntryKind kind = _table.Stat(i).Kind;
                ChunkId child = kind == EntryKind.Directory ? DetailsCodec.ChildTree(_table.Details(i)) : default;
                if (isNew) { _sums.Add(kind == EntryKind.File ? _table.Stat(i).Size : 0, child); }
                if (kind == EntryKind.Directory)
                {
                    if (!child.IsNone) { stack.Push((child, Below(i), next.Depth + 1)); }
                    else { Affect(ObjectOf(next.Tree), "a directory in it names no tree", Named(i)); }
                }

                if (kind == EntryKind.File) { CheckContent(i); } else { CheckDetails(i); }
                if (_names.Differs(in _table.Stat(i), _table.Details(i))) { _names.Add(Named(i)); }
            }
        }

        _ways.Leave();
        CheckCounts(snapshot);
        if (_names.Note() is { } note) { report.Note(note); }
        SnapshotPrivate names = snapshot.Snapshot.Private!;
        CheckList(names.FailureList, static chunk => FailureList.Decode(chunk.Span), _where + " the list of paths that failed");
        CheckList(names.PendingList, static chunk => PendingList.Decode(chunk.Span), _where + " the list of what is still to come");
        CheckList(names.MarkList, static chunk => MarkList.Decode(chunk.Span), _where + " the list of what was left out");
    }

    private void AddLeaf(ChunkId id, ref TreeLeafReader leaf)
    {
        while (leaf.MoveNext()) { _table.Add(leaf.Name, leaf.Stat, leaf.Details, leaf.Flags); }
    }

    /// <summary>More than a snapshot counts no writer ever put into it, and reading it may have no end.</summary>
    private void CheckCounts(SnapshotInfo snapshot)
    {
        (long entries, long bytes) = _sums.Of(snapshot.Snapshot.RootTree);
        long counted = EntryBudget.EntriesOf(snapshot.Snapshot.Counts), countedBytes = snapshot.Snapshot.Counts.Bytes;
        string? problem = entries > counted ? $"it holds {Number(entries)} entries and counts {counted}"
            : bytes > countedBytes ? $"it holds files of {Number(bytes)} bytes and counts {countedBytes}" : null;
        if (problem is not null) { report.Add(Subject.Object(keyOf(snapshot.Name)), problem); }

        static string Number(long sum) => sum == long.MaxValue ? "more than 2^63" : sum.ToString(CultureInfo.InvariantCulture);
    }

    private CheckPath Below(int i) => _directory is null ? CheckPath.Root : new CheckPath(_directory, _table.Name(i).ToArray());

    private byte[] PathOf(int i) => _directory?.ToBytes(_table.Name(i)) ?? [];

    /// <summary>The entry as a report names it; made only when there is something to report.</summary>
    private string Named(int i) => _where + PathText.Of(PathOf(i));

    private void CheckList(ChunkId list, Action<ReadOnlyMemory<byte>> decode, string affects)
    {
        if (list.IsNone) { return; }
        try { decode(trees.Read(list)); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { Affect(ObjectOf(list), e, affects); }
    }

    private void CheckContent(int i)
    {
        ReadOnlySpan<byte> details = _table.Details(i);
        long length = 0;
        try
        {
            if (DetailsCodec.ExtentList(details).IsNone)
            {
                foreach (Extent extent in DetailsCodec.InlineExtents(details))
                {
                    length += extent.Length;
                    if (!extent.IsHole && FaultOf(in extent) is { } fault) { Affect(fault.Subject, fault.Problem, Named(i)); }
                }
            }
            else
            {
                length = _table.Stat(i).Size;
                CheckExtentList(DetailsCodec.ExtentList(details), length, i);
            }

            DetailsVerifier.Verify(EntryKind.File, details);
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            ChunkId list = DetailsCodec.TryGet(details, DetailTag.ExtentList, out ReadOnlySpan<byte> id) && id.Length == Bytes32.Size
                ? new ChunkId(id) : default;
            Affect(list.IsNone ? EntryOf(i) : ObjectOf(list), e, Named(i));
            return;
        }

        if (length != _table.Stat(i).Size)
        {
            Affect(EntryOf(i), $"its extents cover {length} bytes instead of {_table.Stat(i).Size}", Named(i));
        }
    }

    // By itself, because its lambda costs an object for each call.
    private void CheckExtentList(ChunkId list, long length, int i)
    {
        _lists ??= new ListChecker(extent => FaultOf(in extent));
        _lists.Check(list, length, _fetchList ??= FetchList, fault => Affect(fault.Subject, fault.Problem, Named(i)));
    }

    /// <summary>What is no file has all that a restore needs of it in its details.</summary>
    private void CheckDetails(int i)
    {
        try { DetailsVerifier.Verify(_table.Stat(i).Kind, _table.Details(i)); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { Affect(EntryOf(i), e, Named(i)); }
    }

    private ReadOnlyMemory<byte> FetchList(ChunkId id)
    {
        _cancelled.ThrowIfCancellationRequested();
        return _meta.Fetch(id);
    }

    private ListFault? FaultOf(in Extent extent)
    {
        long end = extent.Offset + extent.Length;
        if (!TryLocate(extent.Chunk, out ChunkLocation location)
            || (location.Length < end && !index.TryLocate(extent.Chunk, end, out location)))
        {
            return new ListFault(Subject.Chunk(extent.Chunk), "no index run knows it");
        }
        if (end > location.Length) { return new ListFault(Subject.Chunk(extent.Chunk), "an extent reaches beyond its end"); }
        return places.IsUnreadable(location.Block.Pack, extent.Chunk) && !places.Has(extent.Chunk)
            ? new ListFault(Subject.Object(ObjectKeys.Pack(location.Block.Pack)), "a chunk in it is unreadable") : null;
    }

    private void Affect(Subject subject, VarveException error, string path)
    {
        _ways.Taint();
        report.AddAffected(subject, error, _snapshot, path);
    }

    private void Affect(Subject subject, string problem, string path)
    {
        _ways.Taint();
        report.AddAffected(subject, problem, _snapshot, path);
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
