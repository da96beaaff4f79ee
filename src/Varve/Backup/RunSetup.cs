using Varve.Catalog;
using Varve.Detect;
using Varve.Model;
using Varve.Repositories;

namespace Varve.Backup;

/// <summary>What the passes of one run have in common, and from which each gets its <see cref="RunContext"/>. Fixed after construction; used by the run's own thread.</summary>
internal sealed class RunSetup
{
    private readonly LinkCache _links = new();

    internal required Repository Repository { get; init; }
    internal required BackupOptions Options { get; init; }
    internal required RunTally Tally { get; init; }
    internal required SourceTree Tree { get; init; }
    internal required SourceRow Source { get; init; }
    internal required CatalogWriter Writer { get; init; }
    internal required Spool Spool { get; init; }
    internal required UnstableSet Unstable { get; init; }
    internal required DeltaRun? Deltas { get; init; }

    /// <summary>The snapshot in the making, and those that the catalog knows of the source, that one included.</summary>
    internal required SnapshotRow Running { get; init; }

    /// <inheritdoc cref="Running"/>
    internal required IReadOnlyList<SnapshotRow> History { get; init; }

    /// <summary>What the start of an earlier run counts as at most; null: as itself.</summary>
    internal required FileTime? SafeLimit { get; init; }

    /// <param name="intake">Which files the pass reads; null: all.</param>
    /// <param name="takesUp">Whether an earlier pass of the same run left rows.</param>
    internal RunContext Context(Intake? intake, bool takesUp)
    {
        SnapshotRow? whole = History.LastOrDefault(static s => s.State == SnapshotState.Complete && !s.IsPartial);
        IEnumerable<(long, FileTime)> later = History.Where(s => whole is null || s.Number > whole.Number).Select(s => (s.Number, s.Number == Running.Number && !Running.Resumed ? s.Start : Limited(s.Start)));
        long granularity = Tree.TimestampGranularityNanoseconds();
        return new RunContext
        {
            Repository = Repository, Options = Options, Edges = new Edges(), Tally = Tally,
            Rules = (Options.IgnoreInode ? ChangeRules.IgnoreInode : 0) | (Options.IgnoreCtime ? ChangeRules.IgnoreCtime : 0),
            Excludes = [.. Options.Excludes.Select(static e => Glob.Parse(e))],
            Running = Running.Number, Resumed = Running.Resumed || takesUp, Links = _links, Intake = intake, Source = Source,
            Start = Running.Start, RecentAfter = Running.Start.Minus(RunContext.RecentNanoseconds), Spool = Spool, Unstable = Unstable,
            FindMoves = !Options.IgnoreInode && (Running.Resumed || History.Any(static s => s.State == SnapshotState.Complete)),
            Safe = new SafeTimes(whole is null ? null : Limited(whole.Start), later, granularity), Granularity = granularity,
            RootDevice = Tree.Root.Stat.Device,
            Own = [.. OwnDirectories.Of(Repository, Tree), .. OwnDirectories.At(Spool.Place, "it is the spool", Tree)],
            Deltas = Deltas,
            DirectoryIds = Writer.DirectoryIds(Source.Id),
            Slabs = new SlabPool(Options.WorkerCount + 2, Math.Max(2 * Repository.Header.ChunkMax, SlabPool.SlabLength)),
        };
    }

    private FileTime Limited(FileTime start) => SafeLimit is { } before && before < start ? before : start;
}
