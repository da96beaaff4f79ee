using Varve.Backup.Commit;
using Varve.Backup.Dirty;
using Varve.Backup.Run;
using Varve.Model;
using Varve.Walk;

namespace Varve.Backup.Passes;

/// <summary>One pass over the source: what all who work on its directories have in common. Fixed after construction; thread-safe.</summary>
internal sealed class BackupPass
{
    /// <summary>What the run is.</summary>
    internal required RunIdentity Run { get; init; }

    /// <summary>What it goes by.</summary>
    internal required RunRules Rules { get; init; }

    /// <summary>What it counts.</summary>
    internal required RunTally Tally { get; init; }

    /// <summary>Which files the pass reads.</summary>
    internal required FileIntake Intake { get; init; }

    /// <summary>Where what changes in the catalog goes.</summary>
    internal required ChangeQueue Changes { get; init; }

    /// <summary>The directories that were listed.</summary>
    internal required SeenDirectories Seen { get; init; }

    /// <summary>What is left out on purpose.</summary>
    internal required LeftOutPaths LeftOut { get; init; }

    /// <summary>Where something may have changed, if that is known and all else stands; null: everything is looked at.</summary>
    internal DirtyLook? Dirty { get; init; }

    /// <summary>Compares what is found with what whoever watched told; null: nobody did, or that is all that is looked at.</summary>
    internal MissedChanges? Missed { get; init; }

    /// <summary>What the next run looks at in any case.</summary>
    internal StillDirty Still { get; init; } = new();

    /// <summary>What this walk visits again; null for the first, which visits everything.</summary>
    internal Revisit? Revisit { get; private init; }

    /// <summary>
    /// The same for visiting directories again that it has recorded: their rows in the catalog are taken up like those of a killed run.
    /// </summary>
    internal BackupPass Again(Revisit revisit) => new()
    {
        Run = Run with { Resumed = true, HasGaps = true }, Rules = Rules, Tally = Tally, Intake = Intake, Changes = Changes, Seen = Seen,
        LeftOut = LeftOut, Revisit = revisit, Tables = Tables, Dirty = Dirty, Still = Still,
    };

    /// <summary>The same for looking at what was looked at before: what it says is heard by nobody.</summary>
    internal BackupPass Quiet() => new()
    {
        Run = Run, Rules = Rules, Tally = new RunTally(Tally.Progress), Intake = Intake, Changes = Changes, Seen = Seen,
        LeftOut = new LeftOutPaths(Rules, Seen) { IsServed = false }, Revisit = Revisit, Tables = Tables,
    };

    /// <summary>Listings and catalog rows, reused.</summary>
    internal EntryTablePool Tables { get; private init; } = new();

    internal void Return(EntryTable? table)
    {
        if (table is not null) { Tables.Return(table); }
    }
}
