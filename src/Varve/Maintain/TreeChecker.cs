using Varve.Model;
using Varve.Repositories;
using Varve.Tree;

namespace Varve.Maintain;

/// <summary>
/// Follows every snapshot's trees to every extent. Trees shared between snapshots are read once: the set of those seen costs 40 bytes for each distinct
/// directory. Damage is reported with the paths it affects.
/// </summary>
internal sealed class TreeChecker(Repository repository, HashSet<ObjectName> missingPacks, CheckMonitor monitor, CheckReport report)
{
    private readonly HashSet<ChunkId> _seen = [];
    private readonly EntryTable _table = new();

    /// <summary>Packs in use that only their footers tell of.</summary>
    internal HashSet<ObjectName> FromFooters { get; } = [];

    internal void Run(SnapshotInfo snapshot, CancellationToken cancellationToken)
    {
        string where = $"snapshot {snapshot.Name.ToString().AsSpan(0, 8)}:";
        var stack = new Stack<(ChunkId Tree, byte[] Path, bool Root)>();
        stack.Push((snapshot.Snapshot.RootTree, [], true));
        while (stack.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_seen.Add(next.Tree)) { continue; }
            monitor.AddTree();
            _table.Clear();
            try { TreeReader.Read(next.Tree, repository.MetaChunks.Read, _table, next.Root); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                report.AddAffected(ObjectOf(next.Tree), e.Message, $"{where}{PathText.Of(next.Path)}/ and all below it");
                continue;
            }

            ObjectOf(next.Tree);
            for (int i = 0; i < _table.Count; i++)
            {
                byte[] path = next.Root ? [] : [.. next.Path, (byte)'/', .. _table.Name(i)];
                if (_table.Stat(i).Kind == EntryKind.Directory)
                {
                    ChunkId child = DetailsCodec.ChildTree(_table.Details(i));
                    if (!child.IsNone) { stack.Push((child, path, false)); }
                    else { report.AddAffected(ObjectOf(next.Tree), "a directory in it names no tree", where + PathText.Of(path)); }
                }
                else if (_table.Stat(i).Kind == EntryKind.File) { CheckContent(i, where, path); }
            }
        }

        SnapshotPrivate names = snapshot.Snapshot.Private!;
        CheckList(names.FailureList, static chunk => FailureList.Decode(chunk.Span), where + " the list of paths that failed");
        CheckList(names.PendingList, static chunk => PendingList.Decode(chunk.Span), where + " the list of what is still to come");
    }

    private void CheckList(ChunkId list, Action<ReadOnlyMemory<byte>> decode, string affects)
    {
        if (list.IsNone) { return; }
        try { decode(repository.MetaChunks.Read(list)); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            report.AddAffected(ObjectOf(list), e.Message, affects);
        }
    }

    private void CheckContent(int i, string where, byte[] path)
    {
        long length = 0;
        try
        {
            foreach (Extent extent in FileExtents.Of(_table.Details(i), _table.Stat(i).Size, repository.MetaChunks.Read))
            {
                length += extent.Length;
                if (!extent.IsHole) { CheckExtent(extent, where, path); }
            }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            ChunkId list = DetailsCodec.TryGet(_table.Details(i), DetailTag.ExtentList, out ReadOnlySpan<byte> id) && id.Length == Bytes32.Size ? new ChunkId(id) : default;
            report.AddAffected(list.IsNone ? where + PathText.Of(path) : ObjectOf(list), $"an extent list is unreadable: {e.Message}", where + PathText.Of(path));
            return;
        }

        if (length != _table.Stat(i).Size)
        {
            report.AddAffected($"{where}{PathText.Of(path)}", $"its extents cover {length} bytes instead of {_table.Stat(i).Size}", where + PathText.Of(path));
        }
    }

    private void CheckExtent(Extent extent, string where, byte[] path)
    {
        if (!TryLocate(extent.Chunk, out ChunkLocation location))
        {
            report.AddAffected($"chunk {extent.Chunk}", "no index run knows it", where + PathText.Of(path));
        }
        else if (extent.Offset + extent.Length > location.Length)
        {
            report.AddAffected($"chunk {extent.Chunk}", "an extent reaches beyond its end", where + PathText.Of(path));
        }
        else if (missingPacks.Contains(location.Block.Pack) || report.IsBad(location.Block.Pack, extent.Chunk))
        {
            report.AddAffected(ObjectKeys.Pack(location.Block.Pack), "a chunk in it is unreadable", where + PathText.Of(path));
        }
    }

    private string ObjectOf(ChunkId chunk) => TryLocate(chunk, out ChunkLocation location) ? ObjectKeys.Pack(location.Block.Pack) : $"chunk {chunk}";

    private bool TryLocate(ChunkId chunk, out ChunkLocation location)
    {
        bool found = repository.Indexes.TryLocate(chunk, out location);
        if (found && repository.Indexes.FromFooters.Contains(location.Block.Pack)) { FromFooters.Add(location.Block.Pack); }
        return found;
    }
}
