using System.Text;
using Varve.Catalog;
using Varve.Detect;
using Varve.Model;
using Varve.Platform;
using Varve.Repositories;

namespace Varve.Backup;

/// <summary>
/// One backup run from the open repository to the committed snapshot: source lock, session, catalog brought up to date, pipeline, snapshot, catalog.
/// </summary>
public static class BackupRunner
{
    /// <summary>Backs a source up. Paths that fail are data in the result.</summary>
    /// <exception cref="VarveException">Nothing could be saved, or the store or catalog failed; what was checkpointed is kept for the next run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint was made.</exception>
    public static BackupResult Run(Repository repository, BackupOptions options, BackupMonitor monitor, CancellationToken cancellationToken)
    {
        TimeProvider time = repository.Options.Time;
        long began = time.GetTimestamp();
        repository.RequireWritable();
        using SourceRoot root = SourceRoot.Open(options.RootPath);
        RefuseOwn(repository, root);
        string host = Environment.MachineName;
        Bytes32 sourceId = SourceIdentity.Of(repository.Bundle.ChunkIdKey, host, root.CanonicalPath);
        PrivateDirectory.Create(repository.CacheDirectory);
        using SourceLock mutex = SourceLock.Take(repository.CacheDirectory, sourceId, PathText.Of(root.CanonicalPath));
        using var session = new Session(repository.Store, time);
        repository.Store.CleanUp();
        if (options.Force)
        {
            // Every byte is at hand: what a pack that is gone held is stored again.
            repository.Indexes.AvoidMissing();
        }

        if (repository.Store.List(ObjectKeys.Condemned).Any()) { repository.Indexes.RequireCondemnedKnown(); }
        CatalogFile catalog = CatalogAccess.OpenCurrent(repository, cancellationToken, held: sourceId);
        try { return Run(repository, options, monitor, root, sourceId, session, catalog, began, cancellationToken); }
        catch (VarveException e) when (CatalogAccess.IsDamageOfCatalog(e))
        {
            // Noticed only now, when the damaged rows were read. It is a cache: the run begins again with a new one.
            catalog = CatalogAccess.Rebuild(repository, e.Message, cancellationToken, held: sourceId);
            return Run(repository, options, monitor, root, sourceId, session, catalog, began, cancellationToken);
        }
    }

    private static BackupResult Run(
        Repository repository, BackupOptions options, BackupMonitor monitor, SourceRoot root, Bytes32 sourceId, Session session, CatalogFile catalog, long began,
        CancellationToken cancellationToken)
    {
        TimeProvider time = repository.Options.Time;
        string host = Environment.MachineName;
        using CatalogWriter writer = catalog.OpenWriter();

        string name = options.Source ?? DefaultName(root);
        SourceRow source = writer.PutSource(sourceId, name, host, root.CanonicalPath, root.CanonicalPath);
        SnapshotRow running = writer.StartSnapshot(source.Id, FileTime.From(time.GetUtcNow()));
        IReadOnlyList<SnapshotRow> history;
        using (CatalogReader reader = catalog.OpenReader()) { history = reader.Snapshots(source.Id); }
        SnapshotRow? parent = history.LastOrDefault(static s => s.State == SnapshotState.Complete);
        if (running.Resumed) { AdoptOrphans(repository); }
        if (parent is not null) { monitor.Expect(parent.Counts.Files, parent.Counts.Bytes); }
        monitor.Enter("saving");

        var tally = new RunTally(monitor);
        RunContext run = CreateContext(repository, options, tally, writer, root, source, running, history);
        (ChunkId rootTree, ChunkId failureList) tree;
        // What a run that failed took on but never listed in a run may not be stored.
        repository.Chunks.ForgetAllPending();
        using (var pipeline = new BackupPipeline(run, writer, catalog.OpenReader, new OwnerNamesOfSystem(), cancellationToken)) { tree = pipeline.Run(root); }

        monitor.Enter("finishing");
        (IReadOnlyList<Failure> failures, long failureCount) = tally.Failures();
        var snapshot = new Snapshot
        {
            SourceId = sourceId, Start = running.Start, End = FileTime.From(time.GetUtcNow()), RootTree = tree.rootTree,
            HasFailures = failureCount > 0, Counts = tally.ToCounts(), Parent = parent?.Object ?? default, Program = "varve " + ProgramVersion.Text,
            Private = new SnapshotPrivate
            {
                Source = name, Host = host, User = Environment.UserName, RootPath = root.CanonicalPath, CanonicalRoot = root.CanonicalPath,
                FailureList = tree.failureList, Tags = options.Tags,
            },
        };
        ObjectName snapshotName = Commit(repository, session, writer, running, snapshot);
        return new BackupResult(snapshotName, snapshot, failures, failureCount, tally.Notes(), time.GetElapsedTime(began), running.Resumed)
        {
            NothingChanged = parent is not null && parent.RootTree == tree.rootTree,
            DeltaFiles = tally.DeltaFiles,
            DeltaBytes = tally.DeltaBytes,
        };
    }

