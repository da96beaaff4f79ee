using System.Text;
using Varve.Catalog;
using Varve.Detect;
using Varve.FileSystems;
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
        using SourceTree tree = SourceTree.Open(options);
        foreach (SourceLayer layer in tree.Layers) { RefuseOwn(repository, layer.Root.RealPath); }
        string host = Environment.MachineName;
        Bytes32 sourceId = SourceIdentity.Of(repository.Bundle.ChunkIdKey, host, tree.CanonicalPath);
        PrivateDirectory.Create(repository.CacheDirectory);
        using SourceLock mutex = SourceLock.Take(repository.CacheDirectory, sourceId, PathText.Of(tree.CanonicalPath));
        using var session = new Session(repository.Store, time);
        repository.Store.CleanUp();
        if (options.Force)
        {
            // Every byte is at hand: what a pack that is gone held is stored again.
            repository.Indexes.AvoidMissing();
        }

        if (repository.Store.List(ObjectKeys.Condemned).Any()) { repository.Indexes.RequireCondemnedKnown(); }
        CatalogFile catalog = CatalogAccess.OpenCurrent(repository, cancellationToken, held: sourceId);
        try { return Run(repository, options, monitor, tree, sourceId, session, catalog, began, cancellationToken); }
        catch (VarveException e) when (CatalogAccess.IsDamageOfCatalog(e))
        {
            // Noticed only now, when the damaged rows were read. It is a cache: the run begins again with a new one.
            catalog = CatalogAccess.Rebuild(repository, e.Message, cancellationToken, held: sourceId);
            return Run(repository, options, monitor, tree, sourceId, session, catalog, began, cancellationToken);
        }
    }

    private static BackupResult Run(
        Repository repository, BackupOptions options, BackupMonitor monitor, SourceTree live, Bytes32 sourceId, Session session, CatalogFile catalog, long began,
        CancellationToken cancellationToken)
    {
        TimeProvider time = repository.Options.Time;
        string host = Environment.MachineName;
        using CatalogWriter writer = catalog.OpenWriter();

        string name = options.Source ?? DefaultName(live);
        SourceRow source;
        SnapshotRow running;
        IReadOnlyList<SnapshotRow> history;
        FileTime? limit;
        byte[]? elsewhere;
        using (CatalogReader reader = catalog.OpenReader())
        {
            limit = SafeLimit(reader, sourceId, out elsewhere);
            source = writer.PutSource(sourceId, name, host, elsewhere ?? live.Root.RealPath, live.CanonicalPath);
            running = writer.StartSnapshot(source.Id, FileTime.From(time.GetUtcNow()));
            history = reader.Snapshots(source.Id);
        }

        SnapshotRow? parent = history.LastOrDefault(static s => s.State == SnapshotState.Complete);
        if (running.Resumed) { AdoptOrphans(repository); }
        if (parent is not null) { monitor.Expect(parent.Counts.Files, parent.Counts.Bytes); }

        var tally = new RunTally(monitor);
        using FrozenSource frozen = FrozenSource.Of(live, options, repository, tally);
        monitor.Enter("saving");
        RunContext run = CreateContext(repository, options, tally, writer, frozen.Tree, source, running, history, limit);
        (ChunkId rootTree, ChunkId failureList) tree;
        // What a run that failed took on but never listed in a run may not be stored.
        repository.Chunks.ForgetAllPending();
        using (var pipeline = new BackupPipeline(run, writer, catalog.OpenReader, new OwnerNamesOfSystem(), cancellationToken)) { tree = pipeline.Run(frozen.Tree); }
        frozen.Dispose();

        monitor.Enter("finishing");
        (IReadOnlyList<Failure> failures, long failureCount) = tally.Failures();
        var snapshot = new Snapshot
        {
            SourceId = sourceId, Start = running.Start, End = FileTime.From(time.GetUtcNow()), RootTree = tree.rootTree,
            HasFailures = failureCount > 0, Counts = tally.ToCounts(), Parent = parent?.Object ?? default, Program = "varve " + ProgramVersion.Text,
            Private = new SnapshotPrivate
            {
                Source = name, Host = host, User = Environment.UserName, RootPath = live.Root.RealPath, CanonicalRoot = live.CanonicalPath,
                FailureList = tree.failureList, Tags = options.Tags,
            },
        };
        ObjectName snapshotName = Commit(repository, session, writer, running, snapshot);
        if (elsewhere is not null) { writer.PutSource(sourceId, name, host, live.Root.RealPath, live.CanonicalPath); }
        return new BackupResult(snapshotName, snapshot, failures, failureCount, tally.Notes(), time.GetElapsedTime(began), running.Resumed)
        {
            NothingChanged = parent is not null && parent.RootTree == tree.rootTree,
        };
    }

    /// <summary>
    /// What a source was read from last, if that is not what it stands for, may have been frozen long before that run began: a snapshot that the user took. A file that
    /// was changed within one tick before and after that moment would look safe (decision 0004). When it was nobody knows, but not before the newest ctime in it: so that
    /// takes the place of the run's start. <paramref name="elsewhere"/> is that place, which the catalog keeps until a run that knew of it is complete.
    /// </summary>
    private static FileTime? SafeLimit(CatalogReader reader, Bytes32 sourceId, out byte[]? elsewhere)
    {
        SourceRow? known = reader.TryGetSource(sourceId);
        elsewhere = known is not null && !known.Root.AsSpan().SequenceEqual(known.Canonical) ? known.Root : null;
        return elsewhere is null ? null : reader.NewestCtime(known!.Id);
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
        Repository repository, BackupOptions options, RunTally tally, CatalogWriter writer, SourceTree tree, SourceRow source, SnapshotRow running,
        IReadOnlyList<SnapshotRow> history, FileTime? limit)
    {
        SnapshotRow? whole = history.LastOrDefault(static s => s.State == SnapshotState.Complete && !s.IsPartial);
        IEnumerable<(long, FileTime)> later = history.Where(s => whole is null || s.Number > whole.Number).Select(static s => (s.Number, s.Start));
        long granularity = tree.TimestampGranularityNanoseconds();
        return new RunContext
        {
            Repository = repository, Options = options, Edges = new Edges(), Tally = tally,
            Rules = (options.IgnoreInode ? ChangeRules.IgnoreInode : 0) | (options.IgnoreCtime ? ChangeRules.IgnoreCtime : 0),
            Excludes = [.. options.Excludes.Select(static e => Glob.Parse(e))],
            Running = running.Number, Resumed = running.Resumed, Source = source,
            Safe = new SafeTimes(limit is { } before && before < whole?.Start ? before : whole?.Start, later, granularity), Granularity = granularity,
            RootDevice = tree.Root.Stat.Device,
            Own = [.. OwnDirectories(repository, tree)],
            DirectoryIds = writer.DirectoryIds(source.Id),
            Slabs = new SlabPool(options.WorkerCount + 2, 2 * repository.Header.ChunkMax),
        };
    }

    /// <summary>Packs that an interrupted run stored but never put into an index run are put into one now, instead of storing their chunks again.</summary>
    private static void AdoptOrphans(Repository repository)
    {
        IReadOnlyList<PackContents> orphans = repository.Indexes.FindUncovered(e => repository.Options.Warn?.Invoke(e.Message));
        if (orphans.Count > 0) { repository.Indexes.WriteRun(orphans); }
    }

    /// <summary>
    /// What a run itself writes to. Where the tree is read from somewhere else than it is recorded as, above all from a snapshot, a directory of ours has another
    /// device number there: it is known by its inode number and its path.
    /// </summary>
    private static List<OwnDirectory> OwnDirectories(Repository repository, SourceTree? tree = null)
    {
        var own = new List<OwnDirectory>();
        (string, string)[] all =
        [
            (repository.Description, "it is the repository itself"), (repository.CacheDirectory, "it is this repository's cache"),
            (FrozenSource.Folder(repository), "it holds snapshots of file systems"),
        ];
        foreach ((string path, string what) in all)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(path);
            if (Posix.StatAt(Posix.AT_FDCWD, bytes, out EntryStat stat, 0) != 0) { continue; }
            own.Add(new OwnDirectory(stat.Device, stat.Inode, tree?.IsMapped == true && SourceRoot.TryResolve(bytes) is { } real ? tree.PathsOf(real) : [], what));
        }

        return own;
    }

    /// <summary>A source that is, or lies in, what a run itself writes to never comes to an end.</summary>
    private static void RefuseOwn(Repository repository, ReadOnlySpan<byte> path)
    {
        List<OwnDirectory> own = OwnDirectories(repository);
        for (int end = path.Length; end > 0; end = path[..end].LastIndexOf((byte)'/'))
        {
            if (Posix.StatAt(Posix.AT_FDCWD, path[..end], out EntryStat stat) != 0) { continue; }
            foreach (OwnDirectory directory in own)
            {
                if (stat.Inode != directory.Inode || stat.Device != directory.Device) { continue; }
                string where = end == path.Length ? directory.What : directory.What.Replace("it is", "it lies in", StringComparison.Ordinal);
                throw new VarveException(ErrorKind.Usage, $"cannot back up {PathText.Of(path)}: {where}", "Name another directory.");
            }
        }
    }

    private static string DefaultName(SourceTree tree) => tree.Name is [(byte)'/'] ? "root" : PathText.Of(tree.Name);
}
