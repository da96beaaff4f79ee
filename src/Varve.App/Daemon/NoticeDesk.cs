using Varve.App.Daemon.Control;
using Varve.App.Daemon.Notices;
using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;

namespace Varve.App.Daemon;

/// <summary>Has told, by what goes on in the loop, whoever is to be told. The loop's thread alone uses it.</summary>
internal sealed class NoticeDesk(DaemonParts parts)
{
    private static readonly TimeSpan s_pingEvery = TimeSpan.FromHours(1);

    private readonly long _began = parts.Time.GetTimestamp();
    private TimeSpan? _pingedAt; // by the monotonic clock
    private string _pinged = "";

    /// <summary>A run began.</summary>
    internal void Began(Job job)
    {
        if (job.Ping is { } url) { parts.Notices.Ping(url, PingKinds.Start, job.Name); }
    }

    /// <summary>A run is over, and its outcome is in the record, which the caller makes durable.</summary>
    internal void Settled(JobEntry entry, RunOutcome outcome, DateTimeOffset now)
    {
        if (NoticeRules.Settled(entry.Job, entry.Data, outcome, now) is { } notice) { Tell(notice); }
        // What was cut off goes on.
        if (entry.Job.Ping is not { } url || outcome.IsCutOff) { return; }
        parts.Notices.Ping(url, outcome.State == JobStates.Good ? PingKinds.Success : PingKinds.Fail,
            $"{entry.Job.Name}: {OutcomeText.Of(entry.Job, outcome)}");
    }

    /// <summary>Looks for what is too old, and has the daemon's own URL know, each hour and when it changes, whether all is well.</summary>
    internal void Look(JobTable table)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        foreach (JobEntry entry in table.Entries)
        {
            if (entry.IsGone) { continue; }
            (NoticeData? notice, bool hasChanged) = NoticeRules.Look(entry.Job, entry.Data, now);
            if (notice is not null)
            {
                parts.Log.Write(LogLevel.Error, $"{entry.Job.Name}: its last good backup is too old");
                Tell(notice);
            }

            if (hasChanged) { table.Save(entry); }
        }

        if (table.Notify.Ping is { } url) { Ping(url, table); }
    }

    /// <summary>How long there is nothing to look for.</summary>
    internal TimeSpan NextLook(JobTable table, DateTimeOffset now)
    {
        TimeSpan wait = table.Notify.Ping is null || _pingedAt is not { } at ? TimeSpan.MaxValue
            : at + s_pingEvery - parts.Time.GetElapsedTime(_began);
        foreach (JobEntry entry in table.Entries.Where(static e => !e.IsGone))
        {
            if (NoticeRules.NextLook(entry.Job, entry.Data) is { } due && due - now < wait) { wait = due - now; }
        }

        return wait;
    }

    private void Ping(string url, JobTable table)
    {
        List<string> wrong = [.. table.Entries.Where(static e => e.Job.Wrong is not null || e.Data.Told is not null || e.Data.Alerted)
            .Select(static e => e.Job.Name)];
        string text = wrong.Count + table.Wrong.Count == 0 ? "all is well" : "something is wrong: " + string.Join(", ", wrong);
        TimeSpan at = parts.Time.GetElapsedTime(_began);
        if (text == _pinged && at - _pingedAt < s_pingEvery) { return; }
        (_pingedAt, _pinged) = (at, text);
        parts.Notices.Ping(url, wrong.Count + table.Wrong.Count == 0 ? PingKinds.Success : PingKinds.Fail, text);
    }

    private void Tell(NoticeData notice)
    {
        try { parts.Notices.Tell(notice); }
        catch (VarveException e) { parts.Log.Write(LogLevel.Error, e.Message); }
    }
}
