using Varve.Model;
using Varve.Platform.Files;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

namespace Varve.Restore.Plan;

/// <summary>
/// Counts the files and bytes of a part of a snapshot beside its restore, so that whoever watches is told how much there is. One thread,
/// served after all others, which begins when the restore has taken a second, and reads trees by a reader of its own. It reports no
/// failure: what it cannot read the restore names.
/// </summary>
internal sealed class RestoreCount : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly IChunkSource _chunks;
    private readonly RestoreFilter _filter;
    private readonly EntryBudget _budget;
    private readonly RestoreMonitor _monitor;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private long _files, _bytes;

    private RestoreCount(IChunkSource chunks, RestoreFilter filter, EntryBudget budget, RestoreMonitor monitor, ChunkId tree,
        TimeSpan patience)
    {
        (_chunks, _filter, _budget, _monitor) = (chunks, filter, budget, monitor);
        _thread = new Thread(() => Run(tree, patience)) { Name = "varve-count", IsBackground = true };
        _thread.Start();
    }

    /// <summary>
    /// Begins to count what the filter takes below a tree, if somebody watches and nothing is expected so far; else null.
    /// </summary>
    internal static RestoreCount? Begin(IChunkSource chunks, RestoreFilter filter, EntryBudget budget, RestoreMonitor monitor, ChunkId tree,
        TimeSpan? patience = null) =>
        monitor.IsWatched && !tree.IsNone && monitor.Read().ExpectedFiles is null
        ? new RestoreCount(chunks, filter, budget, monitor, tree, patience ?? s_patience) : null;

    private void Run(ChunkId root, TimeSpan patience)
    {
        try
        {
            if (_stop.Token.WaitHandle.WaitOne(patience)) { return; }
            ThreadRank.ServeLast();
            MetaScope scope = new MetaReader(_chunks).OpenScope();
            var open = new Stack<(byte[] Path, bool IsWanted, ChunkId Tree)>();
            open.Push(([], _filter.WantsRoot, root));
            while (open.TryPop(out (byte[] Path, bool IsWanted, ChunkId Tree) at))
            {
                scope.Reset();
                TreeReader.ForEachLeaf(at.Tree, scope.Fetch, (ChunkId _, ref TreeLeafReader leaf) =>
                {
                    while (leaf.MoveNext()) { Count(at.Path, at.IsWanted, ref leaf, open); }
                });
            }

            _monitor.Expect(_files, _bytes);
        }
        catch (OperationCanceledException)
        {
            // The restore is over, or there is more than it takes.
        }
        catch (VarveException)
        {
            // What cannot be read is reported by the restore.
        }
    }

    private void Count(byte[] directory, bool wanted, ref TreeLeafReader leaf, Stack<(byte[], bool, ChunkId)> open)
    {
        _stop.Token.ThrowIfCancellationRequested();
        EntryKind kind = leaf.Stat.Kind;
        if (!_budget.Take(kind == EntryKind.File ? leaf.Stat.Size : 0)) { throw new OperationCanceledException(); }
        byte[] path = [];
        if (!_filter.TakesAll)
        {
            path = directory.Length == 0 ? leaf.Name.ToArray() : [.. directory, (byte)'/', .. leaf.Name];
            bool isDirectory = kind == EntryKind.Directory;
            if (_filter.Drops(path, isDirectory)) { return; }
            wanted = _filter.Wants(path, isDirectory, wanted);
        }

        if (kind == EntryKind.Directory) { open.Push((path, wanted, DetailsCodec.ChildTree(leaf.Details))); }
        else if (kind == EntryKind.File && wanted) { (_files, _bytes) = (_files + 1, _bytes + leaf.Stat.Size); }
    }

    /// <summary>Ends the count, however far it is.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
    }
}