    /// <summary>
    /// The snapshot becomes durable between two catalog steps: the first records which object is about to be written, so that a run killed in between is
    /// recognised as complete; the second completes it.
    /// </summary>
    private static ObjectName Commit(Repository repository, Session session, CatalogWriter writer, SnapshotRow running, Snapshot snapshot)
    {
        (ObjectName name, byte[] bytes) = SnapshotStore.Seal(repository, snapshot);
        writer.MarkCommitting(running.Source, running.Number, name, snapshot.RootTree);
        session.EnsureAlive();
        repository.Store.Put(ObjectKeys.Snapshot(name), bytes);
        writer.CompleteSnapshot(running.Source, running.Number, snapshot, name);
        return name;
    }

    private static RunContext CreateContext(
        Repository repository, BackupOptions options, RunTally tally, CatalogWriter writer, SourceRoot root, SourceRow source, SnapshotRow running,
        IReadOnlyList<SnapshotRow> history)
    {
        SnapshotRow? whole = history.LastOrDefault(static s => s.State == SnapshotState.Complete && !s.IsPartial);
        IEnumerable<(long, FileTime)> later = history.Where(s => whole is null || s.Number > whole.Number).Select(static s => (s.Number, s.Start));
        long granularity = root.TimestampGranularityNanoseconds();
        return new RunContext
        {
            Repository = repository, Options = options, Edges = new Edges(), Tally = tally,
            Rules = (options.IgnoreInode ? ChangeRules.IgnoreInode : 0) | (options.IgnoreCtime ? ChangeRules.IgnoreCtime : 0),
            Excludes = [.. options.Excludes.Select(static e => Glob.Parse(e))],
            Running = running.Number, Resumed = running.Resumed, Source = source,
            Safe = new SafeTimes(whole?.Start, later, granularity), Granularity = granularity,
            RootDevice = root.Stat.Device,
            Own = [.. OwnDirectories(repository)],
            Deltas = DeltaRun.Of(repository, options),
            DirectoryIds = writer.DirectoryIds(source.Id),
            Slabs = new SlabPool(options.WorkerCount + 2, Math.Max(2 * repository.Header.ChunkMax, SlabPool.SlabLength)),
        };
    }

    /// <summary>Packs that an interrupted run stored but never put into an index run are put into one now, instead of storing their chunks again.</summary>
    private static void AdoptOrphans(Repository repository)
    {
        IReadOnlyList<PackContents> orphans = repository.Indexes.FindUncovered(e => repository.Options.Warn?.Invoke(e.Message));
        if (orphans.Count > 0) { repository.Indexes.WriteRun(orphans); }
    }

    private static List<(ulong Device, ulong Inode, string What)> OwnDirectories(Repository repository)
    {
        var own = new List<(ulong, ulong, string)>();
        foreach ((string path, string what) in new[] { (repository.Description, "it is the repository itself"), (repository.CacheDirectory, "it is this repository's cache") })
        {
            if (Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), out EntryStat stat, 0) == 0) { own.Add((stat.Device, stat.Inode, what)); }
        }

        return own;
    }

    /// <summary>A source that is, or lies in, what a run itself writes to never comes to an end.</summary>
    private static void RefuseOwn(Repository repository, SourceRoot root)
    {
        List<(ulong Device, ulong Inode, string What)> own = OwnDirectories(repository);
        ReadOnlySpan<byte> path = root.CanonicalPath;
        for (int end = path.Length; end > 0; end = path[..end].LastIndexOf((byte)'/'))
        {
            if (Posix.StatAt(Posix.AT_FDCWD, path[..end], out EntryStat stat) != 0) { continue; }
            foreach ((ulong device, ulong inode, string what) in own)
            {
                if (stat.Inode != inode || stat.Device != device) { continue; }
                string where = end == path.Length ? what : what.Replace("it is", "it lies in", StringComparison.Ordinal);
                throw new VarveException(ErrorKind.Usage, $"cannot back up {PathText.Of(path)}: {where}", "Name another directory.");
            }
        }
    }

    private static string DefaultName(SourceRoot root) => root.Name is [(byte)'/'] ? "root" : PathText.Of(root.Name);
}
