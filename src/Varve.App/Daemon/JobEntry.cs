using Varve.App.Daemon.Changes;
using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Watch;

namespace Varve.App.Daemon;

/// <summary>A job in the loop: what it is, what became of it, and its run, if one goes on. The loop's thread alone uses it.</summary>
internal sealed class JobEntry(Job job, JobData data)
{
    /// <summary>As list and configuration have it now.</summary>
    internal Job Job { get; set; } = job;

    /// <summary>What became of it.</summary>
    internal JobData Data { get; } = data;

    /// <summary>The run that goes on; null: none.</summary>
    internal IRun? Run { get; set; }

    /// <summary>Another daemon began that run.</summary>
    internal bool IsAdopted { get; set; }

    /// <summary>Somebody asked for it, and it has not begun.</summary>
    internal bool IsAsked { get; set; }

    /// <summary>It is looked at once, since the daemon begins anew.</summary>
    internal bool LooksAtOnce { get; set; }

    /// <summary>Watches what changes; null: nobody does.</summary>
    internal SourceWatch? Watch { get; set; }

    /// <summary>The run that goes on, or was last, looks only where something changed.</summary>
    internal bool IsOfChanges { get; set; }

    /// <summary>It is on no list any more; its run comes to its end.</summary>
    internal bool IsGone { get; set; }

    /// <summary>When it is due.</summary>
    internal DateTimeOffset? DueAt(DateTimeOffset now, TimeZoneInfo zone)
    {
        if (IsGone) { return null; }
        DateTimeOffset? said = ScheduledAt(now, zone), changed = Watch?.DueAt(Job, Data, now, zone);
        return changed < said || said is null ? changed : said;
    }

    /// <summary>The same but for changes: then everything is looked at.</summary>
    internal DateTimeOffset? ScheduledAt(DateTimeOffset now, TimeZoneInfo zone) =>
        JobReports.NextOf(Job, Data, IsAsked, LooksAtOnce, now, zone);
}
