using Varve.App.Daemon.Schedules;
using Varve.App.Output.Daemon;
using Varve.App.Output.Json;

namespace Varve.App.Daemon.Watch;

/// <summary>What people and programs are told of jobs.</summary>
internal static class JobReports
{
    /// <summary>A job as it stands.</summary>
    /// <param name="job">What it is.</param>
    /// <param name="data">What became of it.</param>
    /// <param name="next">When it comes next; null: not at all.</param>
    /// <param name="runningSince">When the run began that goes on; null if none does.</param>
    /// <param name="isPaused">Nothing of it begins.</param>
    /// <param name="watch">Whether and how it is watched; null if that was not asked for.</param>
    internal static JobReport Of(
        Job job, JobData data, DateTimeOffset? next, DateTimeOffset? runningSince, bool isPaused, string? watch = null)
    {
        ByteText? path = ByteText.From(job.Path);
        string state = job.Wrong is not null ? JobStates.Wrong : runningSince is not null ? JobStates.Running
            : isPaused ? JobStates.Paused : data.State ?? JobStates.New;
        return new JobReport
        {
            Name = job.Name, Kind = job.KindWord, Path = path, PathBytes = path?.Other, To = job.To, Schedule = job.ScheduleText,
            Configured = job.IsConfigured, Watch = watch, State = state, Digest = data.Digest, Snapshot = data.Snapshot,
            LastStart = Text(data.LastStart), LastEnd = Text(data.LastEnd), LastGood = Text(data.LastGood),
            Next = isPaused || job.Wrong is not null ? null : Text(next), Failures = data.Failures, FailureCount = data.FailureCount,
            Files = data.Files, Bytes = data.Bytes, Overdue = data.Overdue is not null && job.AlertAfter is not null,
            Message = job.Wrong?.Message ?? data.Message, Hint = job.Wrong is null ? data.Hint : null, RunningSince = Text(runningSince),
        };
    }

    /// <summary>The same without a daemon: by what lies on the disk.</summary>
    internal static JobReport Stored(Job job, JobData data, bool isPaused, DateTimeOffset now, TimeZoneInfo zone) =>
        Of(job, data, NextOf(job, data, isAsked: false, looksAtOnce: false, now, zone), null, isPaused || data.Paused);

    /// <summary>When a job is due.</summary>
    internal static DateTimeOffset? NextOf(Job job, JobData data, bool isAsked, bool looksAtOnce, DateTimeOffset now, TimeZoneInfo zone) =>
        job.Schedule is not { } schedule ? null
        : Agenda.DueAt(schedule, job.Window, new JobPast(data.Slot, data.RetryAt, isAsked, looksAtOnce), now, zone);

    /// <summary>A time as all results have it.</summary>
    internal static string? Text(DateTimeOffset? time) => time is { } at ? FileTime.From(at).ToString() : null;
}
