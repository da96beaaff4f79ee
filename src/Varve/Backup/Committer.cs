using Varve.Catalog;
using Varve.Index;
using Varve.Model;
using Varve.Pack;
using Varve.Platform;
using Varve.Repositories;

namespace Varve.Backup;

/// <summary>
/// The catalog's only writer in a run. Applies changes inside an open transaction and makes checkpoints.
/// <para>Invariant 1, by construction: a change reaches this thread after the chunks it needs were appended to blocks. A checkpoint (1) stops taking changes, (2) has
/// every open block and pack sent off, (3) waits until the store has them all, (4) makes an index run of them durable, and only then (5) commits the transaction.
/// A run that is killed leaves the catalog as of the last checkpoint.</para>
/// </summary>
internal sealed class Committer(
    RunContext run, CatalogWriter catalog, Action flushBlocks, UploadLedger ledger, TimeProvider time)
{
    private static readonly TimeSpan s_pauseInterval = TimeSpan.FromSeconds(10), s_pause = TimeSpan.FromMilliseconds(150);
    private readonly CheckpointPolicy _policy = run.Options.Checkpoints;
    private bool _inTransaction;
    private long _last = time.GetTimestamp();
    private long _storedAtLast;
    private long _lastPause = time.GetTimestamp();

    /// <summary>Applies changes until their edge is complete, with checkpoints on the way and one at the end.</summary>
    internal void Run()
    {
        while (true)
        {
            if (run.Edges.Changes.Take(TimeSpan.FromSeconds(1), out CatalogChanges changes, out bool timedOut))
            {
                Apply(changes);
                run.Return(changes);
            }
            else if (!timedOut)
            {
                break;
            }

            if (IsDue()) { Checkpoint(); }
        }

        Checkpoint();
    }

    private bool IsDue() =>
        run.Repository.Chunks.PendingCount >= _policy.PendingChunks
        || Interlocked.Read(ref run.Tally.BytesStored) - _storedAtLast >= _policy.StoredBytes
        || time.GetElapsedTime(_last) >= _policy.Interval;

    /// <summary>Makes everything applied so far durable.</summary>
    internal void Checkpoint()
    {
        flushBlocks();
        IReadOnlyList<PackContents> packs = ledger.TakeAllDurable();
        if (packs.Count > 0) { Interlocked.Add(ref run.Tally.BytesStored, run.Repository.Indexes.WriteRun(packs)); }
        Gate.Pass(Gate.RunStored);
        foreach (PackContents pack in packs) { PackBuilder.Recycle(pack); }
        if (_inTransaction) { catalog.Commit(); }
        _inTransaction = false;
        Gate.Pass(Gate.Checkpointed);
        LetOthersWrite();
        // What is no longer used would otherwise grow to tens of MiB before the collector thinks it worth while; what is used is buffers, which it need not look into.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        _last = time.GetTimestamp();
        _storedAtLast = Interlocked.Read(ref run.Tally.BytesStored);
    }

    /// <summary>
    /// SQLite does not queue writers: another process that waits for the catalog looks every 100 ms at most, and would hardly ever find it free between a commit and the next
    /// beginning. So every now and then it is left free for longer than that; the stages before go on meanwhile.
    /// </summary>
    private void LetOthersWrite()
    {
        if (time.GetElapsedTime(_lastPause) < s_pauseInterval) { return; }
        Thread.Sleep(s_pause);
        _lastPause = time.GetTimestamp();
    }

    private void Apply(CatalogChanges changes)
    {
        if (!_inTransaction)
        {
            catalog.Begin();
            _inTransaction = true;
        }

        DirectoryNode node = changes.Node;
        long parent = node.Parent?.Id ?? 0;
        if (changes.IsDiscovery) { catalog.InsertDirectory(run.Running, parent, node.Name, node.Id); }
        if (changes.Origin != 0) { catalog.RecordMove(node.Id, run.Running, changes.Origin); }
        foreach (CatalogChanges.Change change in changes.Changes) { Apply(node.Id, changes.Rows, change); }
        if (changes.IsComplete && node.Parent is not null)
        {
            DirectoryRow row = changes.Directory;
            catalog.UpdateDirectory(parent, node.Name, in row, treeStands: row.Tree == node.OldTree);
        }
    }

    private void Apply(long directory, EntryTable rows, CatalogChanges.Change change)
    {
        ReadOnlySpan<byte> name = rows.Name(change.Row);
        ref EntryStat stat = ref rows.Stat(change.Row);
        switch (change.Kind)
        {
            case CatalogChanges.Kind.Insert:
                catalog.InsertRevision(directory, name, run.Running, in stat, rows.Flags(change.Row), rows.Details(change.Row));
                break;
            case CatalogChanges.Kind.Close:
                catalog.CloseRevision(directory, name, change.First, run.Running);
                break;
            case CatalogChanges.Kind.Reopen:
                catalog.ReopenRevision(directory, name, change.First, run.Running);
                break;
            case CatalogChanges.Kind.CloseSubtree:
                Interlocked.Add(ref run.Tally.Gone, catalog.CloseSubtree(directory, name, run.Running));
                break;
            case CatalogChanges.Kind.Drop:
                Interlocked.Add(ref run.Tally.Gone, catalog.DropEntry(directory, name, run.Running));
                break;
            case CatalogChanges.Kind.Unstable:
                catalog.PutUnstable(directory, name, (UnstableReason)change.First, run.Start, run.Running);
                break;
            case CatalogChanges.Kind.Settled:
                catalog.RemoveUnstable(directory, name);
                break;
            default:
                throw new InvalidOperationException($"unknown change {change.Kind}");
        }
    }
}
