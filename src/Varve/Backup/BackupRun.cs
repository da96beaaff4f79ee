using Varve.Backup.Deltas;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Backup.Unstable;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Format;
using Varve.Freeze;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Platform;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Backup;

/// <summary>
/// One backup run with a catalog that is up to date, from the source as it stands to the committed snapshot. May be run again with another
/// catalog, if that one turns out damaged. Used by the run's own thread.
/// </summary>
internal sealed class BackupRun(
    Repository repository, BackupOptions options, RunProgress progress, SourceTree live, Bytes32 sourceId, Session session)
{
    /// <summary>The host that the source is on.</summary>
    internal required string Host { get; init; }

    /// <summary>When the run began, by the clock that measures.</summary>
    internal required long Began { get; init; }

    /// <inheritdoc cref="BackupRunner.Run"/>
    internal BackupResult Run(CatalogFile catalog, CancellationToken cancellationToken)
    {
        TimeProvider time = repository.Options.Time;
        using CatalogWriter writer = catalog.OpenWriter();

        string name = options.Source ?? DefaultName(live);
        SourceRow source;
        SnapshotRow running;
        IReadOnlyList<SnapshotRow> history;
        FileTime? limit;
        byte[]? elsewhere;
        using (CatalogReader reader = catalog.OpenReader())
        {
            limit = SafeLimit(reader, out elsewhere);
            source = writer.PutSource(sourceId, name, Host, elsewhere ?? live.Root.RealPath, live.CanonicalPath);
            running = writer.Snapshots.Start(source.Id, FileTime.From(time.GetUtcNow()));
            history = reader.Snapshots(source.Id);
        }

        SnapshotRow? parent = history.LastOrDefault(static s => s.State == SnapshotState.Complete);
        if (running.Resumed) { AdoptOrphans(); }
        if (parent is not null) { progress.Expect(parent.Counts.Files, parent.Counts.Bytes); }

        var tally = new RunTally(progress);
        using Spool spool = Spool.Open(options.SpoolDirectory, repository.CacheDirectory, options.SpoolLimit, tally.Note);
        IReadOnlyList<UnstableRow> listed;
        using (CatalogReader reader = catalog.OpenReader()) { listed = reader.Unstable(source.Id, UnstableSet.Most); }
        var unstable = new UnstableSet(listed);
        var pending = new PendingFiles();
        using DeltaSignatures? signatures = Signatures();
        FileTime now = FileTime.From(time.GetUtcNow());
        using CancellationTokenRegistration heard = Gate.PassWhenCancelled(cancellationToken);
        using FrozenSource frozen = Freeze(tally);
        Gate.Pass(Gate.Frozen);
        // What a run that failed took on but never listed in a run may not be stored.
        repository.Chunks.ForgetAllPending();
        var setup = new RunSetup
        {
            Repository = repository, Output = new RepositoryOutput(repository), Options = options, Tally = tally, Tree = frozen.Tree,
            Source = source,
            Writer = writer, OpenCatalog = catalog.OpenReader, Running = running, History = history, SafeLimit = limit,
            Signatures = signatures, Spool = spool,
            Unstable = unstable,
        };
        var passes = new BackupPasses(setup, pending, now);
        List<UnstableRow> gone = [];
        if (listed.Count > 0)
        {
            progress.Enter("copying unstable files");
            using CatalogReader reader = catalog.OpenReader();
            gone = new UnstableFirst(setup.Identity(takesUp: false), setup.Rules, spool).Copy(frozen.Tree, reader, listed,
                cancellationToken);
        }

        PassResult tree = passes.Run(cancellationToken);
        // Only now: a file that was moved is known by its old place to be unstable until it has been read at the new one.
        if (gone.Count > 0) { writer.Unstable.Remove(gone, running.Number); }
        frozen.Dispose();

        progress.Enter("finishing");
        (IReadOnlyList<Failure> failures, long failureCount) = tally.Failures();
        var snapshot = new Snapshot
        {
            SourceId = sourceId, Start = running.Start, End = FileTime.From(time.GetUtcNow()), RootTree = tree.RootTree,
            IsPartial = pending.Files > 0,
            HasFailures = failureCount > 0, Counts = tally.ToCounts() with { PendingFiles = pending.Files, PendingBytes = pending.Bytes },
            Parent = parent?.Object ?? default, Program = "varve " + ProgramVersion.Text,
            Private = new SnapshotPrivate
            {
                Source = name, Host = Host, User = repository.Options.Host.User, RootPath = live.Root.RealPath,
                CanonicalRoot = live.CanonicalPath,
                FailureList = tree.FailureList, PendingList = tree.PendingList, Tags = options.Tags,
            },
        };
        ObjectName snapshotName = Commit(writer, running, snapshot);
        if (elsewhere is not null) { writer.PutSource(sourceId, name, Host, live.Root.RealPath, live.CanonicalPath); }
        return new BackupResult(snapshotName, snapshot, failures, failureCount, tally.Notes(), time.GetElapsedTime(Began), running.Resumed)
        {
            NothingChanged = parent is not null && parent.RootTree == tree.RootTree,
            Torn = tally.Torn,
            Unstable = CountUnstable(catalog, source),
            Pending = pending.Newest(), BudgetUsed = passes.Spent,
            DeltaFiles = tally.DeltaFiles, DeltaBytes = tally.DeltaBytes,
        };
    }

    private FrozenSource Freeze(RunTally tally) => FrozenSource.Of(
        live, options.FileSystemSnapshot, nested: !options.OneFileSystem, FrozenSource.Folder(repository.Options.CacheRoot),
        new Tool(repository.Options.Host.ProgramDirectories, repository.Options.Host.IsPrivileged), tally,
        notice => repository.Options.Warn?.Invoke(notice));

    private DeltaSignatures? Signatures() => !options.Delta ? null : new DeltaSignatures(
        Path.Combine(repository.CacheDirectory, "deltas"), repository.DeltaKeys(), sourceId, options.DeltaLimit, options.DeltaFrom,
        options.Force);

    private static int CountUnstable(CatalogFile catalog, SourceRow source)
    {
        using CatalogReader reader = catalog.OpenReader();
        return reader.Unstable(source.Id).Count;
    }

    /// <summary>
    /// What a source was read from last, if that is not what it stands for, may have been frozen long before that run began: a snapshot
    /// that the user took. A file that was changed within one tick before and after that moment would look safe (decision 0004). When it
    /// was nobody knows, but not before the newest ctime in it: so that takes the place of the run's start. <paramref name="elsewhere"/> is
    /// that place, which the catalog keeps until a run that knew of it is complete.
    /// </summary>
    private FileTime? SafeLimit(CatalogReader reader, out byte[]? elsewhere)
    {
        SourceRow? known = reader.TryGetSource(sourceId);
        elsewhere = known is not null && !known.Root.AsSpan().SequenceEqual(known.Canonical) ? known.Root : null;
        return elsewhere is null ? null : reader.NewestCtime(known!.Id);
    }

    /// <summary>
    /// The snapshot becomes durable between two catalog steps: the first records which object is about to be written, so that a run killed
    /// in between is recognised as complete; the second completes it.
    /// </summary>
    private ObjectName Commit(CatalogWriter writer, SnapshotRow running, Snapshot snapshot)
    {
        (ObjectName name, byte[] bytes) = repository.SnapshotStore.Seal(snapshot);
        writer.Snapshots.MarkCommitting(running.Source, running.Number, name, snapshot.RootTree);
        session.EnsureAlive();
        repository.Store.Put(ObjectKeys.Snapshot(name), bytes);
        Gate.Pass(Gate.SnapshotStored);
        writer.Snapshots.Complete(running.Source, running.Number, snapshot, name);
        return name;
    }

    /// <summary>
    /// Packs that an interrupted run stored but never put into an index run are put into one now, instead of storing their chunks again.
    /// </summary>
    private void AdoptOrphans()
    {
        IReadOnlyList<PackContents> orphans = repository.Indexes.FindUncovered(e => repository.Options.Warn?.Invoke(Notice.Of(e)));
        if (orphans.Count > 0) { repository.Indexes.WriteRun(orphans); }
    }

    private static string DefaultName(SourceTree tree) => tree.Name is [(byte)'/'] ? "root" : PathText.Of(tree.Name);
}
