using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;

namespace Varve.App.Daemon.Notices;

/// <summary>
/// When people are told something: of the first failure, of the end of it, and of nothing in between. What they were told is part of the
/// record of the job, so that holds over restarts. Pure.
/// </summary>
internal static class NoticeRules
{
    // What became due while the machine slept is done first.
    private static readonly TimeSpan s_longestGrace = TimeSpan.FromMinutes(30), s_moment = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// What people are to be told when a run is over, or null; the record has the outcome already, and gets what they know.
    /// </summary>
    internal static NoticeData? Settled(Job job, JobData data, RunOutcome outcome, DateTimeOffset now)
    {
        // Somebody ended it: that he knows. Whether it goes on too long the age tells.
        if (outcome.IsCutOff) { return null; }
        string? told = data.Told;
        bool wasAlerted = data.Alerted;
        if (data.State == JobStates.Good)
        {
            (data.Told, data.Overdue, data.Alerted) = (null, null, false);
            return told is null && !wasAlerted ? null : Of(NoticeEvents.Recovery, job, data, now, null);
        }

        data.Told = data.State == JobStates.Incomplete ? JobStates.Incomplete : JobStates.Failed;
        return data.Told == told ? null
            : Of(data.Told == JobStates.Incomplete ? NoticeEvents.Incomplete : NoticeEvents.Failure, job, data, now, data.Message);
    }

    /// <summary>
    /// Looks how old the last good backup is: what people are to be told, or null, and whether the record was changed.
    /// </summary>
    internal static (NoticeData? Notice, bool HasChanged) Look(Job job, JobData data, DateTimeOffset now)
    {
        if (!job.IsSource || job.AlertAfter is not { } limit) { return default; }
        bool hasChanged = data.Known is null;
        data.Known ??= now;
        DateTimeOffset last = data.LastGood ?? data.Known.Value;
        // One in the future: the clock was set back.
        if (now - last <= limit)
        {
            hasChanged |= data.Overdue is not null;
            data.Overdue = null;
            return (null, hasChanged);
        }

        hasChanged |= data.Overdue is null;
        data.Overdue ??= now;
        if (data.Alerted || now - data.Overdue < Grace(limit)) { return (null, hasChanged); }
        data.Alerted = true;
        return (Of(NoticeEvents.Alert, job, data, now, data.Message), true);
    }

    /// <summary>When there may be something to tell of its age; null: not before a run of it is over.</summary>
    internal static DateTimeOffset? NextLook(Job job, JobData data)
    {
        if (!job.IsSource || job.AlertAfter is not { } limit || data.Alerted || data.Known is not { } known) { return null; }
        return data.Overdue is { } overdue ? overdue + Grace(limit) : (data.LastGood ?? known) + limit + s_moment;
    }

    private static TimeSpan Grace(TimeSpan limit) => limit / 20 < s_longestGrace ? limit / 20 : s_longestGrace;

    private static NoticeData Of(string what, Job job, JobData data, DateTimeOffset now, string? message) => new()
    {
        Event = what, Job = job.Name, Kind = job.KindWord, Time = now, Message = message, Hint = message is null ? null : data.Hint,
        Since = (what == NoticeEvents.Alert ? data.Overdue : data.LastStart) ?? now, LastGood = data.LastGood,
    };
}
