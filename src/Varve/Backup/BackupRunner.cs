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
        string host = Environment.MachineName;
        Bytes32 sourceId = SourceIdentity.Of(repository.Bundle.ChunkIdKey, host, root.CanonicalPath);
        PrivateDirectory.Create(repository.CacheDirectory);
        using SourceLock mutex = SourceLock.Take(repository.CacheDirectory, sourceId, PathText.Of(root.CanonicalPath));
        using var session = new Session(repository.Store, time);
        using CatalogFile catalog = CatalogAccess.OpenCurrent(repository, cancellationToken);
        using CatalogWriter writer = catalog.OpenWriter();

        string name = options.Source ?? DefaultName(root);
        long source = writer.EnsureSource(sourceId, name, host, root.CanonicalPath, root.CanonicalPath);
        SnapshotRow? parent;
        using (CatalogReader reader = catalog.OpenReader()) { parent = reader.LatestComplete(source); }
        RunningSnapshot running = writer.StartSnapshot(source, FileTime.From(time.GetUtcNow()));
        if (running.Resumed) { AdoptOrphans(repository); }
        if (parent is not null) { monitor.Expect(parent.Counts.Files, parent.Counts.Bytes); }
        monitor.Enter("saving");

        var tally = new RunTally(monitor);
        RunContext run = CreateContext(repository, options, tally, writer, root, source, running, parent);
        (ChunkId rootTree, ChunkId failureList) tree;
        using (var pipeline = new BackupPipeline(run, writer, catalog.OpenReader, OwnerNames.Shared, cancellationToken)) { tree = pipeline.Run(root); }

        monitor.Enter("finishing");
        (IReadOnlyList<Failure> failures, long failureCount) = tally.Failures();
        var snapshot = new Snapshot
        {
            SourceId = sourceId, Start = running.Start, End = FileTime.From(time.GetUtcNow()), RootTree = tree.rootTree,
            HasFailures = failureCount > 0, Counts = tally.ToCounts(), Parent = parent?.Name ?? default, Program = "varve " + ProgramVersion.Text,
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
        };
    }

    /// <summary>
    /// The snapshot becomes durable between two catalog steps: the first records which object is about to be written, so that a run killed in between is
    /// recognised as complete; the second completes it.
    /// </summary>
    private static ObjectName Commit(Repository repository, Session session, CatalogWriter writer, RunningSnapshot running, Snapshot snapshot)
    {
        (ObjectName name, byte[] bytes) = SnapshotStore.Seal(repository, snapshot);
        writer.MarkCommitting(running.Number, name, snapshot);
        session.EnsureAlive();
        repository.Store.Put(ObjectKeys.Snapshot(name), bytes);
        writer.CompleteSnapshot(running.Number);
        return name;
    }

    private static RunContext CreateContext(
        Repository repository, BackupOptions options, RunTally tally, CatalogWriter writer, SourceRoot root, long source, RunningSnapshot running, SnapshotRow? parent)
    {
        long granularity = FileSystemKind.TimestampGranularityNanoseconds(root.Parent.Fd);
        FileTime runningSafe = running.Start.Minus(granularity);
        return new RunContext
        {
            Repository = repository, Options = options, Edges = new Edges(), Tally = tally,
            Rules = new ChangeRules(options.IgnoreInode, options.IgnoreCtime),
            Excludes = [.. options.Excludes.Select(e => Glob.Parse(Encoding.UTF8.GetBytes(e)))],
            Running = running.Number,
            SafeBefore = parent?.Start.Minus(granularity) ?? runningSafe,
            SafeBeforeRunning = runningSafe,
            RootDevice = root.Stat.Device,
            Own = OwnDirectories(repository),
            AllocateDirectoryId = () => writer.AllocateDirectoryId(source),
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
            EntryStat stat = default;
            try { PosixPath.Stat(Encoding.UTF8.GetBytes(path), ref stat); }
            catch (PosixException) { continue; }
            own.Add((stat.Device, stat.Inode, what));
        }

        return own;
    }

    private static string DefaultName(SourceRoot root) => root.Name is [(byte)'/'] ? "root" : PathText.Of(root.Name);
}
