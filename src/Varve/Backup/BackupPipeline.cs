using Varve.Catalog;
using Varve.Model;
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

    private readonly RunSetup _setup;
    private readonly BackupPass _pass;
    private readonly IOwnerNames _owners = new OwnerNamesOfSystem();
    private readonly CancellationToken _cancelled;
    private readonly Edges _edges;
    private readonly SlabPool _slabs;
    private readonly DirectoryIds _ids;
    private readonly UploadLedger _ledger = new();
    private readonly PackLanes _dataPacks, _metaPacks;
    private readonly PassThread[] _walkers, _workers;
    private readonly CancellationTokenSource _stopWalk = new();
    private ChunkId _rootTree;
    private Exception? _failure;

    internal BackupPipeline(RunSetup setup, BackupPass pass, CancellationToken cancelled)
    {
        _setup = setup;
        _pass = pass;
        _cancelled = cancelled;
        _edges = new Edges(pass.Changes);
        int workers = setup.Options.WorkerCount;
        _slabs = new SlabPool(workers + 2, Math.Max(2 * setup.Repository.Header.ChunkMax, SlabPool.SlabLength));
        _ids = setup.Writer.DirectoryIds(setup.Source.Id);
        _dataPacks = new PackLanes(Math.Clamp(workers, 1, MaxDataLanes), PackKind.Data, setup.Output, _edges.Packs, _ledger);
        _metaPacks = new PackLanes(1, PackKind.Meta, setup.Output, _edges.Packs, _ledger);
        _walkers = [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 2, 8)).Select(_ => NewThread())];
        _workers = [.. Enumerable.Range(0, workers).Select(_ => NewThread())];
    }

    /// <summary>Saves a source. Returns the root tree and lists, all durable with what they need.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; what was done is checkpointed.</exception>
    internal PassResult Run(SourceTree source)
    {
        var checkpoints = new Checkpoints(_setup.Options.Checkpoints, _setup.Output, StoreAll, _pass.Tally, _setup.Repository.Options.Time);
        var committer = new Committer(_pass.Run, _pass.Tally, _pass.Changes, _setup.Writer, checkpoints);
        Thread[] uploading = Start("upload", Uploaders, _ => new Uploader(_edges.Packs, _ledger, _pass.Tally).Run());
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
        _edges.Changes.Complete();
        Join(committing);
        _edges.Packs.Complete();
        Join(uploading);
        if (_failure is not null) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure); }
        _cancelled.ThrowIfCancellationRequested();
        return new PassResult(_rootTree, failures, pending);
    }

    /// <summary>The pseudo directory that holds the root's entry goes through the same steps as any other; the walk starts below it.</summary>
    private void Walk(SourceTree source)
    {
        DirectoryExaminer[] examiners = Array.ConvertAll(
            _walkers, mine => new DirectoryExaminer(_pass, _edges.Work, _ids, _setup.Signatures, mine.Catalog, mine.Assembler));
        if (source.IsLayered)
        {
            new LayeredWalk(_pass, examiners, source).Run(_stopWalk.Token);
            return;
        }

        DirectoryExaminer first = examiners[0];
        SourceRoot root = source.Root;
        var visitor = new DirectoryVisitor(_pass, examiners, root.Stat.Device);
        var top = new DirectoryNode { Device = root.Stat.Device, Listing = _pass.Tables.Rent() };
        top.Listing.Add(source.Name, in root.Stat);
        if (!source.Name.AsSpan().SequenceEqual(root.Name))
        {
            top.Origins = new EntryOrigins();
            top.Origins.Add(root.Parent, root.Name, mountKey: 0, below: 0);
        }

        first.Examine(top, root.Parent);
        first.Enqueue(top, root.Parent);
        if (root.Stat.Kind == EntryKind.Directory)
        {
            Interlocked.Increment(ref top.Pending);
            DirectoryNode node = top.Child(0, in root.Stat);
            DirectoryHandle handle = root.OpenDirectory();
            try
            {
                var options = new WalkOptions { Threads = _walkers.Length };
                new Walker<DirectoryNode>(visitor, _pass.Tables, options).Run(handle, node, _stopWalk.Token);
            }
            finally
            {
                handle.Release();
            }
        }

        first.Assembler.PartDone(top);
    }

    private void Work(PassThread mine)
    {
        BatchReader reader = NewReader(mine);
        while (_edges.Work.Take(out ReadBatch? batch, out FileJob? job))
        {
            if (batch is not null) { reader.Process(batch); }
            else { job!.Run(mine.Sink); }
        }
    }

    private PassThread NewThread()
    {
        Repository repository = _setup.Repository;
        var sink = new ChunkSink(
            _setup.Output, repository.Hasher, repository.Header, _setup.Options.CompressionLevel, (_dataPacks, _metaPacks), _pass.Tally, _pass.Intake.Budget);
        var catalog = new LazyCatalog(_setup.OpenCatalog);
        return new PassThread(sink, catalog, new TreeAssembler(_pass, sink.StoreMeta, _owners, catalog, Finish));
    }

    private BatchReader NewReader(PassThread mine)
    {
        Repository repository = _setup.Repository;
        var small = new SmallFileCutter(repository.Chunker, mine.Sink);
        var large = new LargeFileCutter(repository.Chunker, _slabs, _edges.Work, mine.Sink, _pass.Tally);
        var region = new DeltaRegion(large, _setup.Output, repository.Header.ChunkMax);
        var delta = new DeltaCutter(_setup.Signatures, large, region, _pass.Rules, _pass.Tally, mine.Catalog);
        var unstable = new UnstableFileReader(_pass.Rules, _pass.Tally, _setup.Spool, small, delta);
        var reader = new FileReader(_pass.Rules, _pass.Tally, small, delta, unstable, repository.Options.Time);
        return new BatchReader(_pass, _edges.Work, _setup.Links, reader, mine.Assembler);
    }

    /// <summary>Every directory is complete.</summary>
    private void Finish(ChunkId rootTree)
    {
        _rootTree = rootTree;
        _edges.Work.Complete();
    }

    private IReadOnlyList<PackContents> StoreAll()
    {
        foreach (PassThread thread in _walkers) { thread.Sink.Flush(); }
        foreach (PassThread thread in _workers) { thread.Sink.Flush(); }
        _dataPacks.Flush();
        _metaPacks.Flush();
        return _ledger.TakeAllDurable();
    }

    private ChunkId WriteFailures()
    {
        (IReadOnlyList<Failure> first, long count) = _pass.Tally.Failures();
        if (count == 0) { return default; }
        var writer = new ByteWriter();
        FailureList.Encode(writer, first);
        return _workers[0].Sink.StoreMeta(writer.Written);
    }

    private ChunkId WritePending()
    {
        if (_pass.Intake is not { IsOrdering: false, Pending: { Files: > 0 } pending }) { return default; }
        var writer = new ByteWriter();
        PendingList.Encode(writer, pending.Newest());
        return _workers[0].Sink.StoreMeta(writer.Written);
    }

    private void StopReading()
    {
        _stopWalk.Cancel();
        _edges.Work.Stop();
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
            _edges.Stop();
            _ledger.Stop();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PackJob job in _edges.Packs.Rest()) { job.Staged.Dispose(); }
        _dataPacks.Dispose();
        _metaPacks.Dispose();
        foreach (PassThread thread in _walkers) { thread.Dispose(); }
        foreach (PassThread thread in _workers) { thread.Dispose(); }
        _stopWalk.Dispose();
    }
}
