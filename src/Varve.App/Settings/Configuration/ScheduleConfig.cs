using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Configuration;

/// <summary>When something is done, as it was said. At most one of the first two is there.</summary>
internal sealed record ScheduleConfig
{
    /// <summary>How often.</summary>
    internal TimeSpan? Every { get; init; }

    /// <summary>The cron expression; its fields may make no sense yet.</summary>
    internal string? Cron { get; init; }

    /// <summary>Where it stands; null if it was typed.</summary>
    internal Subject? CronPlace { get; init; }

    /// <summary>The time of day in which it may begin; null: any.</summary>
    internal TimeWindow? Window { get; init; }

    /// <summary>It is done when something has changed, too; null: not.</summary>
    internal ContinuousConfig? Continuous { get; init; }

    /// <summary>Whether it says when.</summary>
    internal bool SaysWhen => Every is not null || Cron is not null;

    /// <summary>As people read it.</summary>
    internal string Text =>
        (Cron ?? (Every is { } every ? "every " + Spans.Text(every) : "never")) + (Window is { } window ? $", {window}" : "")
        + (Continuous is null ? "" : ", and when it changes");

    /// <summary>What it says, and what it does not say as <paramref name="others"/> says it.</summary>
    internal ScheduleConfig Over(ScheduleConfig others) => new()
    {
        Every = SaysWhen ? Every : others.Every, Cron = SaysWhen ? Cron : others.Cron,
        CronPlace = SaysWhen ? CronPlace : others.CronPlace, Window = Window ?? others.Window, Continuous = Continuous ?? others.Continuous,
    };
}
