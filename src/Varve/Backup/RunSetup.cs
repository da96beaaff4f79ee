using Varve.Backup.Clocks;
using Varve.Backup.Options;
using Varve.Backup.Commit;
using Varve.Backup.Deltas;
using Varve.Backup.Dirty;
using Varve.Backup.Passes;
using Varve.Backup.Read;
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
/// What a run is set up with, before any of it is handed to those who need it: the passes and the pipeline, which wire the rooms, take it
/// as a whole, and nobody else does. Fixed after construction; used by the run's own thread.
/// </summary>
internal sealed class RunSetup
{
    private RunRules? _rules;

    internal required Repository Repository { get; init; }
    internal required RepositoryOutput Output { get; init; }
    internal required BackupOptions Options { get; init; }
    internal required RunTally Tally { get; init; }
    internal required SourceTree Tree { get; init; }
    internal required SourceRow Source { get; init; }
    internal required CatalogWriter Writer { get; init; }
    internal required Func<CatalogReader> OpenCatalog { get; init; }
    internal required Spool Spool { get; init; }
    internal required UnstableSet Unstable { get; init; }

    /// <summary>Null without deltas.</summary>
    internal required DeltaSignatures? Signatures { get; init; }

    /// <summary>The snapshot in the making, and those that the catalog knows of the source, that one included.</summary>
    internal required SnapshotRow Running { get; init; }

    /// <inheritdoc cref="Running"/>
    internal required IReadOnlyList<SnapshotRow> History { get; init; }

    /// <summary>Whether no row of the catalog is believed before it was proved.</summary>
    internal required bool ProveAll { get; init; }

    /// <summary>The catalog's number from which on snapshots were put in sessions that were lost; 0 for none.</summary>
    internal required long Lost { get; init; }

    /// <summary>Whether the catalog has gaps of the source.</summary>
    internal required bool HasGaps { get; init; }

    /// <summary>What clocks stamp the source's files.</summary>
    internal required SourceClocks Clocks { get; init; }

    /// <summary>Where something may have changed; null: everything is looked at.</summary>
    internal required DirtyLook? Dirty { get; init; }

    /// <summary>Of a run that looks at everything: what was told of changes, to be compared with what it finds.</summary>
    internal DirtyNode? Told { get; init; }

    /// <summary>What the next run looks at in any case.</summary>
    internal StillDirty Still { get; } = new();

    /// <summary>Contents of files with several names, for all passes.</summary>
    internal LinkCache Links { get; } = new();

    /// <summary>What the run goes by.</summary>
    internal RunRules Rules => _rules ??= MakeRules();

    /// <summary>What the run is; <paramref name="takesUp"/>: for a pass after another, which left rows.</summary>
    internal RunIdentity Identity(bool takesUp) => new()
    {
        Source = Source, Number = Running.Number, Resumed = Running.Resumed || takesUp, Start = Running.Start, HasGaps = HasGaps || takesUp,
    };

    /// <param name="intake">Which files the pass reads.</param>
    /// <param name="takesUp">Whether an earlier pass of the same run left rows.</param>
    internal BackupPass Pass(FileIntake intake, bool takesUp)
    {
        var seen = new SeenDirectories();
        return new BackupPass
        {
            Run = Identity(takesUp), Rules = Rules, Tally = Tally, Intake = intake, Changes = new ChangeQueue(Running.Number),
            Seen = seen, Dirty = Dirty, Still = Still,
            Missed = Told is null ? null : new MissedChanges(Told, Options.Changed!.WholeAt, Tally),
            LeftOut = new LeftOutPaths(Rules, seen) { IsServed = !intake.IsOrdering, Carried = Dirty?.Marks },
        };
    }

    private RunRules MakeRules()
    {
        Look[] looks = [.. History.Select(row => LookOf(row, Source, Running.Number))];
        // By the clock that stamps the files, where that is known.
        FileTime began = FileTime.Earlier(Running.Start, Clocks.Start(mountKey: 0) ?? Running.Start);
        long granularity = Tree.TimestampGranularityNanoseconds();
        return new RunRules
        {
            Force = Options.Force || Options.Stream is not null, Stream = Options.Stream, OneFileSystem = Options.OneFileSystem,
            Compare = (Options.IgnoreInode ? ChangeRules.IgnoreInode : 0) | (Options.IgnoreCtime ? ChangeRules.IgnoreCtime : 0),
            Excludes = new RuleSet(Options.ExcludeRules, Source.Canonical),
            Paths = new RulePaths(Source.Canonical, Tree.Layers[0].LivePath), Only = ListedSource.Of(Options.Only, Tree),
            Entries = EntryOptions.RulesOf(Options),
            FindMoves = !Options.IgnoreInode && (Running.Resumed || History.Any(static s => s.State == SnapshotState.Complete)),
            Safe = new SafeLooks(looks, Running.Place, Source.Canonical, granularity), Granularity = granularity,
            RecentAfter = RecentChanges.After(began), Started = began.Minus(granularity), Clocks = Clocks,
            Proof = MakeProof(), Groups = FileGroups.Of(Options.Groups), RootDevice = Tree.Root.Stat.Device,
            Own = OwnDirectories.Of([.. OwnPlaces.Of(Repository), (Spool.Place, "it is the spool")], Tree), Unstable = Unstable,
        };
    }

    private RowProof? MakeProof() => !ProveAll && !Running.Resumed && Lost == 0 ? null : new RowProof(
        ProveAll, Running.Number, Lost, id => Output.Contains(id), Repository.Level == KeyLevel.Full ? FetchList : null);

    private ReadOnlyMemory<byte> FetchList(ChunkId list) => Repository.MetaChunks.Read(list);

    /// <summary>
    /// Of what a program before clocks were recorded read from another place than the source's own, not even the program's clock tells when
    /// it was like that.
    /// </summary>
    internal static Look LookOf(SnapshotRow row, SourceRow source, long running) => new()
    {
        Number = row.Number, Start = row.Start, End = row.State == SnapshotState.Complete ? row.End : row.Start,
        IsWhole = row.State == SnapshotState.Complete && !row.IsPartial, Place = row.Place,
        Clocks = row.Clocks ?? (row.Place.AsSpan().SequenceEqual(source.Canonical) || row.Number == running ? null : []),
    };
}
