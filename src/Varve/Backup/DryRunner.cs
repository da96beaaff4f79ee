using Varve.Backup.Clocks;
using Varve.Backup.Options;
using Varve.Backup.Commit;
using Varve.Backup.Dry;
using Varve.Backup.Passes;
using Varve.Backup.Results;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Backup.Unstable;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Model.Rules;
using Varve.Vault;

namespace Varve.Backup;

/// <summary>
/// What a backup would do, told by the source as it stands and by the catalog as it is on this machine. Nothing is written: no lock, no
/// session, no row.
/// </summary>
internal static class DryRunner
{
    /// <summary>Walks a source. Without a repository, or without a catalog that knows the source, everything is new.</summary>
    /// <exception cref="VarveException">Usage, NotFound: the source or the options. Damaged: the catalog.</exception>
    internal static DryRunResult Run(
        Repository? repository, BackupOptions options, BackupMonitor monitor, TimeProvider time, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        if (options.PathMap.Count > 0)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("looking only"), "does not go with mapping paths");
        }

        using SourceTree tree = OptionRules.Open(options);
        using CatalogReader? catalog = OpenCatalog(repository, cancellationToken);
        var tally = new RunTally(monitor.Progress);
        monitor.Progress.Enter("looking");
        SourceRow? known = catalog?.TryGetSource(IdOf(repository!, tree));
        SourceRow source = known ?? new SourceRow(0, default, "", "", tree.Root.RealPath, tree.CanonicalPath);
        IReadOnlyList<SnapshotRow> history = known is null ? [] : catalog!.Snapshots(known.Id);
        bool isCompared = history.Any(static s => s.State == SnapshotState.Complete);
        RunRules rules = RulesOf(repository is null ? [] : OwnPlaces.Of(repository), options, tree, source, history, time,
            isCompared ? catalog!.Unstable(source.Id, UnstableSet.Most) : []);
        BackupPass pass = PassOf(source, rules, tally, time);
        var walk = new DryWalk(pass, tree, isCompared ? catalog : null);
        walk.Run(cancellationToken);
        if (tree.Layers.Count > 1)
        {
            tally.Note(new Notice(Subject.Source(tree.CanonicalPath), "has several roots: what more than one of them has counts for each"));
        }

        rules.Only?.FailMissing(tally.Fail);
        (IReadOnlyList<Failure> failures, long failureCount) = tally.Failures();
        string name = options.Source ?? (known is { Name.Length: > 0 } ? known.Name : PathText.Of(tree.Name));
        return new DryRunResult(name, tree.Root.RealPath, tally.ToCounts() with { LeftOut = pass.LeftOut.Result().Counts })
        {
            ToRead = walk.ToRead, Failures = failures, FailureCount = failureCount, Notes = tally.Notes(),
            UnmatchedExcludes = rules.Excludes.Unmatched, IsCompared = isCompared, Elapsed = time.GetElapsedTime(began),
        };
    }

    /// <summary>A pass that walks and saves nothing.</summary>
    internal static BackupPass PassOf(SourceRow source, RunRules rules, RunTally tally, TimeProvider time)
    {
        var seen = new SeenDirectories();
        return new BackupPass
        {
            Run = new RunIdentity { Source = source, Number = 0, Resumed = false, HasGaps = false, Start = FileTime.From(time.GetUtcNow()) },
            Rules = rules, Tally = tally, Intake = new FileIntake(rules, tally, new PendingFiles(), null, null),
            Changes = new ChangeQueue(0), Seen = seen, LeftOut = new LeftOutPaths(rules, seen) { IsServed = true },
        };
    }

    private static Bytes32 IdOf(Repository repository, SourceTree tree)
    {
        Bytes32 own = repository.SourceId(repository.Options.Host.Name, tree.CanonicalPath);
        return repository.SnapshotStore.Refresh().Of(repository.OwnLineage(own));
    }

    private static CatalogReader? OpenCatalog(Repository? repository, CancellationToken cancelled) =>
        repository is null || !File.Exists(repository.CatalogPath) ? null
            : CatalogFile.Open(repository.CatalogPath, repository.Header.Id).OpenReader(cancelled);

    /// <summary>What such a pass goes by; <paramref name="own"/>: places that it leaves out, and why.</summary>
    internal static RunRules RulesOf(IReadOnlyList<(string Path, string What)> own, BackupOptions options, SourceTree tree, SourceRow source,
        IReadOnlyList<SnapshotRow> history, TimeProvider time, IReadOnlyList<UnstableRow> unstable)
    {
        long granularity = tree.TimestampGranularityNanoseconds();
        FileTime now = FileTime.From(time.GetUtcNow());
        return new RunRules
        {
            Force = options.Force, OneFileSystem = options.OneFileSystem,
            Compare = (options.IgnoreInode ? ChangeRules.IgnoreInode : 0) | (options.IgnoreCtime ? ChangeRules.IgnoreCtime : 0),
            Excludes = new RuleSet(options.ExcludeRules, tree.CanonicalPath),
            Paths = new RulePaths(tree.CanonicalPath, tree.Layers[0].LivePath), Only = ListedSource.Of(options.Only, tree),
            Entries = EntryOptions.RulesOf(options),
            FindMoves = false, Granularity = granularity, RecentAfter = RecentChanges.After(now), Started = now,
            Safe = new SafeLooks([.. history.Select(r => RunSetup.LookOf(r, source, 0))], tree.Place, source.Canonical, granularity),
            Clocks = new SourceClocks(time, 0) { MayProbe = false }, Proof = null, Groups = FileGroups.Of(options.Groups),
            RootDevice = tree.Root.Stat.Device, Unstable = new UnstableSet(unstable),
            Own = OwnDirectories.Of(own, tree),
        };
    }
}
