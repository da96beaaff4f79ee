using Varve.Backup.Content;
using Varve.Backup.Deltas;
using Varve.Backup.Packing;
using Varve.Backup.Order;
using Varve.Backup.Passes;
using Varve.Backup.Read;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Backup.Unstable;
using Varve.Backup.Visit;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tree;
using Varve.Vault;

namespace Varve.Backup;

/// <summary>
/// What the walkers and workers of a pass have to themselves, each its own, and what is wired of it: the one place that knows what reads
/// files and what examines directories.
/// </summary>
internal sealed class PassThreads : IDisposable
{
    private const int MaxDataLanes = 4;

    private readonly RunSetup _setup;
    private readonly BackupPass _pass;
    private readonly Edges _edges;
    private readonly UploadLedger _ledger;
    private readonly IOwnerNames _owners = new OwnerNamesOfSystem();
    private readonly SlabPool _slabs;
    private readonly DirectoryIds _ids;
    private readonly PackLanes _dataPacks, _metaPacks;
    private readonly PassThread[] _walkers, _workers;
    private readonly IFileFeed _feed;

    internal PassThreads(RunSetup setup, BackupPass pass, Edges edges, UploadLedger ledger)
    {
        (_setup, _pass, _edges, _ledger) = (setup, pass, edges, ledger);
        HostEnvironment host = setup.Repository.Options.Host;
        int workers = host.Threads(setup.Options.Workers);
        _slabs = new SlabPool(workers + 2, Math.Max(2 * setup.Repository.Header.ChunkMax, SlabPool.SlabLength));
        _ids = setup.Writer.DirectoryIds(setup.Source.Id);
        _dataPacks = new PackLanes(Math.Clamp(workers, 1, MaxDataLanes), PackKind.Data, setup.Output, edges.Packs, ledger);
        _metaPacks = new PackLanes(1, PackKind.Meta, setup.Output, edges.Packs, ledger);
        _walkers = [.. Enumerable.Range(0, host.Walkers).Select(_ => NewThread())];
        _workers = [.. Enumerable.Range(0, workers).Select(_ => NewThread())];
        _feed = pass.Intake is { Band: { IsExact: true } band, Budget: { } budget }
            ? new AgeOrderFeed(edges.Work, band, budget, pass.Tables) : new DiskOrderFeed(edges.Work);
        if (pass.Intake.Budget is { } limit) { limit.CloseBlocks = () => Array.ForEach(_workers, static w => w.Sink.CloseData()); }
    }

    /// <summary>The tree that holds the root's entry, when every directory is complete; none after an ordering pass.</summary>
    internal ChunkId RootTree { get; private set; }

    internal int Workers => _workers.Length;

    /// <summary>Where a thread stores chunks: the worker of that number.</summary>
    internal ChunkSink Sink(int worker) => _workers[worker].Sink;

    /// <summary>What the walkers do with directories, in the pass or in a walk that visits some of it again.</summary>
    internal DirectoryExaminer[] NewExaminers(BackupPass pass) => Array.ConvertAll(
        _walkers, mine => new DirectoryExaminer(pass, _feed, _ids, _setup.Signatures, mine.Catalog, mine.Assembler));

    /// <summary>What a worker does with batches of files.</summary>
    internal BatchReader NewReader(int worker)
    {
        PassThread mine = _workers[worker];
        Repository repository = _setup.Repository;
        var small = new SmallFileCutter(repository.Chunker, mine.Sink);
        var large = new LargeFileCutter(repository.Chunker, _slabs, _edges.Work, mine.Sink, _pass.Tally);
        var region = new DeltaRegion(large, _setup.Output, repository.Header.ChunkMax);
        var delta = new DeltaCutter(_setup.Signatures, large, region, _pass.Rules, _pass.Tally, mine.Catalog);
        TimeProvider time = repository.Options.Time;
        var cloner = new LoneCloner(_pass.Rules, _setup.Spool, time);
        var unstable = new UnstableFileReader(_pass.Rules, _pass.Tally, _setup.Spool, cloner, small, delta, _edges.Work.ThrowIfStopped);
        var unmeasured = new UnmeasuredReader(_pass.Tally, _setup.Spool, small, delta, _edges.Work.ThrowIfStopped);
        var reader = new FileReader(_pass.Rules, _pass.Tally, small, delta, unstable, unmeasured, time);
        var groups = new GroupReader(_pass.Rules, _setup.Spool, reader, time, _edges.Work.ThrowIfStopped);
        return new BatchReader(_pass, _edges.Work, _setup.Links, reader, groups, mine.Assembler);
    }

    /// <summary>
    /// Sends off every open block and pack, waits until the store has them all, and returns the packs that became durable since the last
    /// call.
    /// </summary>
    internal IReadOnlyList<PackContents> StoreAll()
    {
        foreach (PassThread thread in _walkers) { thread.Sink.Flush(); }
        foreach (PassThread thread in _workers) { thread.Sink.Flush(); }
        _dataPacks.Flush();
        _metaPacks.Flush();
        return _ledger.TakeAllDurable();
    }

    private PassThread NewThread()
    {
        Repository repository = _setup.Repository;
        var sink = new ChunkSink(
            _setup.Output, repository.Hasher, repository.Header, _setup.Options.CompressionLevel, (_dataPacks, _metaPacks), _pass.Tally,
            _pass.Intake.Budget);
        var catalog = new LazyCatalog(_setup.OpenCatalog);
        return new PassThread(sink, catalog, new TreeAssembler(_pass, sink.StoreMeta, _owners, catalog, Finish));
    }

    /// <summary>Every directory is complete: workers may go.</summary>
    private void Finish(ChunkId rootTree)
    {
        RootTree = rootTree;
        _edges.Work.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _feed.Dispose();
        _dataPacks.Dispose();
        _metaPacks.Dispose();
        foreach (PassThread thread in _walkers) { thread.Dispose(); }
        foreach (PassThread thread in _workers) { thread.Dispose(); }
    }
}
