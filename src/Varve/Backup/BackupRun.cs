using Varve.Backup.Clocks;
using Varve.Backup.Deltas;
using Varve.Backup.Dirty;
using Varve.Backup.Passes;
using Varve.Backup.Results;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Backup.Unstable;
using Varve.Backup.Watched;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Format;
using Varve.Freeze;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Model.Changes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Vault;
using Varve.Vault.Objects;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;
using Varve.Walk;

namespace Varve.Backup;

/// <summary>
/// One backup run with a catalog that is up to date, from the source as it stands to the committed snapshot. May be run again with another
/// catalog, if that one turns out damaged. Used by the run's own thread.
/// </summary>
internal sealed class BackupRun(
    Repository repository, BackupOptions options, RunProgress progress, SourceTree live, Bytes32 historyId, Session session)
{
    private const long FirstNumber = 1; // of all snapshots of a catalog

    /// <summary>The source's id by host and canonical root: another's history may be its own.</summary>
    internal required Bytes32 OwnId { get; init; }

    /// <summary>The host that the source is on.</summary>
    internal required string Host { get; init; }

    /// <summary>
    /// Whether no row of the catalog counts before its chunks were found in this session's index: packs are condemned.
    /// </summary>
    internal required bool ProveAll { get; init; }

    /// <summary>Whether a check on this machine found packs damaged or missing.</summary>
    internal required bool HasDamagedPacks { get; init; }

    /// <summary>The catalog's number from which on runs before this one worked in sessions that were lost; 0 for none.</summary>
    internal required long Lost { get; init; }

    /// <summary>The catalog's number of the snapshot in the making; 0 before there is one.</summary>
    internal long Number { get; private set; }

    /// <summary>When the run began, by the clock that measures.</summary>
    internal required long Began { get; init; }

    /// <summary>Whether something may have been recorded under the snapshot in the making.</summary>
    private bool _isRecording;

    /// <summary>A run that has begun: the source by its present name, the snapshot in the making, and those that are known.</summary>
    private readonly record struct Begun(string Name, SourceRow Source, SnapshotRow Running, IReadOnlyList<SnapshotRow> History);

    /// <inheritdoc cref="BackupRunner.Run"/>
    internal BackupResult Run(CatalogFile catalog, CancellationToken cancellationToken)
    {
        using CatalogWriter writer = catalog.OpenWriter(cancellationToken);
        Begun begun = Begin(catalog, writer, cancellationToken);
        Number = begun.Running.Number;
        _isRecording = begun.Running.Resumed;
        (bool isProved, long losses) = writer.Proofs.Begin(historyId, PresentRuns());
        try
        {
            BackupResult result = Run(catalog, writer, begun, isProved, cancellationToken);
            // What could not be read, or is still to come, is as doubtful as it was.
            if (isProved || (result.FailureCount == 0 && !result.Snapshot.IsPartial)) { writer.Proofs.End(historyId, losses, PresentRuns()); }
            return result;
        }
        catch (UnsettledException)
        {
            // What it recorded goes: nothing is taken up, and everything is looked at anew.
            writer.Snapshots.Abandon(begun.Source.Id);
            _isRecording = true;
            throw;
        }
        finally
        {
            // A run that could not even begin leaves nothing to carry on with.
            if (!_isRecording) { writer.Snapshots.Withdraw(begun.Running); }
        }
    }

    private Begun Begin(CatalogFile catalog, CatalogWriter writer, CancellationToken cancellationToken)
    {
        using CatalogReader reader = catalog.OpenReader(cancellationToken);
        SourceRow? before = reader.TryGetSource(historyId);
        live.Recognise(before is null ? [] : reader.LatestComplete(before.Id)?.Removable ?? []);
        // A name that it was once given stays.
        string name = repository.SnapshotStore.Sources.NameOf(historyId, options.Source ?? before?.Name ?? DefaultName(live));
        SourceRow source = writer.PutSource(historyId, name, Host, live.Root.RealPath, live.CanonicalPath);
        SnapshotRow running = writer.Snapshots.Start(source.Id, FileTime.From(repository.Options.Time.GetUtcNow()), live.Place);
        return new Begun(name, source, running, reader.Snapshots(source.Id));
    }

    /// <summary>
    /// The snapshot that this one goes on with: the catalog's last. A key of level write imports nothing into its catalog; but what that
    /// has lost, or never had, is in the repository all the same, and what is made now must not be taken for older.
    /// </summary>
    private SnapshotOrder? NewestBefore(IReadOnlyList<SnapshotRow> history, SnapshotRow? parent)
    {
        SnapshotOrder? newest = parent?.Order;
        if (repository.Level == KeyLevel.Full) { return newest; }
        SnapshotStore snapshots = repository.SnapshotStore;
        foreach (ObjectName name in snapshots.Names(repository.OwnLineage(OwnId)).Except(history.Select(static row => row.Object)))
        {
            try
            {
                Snapshot snapshot = snapshots.Read(name);
                SnapshotOrder order = new SnapshotInfo(name, snapshot).Order;
                if (snapshot.HistoryId == historyId && newest?.IsAfter(order) != true) { newest = order; }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { /* nothing goes on with it */ }
        }

        return newest;
    }

    private ObjectName[] PresentRuns() => Vault.Runs.IndexLookups.RunsAndReplaced(repository.Indexes);

    private BackupResult Run(
        CatalogFile catalog, CatalogWriter writer, Begun begun, bool isProved, CancellationToken cancellationToken)
    {
        TimeProvider time = repository.Options.Time;
        (string name, SourceRow source, SnapshotRow running, IReadOnlyList<SnapshotRow> history) = begun;
        SnapshotRow? parent = history.LastOrDefault(static s => s.State == SnapshotState.Complete);
        SnapshotOrder? newest = NewestBefore(history, parent);
        // An index run may be gone, and what it told of be there.
        if (running.Resumed || (!isProved && parent is not null)) { AdoptOrphans(cancellationToken); }
        if (parent is not null) { progress.Expect(parent.Counts.Files, parent.Counts.Bytes); }

        var tally = new RunTally(progress);
        using Spool spool = Spool.Open(options.SpoolDirectory, repository.CacheDirectory, options.SpoolLimit, tally.Note);
        IReadOnlyList<UnstableRow> listed;
        bool hasGaps;
        // A check that found packs damaged or missing has not said what needs them.
        long lost = isProved && !HasDamagedPacks ? Lost : FirstNumber;
        WatchedRun? watched = options.IsWatched ? new WatchedRun(Identity(catalog, out string none), none, OwnPlaces.Of(repository)) : null;
        DirtyLook? dirty;
        string? whyAll = null;
        using (CatalogReader reader = catalog.OpenReader(cancellationToken))
        {
            listed = reader.Unstable(source.Id, UnstableSet.Most);
            hasGaps = reader.Gaps.Any(source.Id);
            dirty = watched?.Choose(options.Changed, !ProveAll && lost == 0 && !hasGaps, running, parent, listed,
                () => WatchedRun.MarksOf(repository.SnapshotStore.Read(parent!.Object), repository.MetaChunks.Read), reader, out whyAll);
        }

        if (dirty is not null) { tally.StartFrom(parent!.Counts); }

        var unstable = new UnstableSet(listed);
        var pending = new PendingFiles();
        using DeltaSignatures? signatures = Signatures();
        FileTime now = FileTime.From(time.GetUtcNow());
        using CancellationTokenRegistration heard = Gate.PassWhenCancelled(cancellationToken);
        SourceClocks clocks = Clocks(running);
        using FrozenSource frozen = Freeze(tally);
        Gate.Pass(Gate.Frozen);
        // What a run that failed took on but never listed in a run may not be stored.
        repository.Chunks.ForgetAllPending();
        var setup = new RunSetup
        {
            Repository = repository,
            Output = new RepositoryOutput(repository, session),
            Options = options,
            Tally = tally,
            Tree = frozen.Tree,
            Source = source,
            Writer = writer,
            OpenCatalog = () => catalog.OpenReader(CancellationToken.None),
            Running = running, History = history, Clocks = clocks,
            Signatures = signatures, Spool = spool,
            Unstable = unstable, HasGaps = hasGaps, ProveAll = ProveAll,
            Lost = lost, Dirty = dirty, Told = watched?.Told,
        };
        var passes = new BackupPasses(setup, pending, now);
        List<UnstableRow> gone = [];
        if (listed.Count > 0)
        {
            progress.Enter("copying unstable files");
            using CatalogReader reader = catalog.OpenReader(cancellationToken);
            var first = new UnstableFirst(setup.Identity(takesUp: false), setup.Rules, spool, time, cancellationToken);
            gone = first.Copy(frozen.Tree, reader, listed);
        }

        _isRecording = true;
        PassResult tree;
        using (SourceCount.Begin(setup.Pass(passes.Intake(), takesUp: false), frozen.Tree)) { tree = passes.Run(cancellationToken); }
        if (dirty is not null && (dirty.IsUnsure || tree.MayHaveMoved || tally.Failures().Count > 0)) { throw new UnsettledException(); }
        // Only now: a file that was moved is known by its old place to be unstable until it has been read at the new one.
        if (gone.Count > 0) { writer.Unstable.Remove(gone, running.Number); }
        RunRemarks.SayWhatBelongsToIt(frozen.Tree, setup.Rules, tally);
        // Whatever the reason is that a whole run has not come to a file. What is still to come stays as doubtful as it was.
        if (listed.Count > 0 && pending.Files == 0) { writer.Unstable.RemoveUnknown(listed, running.Number); }
        frozen.Dispose();
        KeepAbsent(catalog, writer, source, running.Number);
        if (tally.Torn > 0 && options.FileSystemSnapshot == FreezeMethod.None) { SayHowToFreeze(tally); }

        progress.Enter("finishing");
        (IReadOnlyList<Failure> failures, long failureCount) = tally.Failures();
        var snapshot = new Snapshot
        {
            SourceId = OwnId, Start = running.Start, End = FileTime.From(time.GetUtcNow()), RootTree = tree.RootTree,
            IsPartial = pending.Files > 0,
            HasFailures = failureCount > 0, FlagsMoving = true,
            Counts = tally.ToCounts() with { PendingFiles = pending.Files, PendingBytes = pending.Bytes, LeftOut = tree.LeftOut },
            Parent = newest?.Name ?? default, Generation = Saturating.Add(newest?.Generation ?? 0, 1), Session = session.Id,
            Program = "varve " + ProgramVersion.Text,
            Private = new SnapshotPrivate
            {
                Source = name, Host = Host, User = repository.Options.Host.User, RootPath = live.Root.RealPath,
                CanonicalRoot = live.CanonicalPath,
                FurtherRoots = live.FurtherPaths, Removable = live.Removable, Clocks = clocks.Known,
                FailureList = tree.FailureList, PendingList = tree.PendingList, MarkList = tree.MarkList,
                RulePlaces = tree.RulePlaces, Tags = options.Tags,
            },
        };
        RunRemarks.SayClock(snapshot, parent, live.Root.RealPath, tally);
        if (progress.Entry is not null) { TellGone(catalog, source, running.Number, pending); }
        bool skips = options.SkipIfUnchanged && failureCount == 0 && !snapshot.IsPartial
            && parent is { IsPartial: false, HasFailures: false } && parent.RootTree == tree.RootTree;
        if (skips) { writer.Snapshots.Skip(source.Id, running.Number, snapshot, parent!, options.LogSince); }
        ObjectName snapshotName = skips ? parent!.Object : Commit(writer, running, snapshot);
        return new BackupResult(snapshotName, snapshot with { HistoryId = historyId }, failures, failureCount, tally.Notes(),
            time.GetElapsedTime(Began), running.Resumed)
        {
            IsSkipped = skips,
            NothingChanged = parent is not null && parent.RootTree == tree.RootTree,
            Torn = tally.Torn,
            Unstable = CountUnstable(catalog, source),
            Pending = pending.Newest(), BudgetUsed = passes.Spent,
            UnmatchedExcludes = dirty is null ? setup.Rules.Excludes.Unmatched : [],
            Rest = failureCount == 0 && !snapshot.IsPartial ? Rest(watched, catalog, snapshotName, running, setup.Still) : null,
            WhyAll = dirty is null ? whyAll : null,
            DeltaFiles = tally.DeltaFiles, DeltaBytes = tally.DeltaBytes,
        };
    }

    private WatchIdentity? Identity(CatalogFile catalog, out string whyNone) =>
        WatchIdentities.Of(options, live, OwnPlaces.Of(repository), catalog.Path, out whyNone);

    private DirtySet? Rest(WatchedRun? watched, CatalogFile catalog, ObjectName name, SnapshotRow running, StillDirty still)
    {
        if (watched is null) { return null; }
        using CatalogReader reader = catalog.OpenReader();
        return watched.Rest(Identity(catalog, out _), name, running.Number, still, reader, running.Source);
    }

    private FrozenSource Freeze(RunTally tally) => FrozenSource.Of(
        live, options.FileSystemSnapshot, nested: !options.OneFileSystem, FrozenSource.Folder(repository.Options.CacheRoot),
        NewTool(), tally, notice => repository.Options.Warn?.Invoke(notice));

    private Tool NewTool() => new(repository.Options.Host.ProgramDirectories, repository.Options.Host.IsPrivileged);

    private void SayHowToFreeze(RunTally tally)
    {
        foreach (SourceLayer layer in live.Layers.Where(l => FrozenVolumes.IsPossible(l.Root.RealPath, NewTool())))
        {
            tally.Note(new Notice(Subject.Source(layer.Root.RealPath), "has files that never held still, and its file system can be frozen",
                null, Advice.FreezeFiles));
        }
    }

    private DeltaSignatures? Signatures() => !options.Delta ? null : new DeltaSignatures(
        Path.Combine(repository.CacheDirectory, "deltas"), repository.DeltaKeys(), historyId, options.DeltaLimit, options.DeltaFrom,
        options.Force);

    /// <summary>
    /// What a root that is not there held is in the snapshot, and was not seen: it is no safer than it was when it was seen last.
    /// </summary>
    private void KeepAbsent(CatalogFile catalog, CatalogWriter writer, SourceRow source, long number)
    {
        if (live.Absent.Count == 0) { return; }
        using CatalogReader reader = catalog.OpenReader();
        foreach (AbsentRoot root in live.Absent)
        {
            if (root.IsRemovable && reader.Gaps.TryFindPlace(source, root.Prefix, out long directory, out byte[] name))
            {
                writer.Gaps.Keep(directory, name, number);
            }
        }
    }

    /// <summary>
    /// What is still to come is not gone: of a partial snapshot it is told what is gone only if it is known of each file that is to come.
    /// </summary>
    private void TellGone(CatalogFile catalog, SourceRow source, long number, PendingFiles pending)
    {
        IReadOnlyList<PendingFile> known = pending.Newest();
        if (known.Count < pending.Files) { return; }
        HashSet<string> toCome = [.. known.Select(static f => Convert.ToBase64String(f.Path))];
        using CatalogReader reader = catalog.OpenReader();
        reader.Gone.Find(source.Id, number, (path, kind) =>
        {
            if (toCome.Count > 0 && toCome.Contains(Convert.ToBase64String(path))) { return; }
            progress.Entry!(new ChangedEntry(EntryChange.Gone, path, kind));
        });
    }

    private static int CountUnstable(CatalogFile catalog, SourceRow source)
    {
        using CatalogReader reader = catalog.OpenReader();
        return reader.Unstable(source.Id).Count;
    }

    /// <summary>
    /// Asks the root's file system what time it is, before anything is frozen. In a copy that somebody else froze, or in what may be one, a
    /// new file would tell when it is now, and not when the copy was made: there only the stamps tell.
    /// </summary>
    private SourceClocks Clocks(SnapshotRow running)
    {
        TimeSpan lead = repository.Options.Time.GetUtcNow() - running.Start.ToDateTimeOffset();
        bool isHome = !live.IsMapped && options.FileSystemSnapshot == FreezeMethod.None;
        var clocks = new SourceClocks(repository.Options.Time, Math.Max(0, (long)lead.TotalNanoseconds)) { MayProbe = !live.IsMapped };
        DirectoryHandle root = live.Root.OpenHere();
        try
        {
            bool isHere = Posix.Stat(root.Fd, out EntryStat stat) == 0 && stat.Device == live.Root.Stat.Device;
            if (isHere) { clocks.Ask(mountKey: 0, root.Fd); }
        }
        finally { root.Release(); }
        clocks.See(mountKey: 0, live.Root.Stat.Ctime);
        clocks.MayProbe = isHome;
        return clocks;
    }

    /// <summary>
    /// The snapshot becomes durable between two catalog steps: the first records which object is about to be written, so that a run killed
    /// in between is recognised as complete; the second completes it. It is committed only when fences, listed after it was put, do not
    /// name its session (<c>writer_confirms</c>).
    /// </summary>
    /// <exception cref="VarveException">SessionLost: another session is needed.</exception>
    private ObjectName Commit(CatalogWriter writer, SnapshotRow running, Snapshot snapshot)
    {
        (ObjectName name, byte[] bytes) = repository.SnapshotStore.Seal(snapshot);
        writer.Snapshots.MarkCommitting(running.Source, running.Number, name, snapshot.RootTree);
        session.EnsureAlive(IsFenced);
        try { repository.Store.Put(ObjectKeys.Snapshot(snapshot.SourceId, name), bytes); }
        catch
        {
            session.Leave(); // whatever the error says, as of a server that was not waited for: it may still take effect
            throw;
        }

        Gate.Pass(Gate.SnapshotStored);
        session.EnsureAlive(IsFenced);
        NewestSnapshots.Remember(repository.CacheDirectory, historyId, repository.OwnLineage(snapshot.SourceId), name,
            (key, writer) => !repository.SnapshotStore.Notes.IsSettled(ObjectKeys.Name(key), writer)
                && !repository.Store.TryGetLength(key, out _));
        writer.Snapshots.Complete(running.Source, running.Number, snapshot, name);
        return name;
    }

    private bool IsFenced(SessionId id) => repository.Fences.ListForWriter().IsFenced(id);

    /// <summary>
    /// Packs that an interrupted run stored but never put into an index run are put into one now, instead of storing their chunks again.
    /// They are seen in the store here, after the lists of condemned packs were listed, so they stay for as long as this session does; but
    /// for those that a list condemns: whose prune may have read the runs, so that a run that named them would outlive them.
    /// Anybody may have stored them: the run is signed by nobody, and who relies on own packs only leaves them alone.
    /// </summary>
    private void AdoptOrphans(CancellationToken cancelled)
    {
        IReadOnlyList<PackContents> orphans = [.. repository.Indexes
            .FindUncovered(e => repository.Options.Warn?.Invoke(Notice.Of(e)), cancelled)
            .Where(p => !repository.Indexes.IsCondemned(p.Name))];
        if (orphans.Count > 0) { repository.Indexes.WriteRun(orphans, session.Id, isOwn: false); }
    }

    private static string DefaultName(SourceTree tree) => tree.Name is [(byte)'/'] ? "root" : PathText.Of(tree.Name);
}
