using Varve.Compare.Measure;
using Varve.Compare.Tools;

namespace Varve.Compare.Report;

/// <summary>
/// The figures that the project's issues ask for. Issue 3's look-ups among 10,000,000 chunks are not measured by this program.
/// </summary>
internal static class Targets
{
    private const int Million = 1_000_000;

    public static readonly IReadOnlyList<Target> All =
    [
        new(2, "kernel", Row.First, GoalKind.TimesAsFast, 2, ToolNames.Restic),
        new(2, "kernel", Row.Stored, GoalKind.TimesTheFigure, 0.85, ToolNames.Restic),
        new(2, "kernel", Row.Unchanged, GoalKind.TimesTheFigure, 1.5, ToolNames.Find),
        new(2, "kernel", Row.Restore, GoalKind.TimesAsFast, 1.5, ToolNames.Restic),
        new(2, null, null, GoalKind.PeakMemory, 250e6),

        new(3, "kernel", Row.First, GoalKind.TimesAsFast, 3, ToolNames.Restic),
        new(3, "many", Row.First, GoalKind.TimesAsFast, 3.5, ToolNames.Restic) { Files = Million },
        new(3, "many", Row.Unchanged, GoalKind.TimesTheFigure, 1, ToolNames.Find) { Files = Million },
        new(3, "many", Row.Unchanged, GoalKind.TimesAsFast, 13, ToolNames.Restic) { Files = Million },
        new(3, "many", Row.ChangedThousand, GoalKind.TimesTheFigure, 1.3, ToolNames.Varve) { Files = Million, AgainstRow = Row.Unchanged },
        new(3, "single", Row.First, GoalKind.TimesAsFast, 3, ToolNames.Restic),
        new(3, "kernel", Row.Restore, GoalKind.TimesTheFigure, 0.6, ToolNames.Copy),
        new(3, "kernel", Row.Restore, GoalKind.TimesAsFast, 4, ToolNames.Restic),
        new(3, "many", Row.Restore, GoalKind.TimesTheFigure, 0.6, ToolNames.Copy) { Files = Million },
        new(3, "many", Row.Restore, GoalKind.TimesAsFast, 4, ToolNames.Restic) { Files = Million },
        new(3, "kernel", Row.Check, GoalKind.TimesAsFast, 1.5, ToolNames.Restic),
        new(3, "kernel", Row.Stored, GoalKind.TimesTheFigure, 0.82, ToolNames.Restic),
        new(3, "kernel", Row.Stored, GoalKind.TimesTheFigure, 1.05, ToolNames.Tar),
        new(3, null, null, GoalKind.PeakMemory, 150e6),
        new(3, "many", null, GoalKind.PeakGrowth, 1.2) { Files = Million },
        new(3, "many", Row.Catalog, GoalKind.TimesTheFigure, 0.5, ToolNames.Varve) { Files = Million, AgainstRow = Row.First },
        new(3, "chunks", Row.Open, GoalKind.SecondsMore, 0.05, ToolNames.Varve) { Files = 10 * Million, Unit = "chunks",
            AgainstRow = Row.Start },
        new(3, "chunks", Row.LookUp, GoalKind.Seconds, 1e-6) { Files = 10 * Million, Unit = "chunks" },
        new(3, "chunks", Row.LookUp, GoalKind.PeakGrowth, 1.2) { Files = 10 * Million, Unit = "chunks" },
        new(3, "small", Row.Version, GoalKind.Seconds, 0.1),
        new(3, "small", Row.Snapshots, GoalKind.Seconds, 0.2),

        new(4, "inplace", Row.Pages, GoalKind.TimesTheFigure, 1.5, ToolNames.ChangedBlocks),
        new(4, "inplace", Row.Insertions, GoalKind.TimesTheFigure, 1.5, ToolNames.ChangedBlocks),
        new(4, "inplace", Row.Database, GoalKind.TimesTheFigure, 1.5, ToolNames.ChangedBlocks),
        new(4, "inplace", Row.Image, GoalKind.TimesTheFigure, 1.5, ToolNames.ChangedBlocks),
        new(4, "inplace", Row.RestoreTenth, GoalKind.TimesTheFigure, 2, ToolNames.Varve) { AgainstRow = Row.RestoreFirst },

        new(15, "kernel", Row.ColdFirst, GoalKind.TimesAsFast, 3, ToolNames.Restic),
        new(15, "kernel", Row.ColdUnchanged, GoalKind.TimesTheFigure, 1, ToolNames.Find),
    ];
}
