using System.Text;
using Varve.Catalog;
using Varve.Detect;
using Varve.FileSystems;
using Varve.Format;
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
        foreach (SourceLayer layer in tree.Layers) { OwnDirectories.Refuse(repository, layer.Root.RealPath); }
        string host = Environment.MachineName;
        Bytes32 sourceId = repository.SourceId(host, tree.CanonicalPath);
        PrivateDirectory.Create(repository.CacheDirectory);
        using SourceLock mutex = SourceLock.Take(repository.CacheDirectory, sourceId, tree.CanonicalPath);
        using var session = new Session(repository.Store, time);
        repository.Store.CleanUp();
        if (options.Force)
        {
            // Every byte is at hand: what a pack that is gone held is stored again.
            repository.Indexes.AvoidMissing();
        }

        if (repository.Store.List(ObjectKeys.Condemned).Any()) { repository.Indexes.RequireCondemnedKnown(); }
        CatalogFile catalog = CatalogAccess.Of(repository).OpenCurrent(cancellationToken, held: sourceId);
        try { return Run(repository, options, monitor, tree, sourceId, session, catalog, began, cancellationToken); }
        catch (VarveException e) when (CatalogAccess.IsDamageOfCatalog(e))
        {
            // Noticed only now, when the damaged rows were read. It is a cache: the run begins again with a new one.
            catalog = CatalogAccess.Of(repository).Rebuild(e, cancellationToken, held: sourceId);
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
        using Spool spool = Spool.Open(repository, options, tally.Note);
        IReadOnlyList<UnstableRow> listed;
        using (CatalogReader reader = catalog.OpenReader()) { listed = reader.Unstable(source.Id, UnstableSet.Most); }
        var unstable = new UnstableSet(listed);
        var pending = new PendingFiles();
        DeltaRun? deltas = DeltaRun.Of(repository, options, sourceId);
        var passes = new BackupPasses(options, tally, pending, FileTime.From(time.GetUtcNow()));
        using CancellationTokenRegistration heard = Gate.PassWhenCancelled(cancellationToken);
        using FrozenSource frozen = FrozenSource.Of(live, options, repository, tally);
        Gate.Pass(Gate.Frozen);
        var setup = new RunSetup
        {
            Repository = repository, Options = options, Tally = tally, Tree = frozen.Tree, Source = source, Writer = writer,
            Running = running, History = history, SafeLimit = limit, Deltas = deltas, Spool = spool, Unstable = unstable,
        };

        // What a run that failed took on but never listed in a run may not be stored.
        repository.Chunks.ForgetAllPending();
        List<UnstableRow> gone = [];
        if (listed.Count > 0)
        {
            monitor.Enter("copying unstable files");
            using CatalogReader reader = catalog.OpenReader();
            gone = UnstableFirst.Copy(setup.Context(null, false), frozen.Tree, reader, listed, cancellationToken);
        }

        PassResult tree = passes.Run(setup.Context, frozen.Tree, writer, catalog.OpenReader, cancellationToken);
        // Only now: a file that was moved is known by its old place to be unstable until it has been read at the new one.
        if (gone.Count > 0) { writer.RemoveUnstable(gone, running.Number); }
        frozen.Dispose();

        monitor.Enter("finishing");
        (IReadOnlyList<Failure> failures, long failureCount) = tally.Failures();
        var snapshot = new Snapshot
        {
            SourceId = sourceId, Start = running.Start, End = FileTime.From(time.GetUtcNow()), RootTree = tree.RootTree,
            IsPartial = pending.Files > 0,
            HasFailures = failureCount > 0, Counts = tally.ToCounts() with { PendingFiles = pending.Files, PendingBytes = pending.Bytes }, Parent = parent?.Object ?? default, Program = "varve " + ProgramVersion.Text,
            Private = new SnapshotPrivate
            {
                Source = name, Host = host, User = Environment.UserName, RootPath = live.Root.RealPath, CanonicalRoot = live.CanonicalPath,
                FailureList = tree.FailureList, PendingList = tree.PendingList, Tags = options.Tags,
            },
        };
        ObjectName snapshotName = Commit(repository, session, writer, running, snapshot);
        if (elsewhere is not null) { writer.PutSource(sourceId, name, host, live.Root.RealPath, live.CanonicalPath); }
        return new BackupResult(snapshotName, snapshot, failures, failureCount, tally.Notes(), time.GetElapsedTime(began), running.Resumed)
        {
            NothingChanged = parent is not null && parent.RootTree == tree.RootTree,
            Torn = tally.Torn,
            Unstable = CountUnstable(catalog, source),
            Pending = pending.Newest(), BudgetUsed = passes.Spent,
            DeltaFiles = tally.DeltaFiles, DeltaBytes = tally.DeltaBytes,
        };
    }

    private static int CountUnstable(CatalogFile catalog, SourceRow source)
    {
        using CatalogReader reader = catalog.OpenReader();
        return reader.Unstable(source.Id).Count;
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
        (ObjectName name, byte[] bytes) = repository.SnapshotStore.Seal(snapshot);
        writer.MarkCommitting(running.Source, running.Number, name, snapshot.RootTree);
        session.EnsureAlive();
        repository.Store.Put(ObjectKeys.Snapshot(name), bytes);
        Gate.Pass(Gate.SnapshotStored);
        writer.CompleteSnapshot(running.Source, running.Number, snapshot, name);
        return name;
    }

    /// <summary>Packs that an interrupted run stored but never put into an index run are put into one now, instead of storing their chunks again.</summary>
    private static void AdoptOrphans(Repository repository)
    {
        IReadOnlyList<PackContents> orphans = repository.Indexes.FindUncovered(e => repository.Options.Warn?.Invoke(Notice.Of(e)));
        if (orphans.Count > 0) { repository.Indexes.WriteRun(orphans); }
    }

    private static string DefaultName(SourceTree tree) => tree.Name is [(byte)'/'] ? "root" : PathText.Of(tree.Name);
}
