using Varve.Backup.Commit;
using Varve.Backup.Content;
using Varve.Backup.Layers;
using Varve.Backup.Mapped;
using Varve.Backup.Order;
using Varve.Backup.Packing;
using Varve.Backup.Passes;
using Varve.Backup.Read;
using Varve.Backup.Results;
using Varve.Backup.Run;
using Varve.Backup.Settle;
using Varve.Backup.Sources;
using Varve.Backup.Stages;
using Varve.Backup.Visit;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Snapshots;
using Varve.Platform.Files;
using Varve.Platform;
using Varve.Tree.Lists;

namespace Varve.Backup;

/// <summary>
/// The whole flow of a backup: walk -> detect -> read+chunk -> seal -> pack -> store -> commit.
/// <para>Invariants kept here:</para>
/// <para>1. Packs are durable before the index run that names them, that before the catalog transaction that relies on them
/// (<see cref="Committer"/>), all of it before the snapshot (<see cref="BackupRun"/>).</para>
/// <para>2. Every edge is bounded (<see cref="Edges"/>), so memory does not grow with the source.</para>
/// <para>3. The first failure of a stage stops all others and is what the caller gets; a cancelled run still makes a checkpoint.</para>
/// <para>Threads: some walkers, some workers, one committer, two uploaders. A directory is completed by whichever walker or worker does its
/// last part.</para>
/// </summary>
internal sealed class BackupPipeline : IDisposable
{
    private static int Uploaders => DescriptorShare.Of(usual: 2, least: 1);

    private readonly RunSetup _setup;
    private readonly BackupPass _pass;
    private readonly CancellationToken _cancelled;
    private readonly Edges _edges;
    private readonly UploadLedger _ledger = new();
    private readonly PassThreads _parts;
    private readonly StageThreads _stages;
    private readonly CancellationTokenSource _stopWalk = new();

    internal BackupPipeline(RunSetup setup, BackupPass pass, CancellationToken cancelled)
    {
        (_setup, _pass, _cancelled) = (setup, pass, cancelled);
        _edges = new Edges(pass.Changes);
        _parts = new PassThreads(setup, pass, _edges, _ledger);
        _stages = new StageThreads(StopAll, cancelled);
    }

    /// <summary>Saves a source. Returns the root tree and lists, all durable with what they need.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; what was done is checkpointed.</exception>
    internal PassResult Run(SourceTree source)
    {
        var checkpoints = new Checkpoints(_setup.Options.Checkpoints, _setup.Output, _parts.StoreAll, _pass.Tally,
            _setup.Repository.Options.Time);
        var committer = new Committer(_pass.Run, _pass.Tally, _pass.Changes, _setup.Writer, checkpoints);
        // The threads of the runtime's pool take descriptors as they begin; where these are few, before directories are open.
        if (DescriptorShare.AreFew) { Task.Run(static () => { }).Wait(CancellationToken.None); }
        Thread[] uploading = _stages.Start("upload", Uploaders, _ => new Uploader(_edges.Packs, _ledger, _pass.Tally).Run());
        Thread[] committing = _stages.Start("commit", 1, _ => committer.Run());
        Thread[] working = _stages.Start("work", _parts.Workers, Work);
        Thread[] walking = _stages.Start("walk", 1, _ => Walk(source));
        using (_cancelled.Register(StopReading))
        {
            StageThreads.Join(walking);
            if (_cancelled.IsCancellationRequested) { StopReading(); }
            StageThreads.Join(working);
        }

        bool isWhole = !_stages.HasFailed && !_cancelled.IsCancellationRequested;
        ChunkId failures = isWhole ? WriteFailures() : default, pending = isWhole ? WritePending() : default;
        LeftOutCounts? leftOut = null;
        byte[] places = [];
        ChunkId marks = isWhole ? WriteMarks(out leftOut, out places) : default;
        _edges.Changes.Complete();
        StageThreads.Join(committing);
        _edges.Packs.Complete();
        StageThreads.Join(uploading);
        _stages.ThrowIfFailed();
        _cancelled.ThrowIfCancellationRequested();
        return new PassResult(_parts.RootTree, failures, pending, marks, leftOut)
        {
            RulePlaces = places, MayHaveMoved = _pass.Seen.MayHaveMoved,
        };
    }

    private void Walk(SourceTree source)
    {
        // An ordering pass completes no directory: the last one will see what was moved. What is frozen does not move.
        _pass.Seen.IsServed = !_pass.Intake.IsOrdering && !source.IsFrozen;
        var first = new WalkStage(_pass, _parts.NewExaminers(_pass));
        var settler = new Settler(_pass, _parts.NewExaminers);
        if (source.Mapping is { } mapping) { new MappedWalk(first, source, mapping, settler.Next).Run(_stopWalk.Token); }
        else if (source.IsLayered) { new LayeredWalk(first, source, settler.Next).Run(_stopWalk.Token); }
        else { new PlainWalk(first, source, settler.Next).Run(_stopWalk.Token); }
    }

    private void Work(int worker)
    {
        BatchReader reader = _parts.NewReader(worker);
        while (_edges.Work.Take(out ReadBatch? batch, out FileJob? job))
        {
            if (batch is null)
            {
                job!.Run(_parts.Sink(worker));
                continue;
            }

            reader.Process(batch);
            Gate.Pass(Gate.BatchRead);
        }
    }

    private ChunkId WriteFailures()
    {
        if (!_pass.Intake.IsOrdering) { _setup.Rules.Only?.FailMissing(_pass.Tally.Fail); }
        (IReadOnlyList<Failure> first, long count) = _pass.Tally.Failures();
        if (count == 0) { return default; }
        var writer = new ByteWriter();
        FailureList.Encode(writer, first);
        return _parts.Sink(0).StoreMeta(writer.Written);
    }

    private ChunkId WritePending()
    {
        if (_pass.Intake is not { IsOrdering: false, Pending: { Files: > 0 } pending }) { return default; }
        var writer = new ByteWriter();
        PendingList.Encode(writer, pending.Newest());
        return _parts.Sink(0).StoreMeta(writer.Written);
    }

    private ChunkId WriteMarks(out LeftOutCounts? counts, out byte[] places)
    {
        (counts, places) = (null, []);
        if (_pass.Intake.IsOrdering) { return default; }
        (IReadOnlyList<Mark> first, counts) = _pass.LeftOut.Result();
        (IReadOnlyList<ExcludeRule> rules, first, long count) = RuleNumbers.Of(_setup.Rules, first);
        if (first.Count + rules.Count == 0) { return default; }
        places = RulePlaces.Encode(rules.Count > MarkList.MaxRules ? [.. rules.Take(MarkList.MaxRules)] : rules) ?? [];
        var writer = new ByteWriter();
        MarkList.Encode(writer, rules, first, count);
        return _parts.Sink(0).StoreMeta(writer.Written);
    }

    private void StopReading()
    {
        _stopWalk.Cancel();
        _edges.Work.Stop();
    }

    private void StopAll()
    {
        _stopWalk.Cancel();
        _edges.Stop();
        _ledger.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PackJob job in _edges.Packs.Rest()) { job.Staged.Dispose(); }
        _parts.Dispose();
        _stopWalk.Dispose();
    }
}
