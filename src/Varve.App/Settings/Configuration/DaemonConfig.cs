using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Configuration;

/// <summary>What the configuration says of the daemon itself.</summary>
internal sealed record DaemonConfig
{
    internal static readonly DaemonConfig None = new();

    /// <summary>When <c>forget</c> runs in each repository; null: never.</summary>
    internal ScheduleConfig? Forget { get; init; }

    /// <summary>When <c>prune</c> runs.</summary>
    internal ScheduleConfig? Prune { get; init; }

    /// <summary>When <c>check</c> runs.</summary>
    internal ScheduleConfig? Check { get; init; }

    /// <summary>When <c>verify --drill</c> runs; how many files and bytes it restores at most, if that is said.</summary>
    internal ScheduleConfig? Drill { get; init; }
    internal int? DrillFiles { get; init; }
    internal long? DrillSize { get; init; }

    /// <summary>In which time checks read all data once; null: they read none.</summary>
    internal TimeSpan? AllDataIn { get; init; }

    /// <summary>A URL that hears each hour whether all is well; null: none.</summary>
    internal string? Ping { get; init; }

    /// <summary>The file that metrics are written into, absolute; null: none.</summary>
    internal string? MetricsFile { get; init; }

    internal WhenOnBattery? OnBattery { get; init; }

    internal RunPriority? Priority { get; init; }
}
