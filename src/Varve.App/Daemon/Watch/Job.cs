using Varve.App.Daemon.Schedules;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.App.Daemon.Watch;

/// <summary>Something that the daemon does again and again, as list and configuration have it. Immutable.</summary>
internal sealed record Job
{
    /// <summary>By what people and records know it: a source's name, or what is done and in which repository.</summary>
    internal required string Name { get; init; }

    internal required JobKind Kind { get; init; }

    /// <summary>Of those with the same one is run at a time: they work in the same repository, or in the same directory.</summary>
    internal required string Lane { get; init; }

    /// <summary>Null: what is said of it makes no sense.</summary>
    internal ISchedule? Schedule { get; init; }

    /// <summary>Why there is no schedule.</summary>
    internal VarveException? Wrong { get; init; }

    /// <summary>The schedule as people read it.</summary>
    internal required string ScheduleText { get; init; }

    internal TimeWindow? Window { get; init; }

    /// <summary>It is done when something has changed, too; null: not.</summary>
    internal ContinuousConfig? Continuous { get; init; }

    /// <summary>The place that is protected; null if it is about a repository.</summary>
    internal byte[]? Path { get; init; }

    /// <summary>Where it goes to, as it was said; null: the repository that is meant when nobody names one.</summary>
    internal string? To { get; init; }

    /// <summary>The configuration says it, not the list.</summary>
    internal bool IsConfigured { get; init; }

    /// <summary>The command line of a run, without the program; <see cref="RawArguments"/> has its bytes.</summary>
    internal required IReadOnlyList<string> Words { get; init; }

    /// <summary>Of archives: the directory that those of all sources are in. It must be there; the one of this source is made.</summary>
    internal string? ArchiveRoot { get; init; }

    /// <summary>Of checks: in which time all data is read once; null: none is.</summary>
    internal TimeSpan? AllDataIn { get; init; }

    /// <summary>How old its last good backup may become before people are told; null: however old.</summary>
    internal TimeSpan? AlertAfter { get; init; }

    /// <summary>A URL that hears when a run begins, and what came of it; null: none.</summary>
    internal string? Ping { get; init; }

    /// <summary>It protects something, and does not only look after what is saved.</summary>
    internal bool IsSource => Kind is JobKind.Backup or JobKind.Archive;

    /// <summary>The kind's word in JSON.</summary>
    internal string KindWord => Kind switch
    {
        JobKind.Backup => "backup",
        JobKind.Archive => "archive",
        JobKind.Forget => "forget",
        JobKind.Prune => "prune",
        JobKind.Drill => "drill",
        _ => "check",
    };
}
