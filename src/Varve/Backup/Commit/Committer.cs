using Varve.Backup.Run;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Commit;

/// <summary>
/// The catalog's only writer in a run. Applies changes inside an open transaction and makes checkpoints.
/// <para>Invariant 1, by construction: a change reaches this thread after the chunks it needs were appended to blocks. A checkpoint (1)
/// stops taking changes, (2) has every open block and pack sent off, (3) waits until the store has them all, (4) makes an index run of them
/// durable, and only then (5) commits the transaction. A run that is killed leaves the catalog as of the last checkpoint.</para>
/// <para>But while another process waits to write, the transaction is committed as it stands. Nothing rests on the invariant for the rows
/// of a run that is not over: the one that takes it up proves them (<see cref="RowProof"/>).</para>
/// </summary>
internal sealed class Committer(RunIdentity run, RunTally tally, ChangeQueue queue, CatalogWriter catalog, Checkpoints checkpoints)
{
    /// <summary>How long others wait for their turn, about.</summary>
    private const long LookEvery = 250;

    private bool _inTransaction;
    private long _looked = Environment.TickCount64;

    /// <summary>Applies changes until their edge is complete, with checkpoints on the way and one at the end.</summary>
    internal void Run()
    {
        while (true)
        {
            if (queue.Take(TimeSpan.FromMilliseconds(LookEvery), out CatalogChanges changes, out bool timedOut))
            {
                if (changes.Durable is { } durable)
                {
                    Checkpoint();
                    durable.Set();
                    continue;
                }

                Apply(changes);
                queue.Return(changes);
            }
            else if (!timedOut) { break; }

            if (checkpoints.IsDue()) { Checkpoint(); }
            else { LetOthersWrite(); }
        }

        Checkpoint();
    }

    /// <summary>Makes everything applied so far durable.</summary>
    private void Checkpoint()
    {
        // What the store takes its time for nobody else need wait for.
        LetOthersWrite();
        checkpoints.Store();
        if (_inTransaction) { catalog.Commit(); }
        _inTransaction = false;
        checkpoints.Done();
    }

    private void LetOthersWrite()
    {
        if (!_inTransaction || Environment.TickCount64 - _looked < LookEvery) { return; }
        _looked = Environment.TickCount64;
        if (!catalog.IsAwaited()) { return; }
        catalog.Commit();
        _inTransaction = false;
        catalog.GiveWay();
        Gate.Pass(Gate.GaveWay);
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
        if (changes.IsDiscovery) { catalog.InsertDirectory(run.Number, parent, node.Name, node.Id); }
        if (changes.Origin != 0) { catalog.RecordMove(node.Id, run.Number, changes.Origin); }
        foreach (CatalogChanges.RowChange change in changes.Changes) { Apply(node.Id, changes.Rows, change); }
        if (changes.IsComplete && node.Parent is not null)
        {
            DirectoryRow row = changes.Directory;
            catalog.UpdateDirectory(parent, node.Name, in row, treeStands: row.Tree == node.OldTree);
        }
    }

    private void Apply(long directory, EntryTable rows, CatalogChanges.RowChange change)
    {
        ReadOnlySpan<byte> name = rows.Name(change.Row);
        ref EntryStat stat = ref rows.Stat(change.Row);
        switch (change.Kind)
        {
            case CatalogChanges.Kind.Insert:
                catalog.Revisions.Insert(directory, name, run.Number, in stat, rows.Flags(change.Row), rows.Details(change.Row));
                break;
            case CatalogChanges.Kind.Close:
                catalog.Revisions.Close(directory, name, change.First, run.Number);
                break;
            case CatalogChanges.Kind.Reopen:
                catalog.Revisions.Reopen(directory, name, change.First, run.Number);
                break;
            case CatalogChanges.Kind.CloseSubtree:
                Interlocked.Add(ref tally.Gone, catalog.Subtrees.Close(directory, name, run.Number));
                break;
            case CatalogChanges.Kind.Miss:
                catalog.Gaps.Open(directory, name, run.Number, (GapKind)change.First);
                break;
            case CatalogChanges.Kind.SeenAgain:
                catalog.Gaps.Close(directory, name, run.Number);
                break;
            case CatalogChanges.Kind.Unstable:
                catalog.Unstable.Put(directory, name, (UnstableReason)change.First, run.Start, run.Number);
                break;
            case CatalogChanges.Kind.Settled:
                catalog.Unstable.Remove(directory, name);
                break;
            default:
                throw new InvalidOperationException($"unknown change {change.Kind}");
        }
    }
}
