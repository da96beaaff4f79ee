using Varve.Catalog;
using Varve.Model;
using Varve.Platform;
using Varve.Repositories;
using Varve.Tree;
using Varve.Walk;

namespace Varve.Backup;

/// <summary>
/// The whole flow of a backup: walk -> detect -> read+chunk -> seal -> pack -> store -> commit.
/// <para>Invariants kept here:</para>
/// <para>1. Packs are durable before the index run that names them, that before the catalog transaction that relies on them
/// (<see cref="Committer"/>), all of it before the snapshot (<see cref="BackupRunner"/>).</para>
/// <para>2. Every edge is bounded (<see cref="Edges"/>), so memory does not grow with the source.</para>
/// <para>3. The first failure of a stage stops all others and is what the caller gets; a cancelled run still makes a checkpoint.</para>
/// <para>Threads: some walkers, some workers, one committer, two uploaders. A directory is completed by whichever walker or worker does its last part.</para>
/// </summary>
internal sealed class BackupPipeline : IDisposable
{
    private const int Uploaders = 2, MaxDataLanes = 4;

    private readonly RunContext _run;
    private readonly CatalogWriter _catalog;
    private readonly CancellationToken _cancelled;
    private readonly UploadLedger _ledger = new();
    private readonly PackLanes _dataPacks, _metaPacks;
    private readonly ThreadTools[] _walkers, _workers;
    private readonly CancellationTokenSource _stopWalk = new();
    private Exception? _failure;

    internal BackupPipeline(RunContext run, CatalogWriter catalog, Func<CatalogReader> openCatalog, IOwnerNames owners, CancellationToken cancelled)
    {
        _run = run;
        _catalog = catalog;
        _cancelled = cancelled;
        _dataPacks = new PackLanes(Math.Clamp(run.Options.WorkerCount, 1, MaxDataLanes), PackKind.Data, run.Repository, run.Edges, _ledger);
        _metaPacks = new PackLanes(1, PackKind.Meta, run.Repository, run.Edges, _ledger);
        ThreadTools Tools() => new(new ChunkSink(run.Repository, run.Options.CompressionLevel, _dataPacks, _metaPacks, run.Tally, run.Intake?.Budget), owners, openCatalog);
        _walkers = [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 2, 8)).Select(_ => Tools())];
        _workers = [.. Enumerable.Range(0, run.Options.WorkerCount).Select(_ => Tools())];
    }

    /// <summary>Saves a source. Returns the root tree and lists, all durable with what they need.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; what was done is checkpointed.</exception>
    internal PassResult Run(SourceTree source)
    {
        var committer = new Committer(_run, _catalog, FlushBlocks, _ledger, _run.Repository.Options.Time);
        Thread[] uploading = Start("upload", Uploaders, _ => new Uploader(_run.Edges, _ledger, _run.Tally).Run());
        Thread[] committing = Start("commit", 1, _ => committer.Run());
        Thread[] working = Start("work", _workers.Length, i => Work(_workers[i]));
        Thread[] walking = Start("walk", 1, _ => Walk(source));
        using (_cancelled.Register(StopReading))
        {
            Join(walking);
            if (_cancelled.IsCancellationRequested) { StopReading(); }
            Join(working);
        }

        bool isWhole = _failure is null && !_cancelled.IsCancellationRequested;
        ChunkId failures = isWhole ? WriteFailures() : default, pending = isWhole ? WritePending() : default;
        _run.Edges.Changes.Complete();
        Join(committing);
        _run.Edges.Packs.Complete();
        Join(uploading);
        if (_failure is not null) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure); }
        _cancelled.ThrowIfCancellationRequested();
        return new PassResult(_run.RootTree, failures, pending);
    }

    /// <summary>The pseudo directory that holds the root's entry goes through the same steps as any other; the walk starts below it.</summary>
    private void Walk(SourceTree source)
    {
        if (source.IsLayered)
        {
            new LayeredWalk(_run, _walkers, source).Run(_stopWalk.Token);
            return;
        }

        ThreadTools tools = _walkers[0];
        SourceRoot root = source.Root;
        var visitor = new DirectoryVisitor(_run, _walkers, root.Stat.Device);
        var top = new DirectoryNode { Device = root.Stat.Device, Listing = _run.Tables.Rent() };
        top.Listing.Add(source.Name, in root.Stat);
        if (!source.Name.AsSpan().SequenceEqual(root.Name))
        {
            top.Origins = new EntryOrigins();
            top.Origins.Add(root.Parent, root.Name, mountKey: 0, below: 0);
        }

        visitor.Examine(tools, top, root.Parent);
        visitor.Enqueue(tools, top, root.Parent);
        if (root.Stat.Kind == EntryKind.Directory)
        {
            Interlocked.Increment(ref top.Pending);
            DirectoryNode node = DirectoryVisitor.Child(top, 0, in root.Stat);
            DirectoryHandle handle = root.OpenDirectory();
            try
            {
                var options = new WalkOptions { Threads = _walkers.Length };
                new Walker<DirectoryNode>(visitor, _run.Tables, options).Run(handle, node, _stopWalk.Token);
            }
            finally
            {
                handle.Release();
            }
        }

        new TreeAssembler(_run, tools).PartDone(top);
    }

    private void Work(ThreadTools tools)
    {
        var reader = new FileReader(_run, tools);
        while (_run.Edges.Work.Take(out ReadBatch? batch, out FileJob? job))
        {
            if (batch is null)
            {
                job!.Run(tools.Sink);
                continue;
            }

            reader.Process(batch);
            Gate.Pass(Gate.BatchRead);
        }
    }

    private void FlushBlocks()
    {
        foreach (ThreadTools tools in _walkers) { tools.Sink.Flush(); }
        foreach (ThreadTools tools in _workers) { tools.Sink.Flush(); }
        _dataPacks.Flush();
        _metaPacks.Flush();
    }

    private ChunkId WriteFailures()
    {
        (IReadOnlyList<Failure> first, long count) = _run.Tally.Failures();
        if (count == 0) { return default; }
        ByteWriter writer = _workers[0].Scratch;
        writer.Clear();
        FailureList.Encode(writer, first);
        return _workers[0].Sink.StoreMeta(writer.Written);
    }

    private ChunkId WritePending()
    {
        if (_run.Intake is not { IsOrdering: false, Pending: { Files: > 0 } pending }) { return default; }
        ByteWriter writer = _workers[0].Scratch;
        PendingList.Encode(writer, pending.Newest());
        return _workers[0].Sink.StoreMeta(writer.Written);
    }

    private void StopReading()
    {
        _stopWalk.Cancel();
        _run.Edges.Work.Stop();
    }

    private Thread[] Start(string stage, int count, Action<int> body)
    {
        var threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            int index = i;
            threads[i] = new Thread(() => Guard(() => body(index))) { Name = $"varve {stage} {i}", IsBackground = true };
            threads[i].Start();
        }

        return threads;
    }

    private static void Join(Thread[] threads)
    {
        foreach (Thread thread in threads) { thread.Join(); }
    }

    private void Guard(Action body)
    {
        try { body(); }
        catch (OperationCanceledException) when (_failure is not null || _cancelled.IsCancellationRequested)
        {
            // Someone else's failure, or the caller's wish, stopped this stage.
        }
#pragma warning disable CA1031 // stage edge: the first failure stops the run and is rethrown by Run
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, e, null);
            _stopWalk.Cancel();
            _run.Edges.Stop();
            _ledger.Stop();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PackJob job in _run.Edges.Packs.Rest()) { job.Staged.Dispose(); }
        _dataPacks.Dispose();
        _metaPacks.Dispose();
        foreach (ThreadTools tools in _walkers) { tools.Dispose(); }
        foreach (ThreadTools tools in _workers) { tools.Dispose(); }
        _stopWalk.Dispose();
    }
}
