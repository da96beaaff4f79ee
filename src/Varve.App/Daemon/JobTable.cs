using System.Globalization;
using Varve.App.Daemon.Changes;
using Varve.App.Daemon.Control;
using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Schedules;
using Varve.App.Daemon.Watch;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Platform.Processes;

namespace Varve.App.Daemon;

/// <summary>The jobs of the loop, and their records on the disk. The loop's thread alone uses it.</summary>
internal sealed class JobTable(DaemonParts parts)
{
    private const int MostSlices = 10_000;

    private List<VarveException> _wrong = [];
    private VarveException? _refused;

    /// <summary>All, in the order of the plan.</summary>
    internal List<JobEntry> Entries { get; private set; } = [];

    /// <summary>Those of which a run goes on.</summary>
    internal IEnumerable<JobEntry> Running => Entries.Where(static e => e.Run is not null);

    /// <summary>Whether any run goes on.</summary>
    internal bool HasRuns => Entries.Exists(static e => e.Run is not null);

    /// <summary>What could not be read.</summary>
    internal IReadOnlyList<VarveException> Wrong => _refused is null ? _wrong : [.. _wrong, _refused];

    /// <summary>What is done on the battery.</summary>
    internal WhenOnBattery OnBattery { get; private set; }

    /// <summary>Who is told what.</summary>
    internal NotifyConfig Notify { get; private set; } = NotifyConfig.None;

    /// <summary>The file that metrics are written into; null: none.</summary>
    internal string? MetricsFile { get; private set; }

    /// <summary>
    /// Reads everything for the first time, and takes over runs that another daemon began. <paramref name="looksAtOnce"/>: that one was
    /// stopped, not killed, so nothing is done twice if all is looked at.
    /// </summary>
    internal void Load(bool looksAtOnce)
    {
        Apply(parts.ReadPlan());
        foreach (JobEntry entry in Entries)
        {
            if (entry.Data.Run is { } run)
            {
                entry.IsAdopted = true;
                entry.Run = parts.Runs.Adopt(entry.Job, run, parts.Inbox.Wake);
            }
            else { entry.LooksAtOnce = looksAtOnce && entry.Job.IsSource && entry.Job.Schedule is { IsSpan: true }; }
        }
    }

    /// <summary>Reads list and configuration again. Runs go on.</summary>
    /// <exception cref="VarveException">They cannot be used; then nothing changes.</exception>
    internal void Reload()
    {
        DaemonPlan plan = parts.ReadPlan();
        Apply(plan);
    }

    /// <summary>Notes why what was read last is not used.</summary>
    internal void Refuse(VarveException why) => _refused = why;

    /// <summary>The job of that name, or null.</summary>
    internal JobEntry? Find(string? name) => Entries.Find(e => e.Job.Name == name && !e.IsGone);

    /// <summary>Whether something goes on where this one would work.</summary>
    internal bool IsLaneBusy(JobEntry entry) => Entries.Exists(e => e.Run is not null && e.Job.Lane == entry.Job.Lane);

    /// <summary>The job that has been due for the longest time and can begin; null if there is none.</summary>
    internal JobEntry? NextDue(DateTimeOffset now, Func<JobEntry, bool>? canBegin = null)
    {
        JobEntry? first = null;
        DateTimeOffset since = default;
        foreach (JobEntry entry in Entries)
        {
            if (entry.Run is not null || entry.DueAt(now, parts.Time.LocalTimeZone) is not { } due || due > now) { continue; }
            if (canBegin?.Invoke(entry) == false || IsLaneBusy(entry)) { continue; }
            if (first is null || due < since) { (first, since) = (entry, due); }
        }

        return first;
    }

    /// <summary>Options of this run by itself: which slice of the data a check reads.</summary>
    internal IReadOnlyList<string> MoreOf(JobEntry entry, DateTimeOffset now)
    {
        if (entry.Watch is { } watch) { return watch.Begin(entry.Job, isWhole: !entry.IsOfChanges); }
        if (entry.Job is not { AllDataIn: { } time, Schedule: { } schedule }) { return []; }
        int slices = Schedule.CountIn(schedule, time, now, parts.Time.LocalTimeZone, MostSlices);
        return [string.Create(CultureInfo.InvariantCulture,
            $"{RepositorySettings.ReadData.Name}={(entry.Data.Slices % slices) + 1}/{slices}")];
    }

    /// <summary>Notes which process a run is.</summary>
    internal void Know(JobEntry entry)
    {
        var mark = ProcessMark.Of(entry.Run!.Process);
        entry.Data.Run = new RunData { Since = entry.Data.Run!.Since, Process = mark.Id, Began = mark.Began, Boot = mark.Boot };
        Save(entry);
    }

    /// <summary>
    /// Makes a record durable; false if that fails, which the log tells. Protection goes on all the same: what cannot be noted is done
    /// again rather than not at all.
    /// </summary>
    internal bool Save(JobEntry entry)
    {
        try
        {
            parts.State.Write(entry.Data);
            return true;
        }
        catch (VarveException e)
        {
            parts.Log.Write(LogLevel.Error, e.Message);
            return false;
        }
    }

    /// <summary>Takes away what is on no list any more, once its run is over.</summary>
    internal void DropIfGone(JobEntry entry)
    {
        if (!entry.IsGone) { return; }
        Entries.Remove(entry);
        Forget(entry);
    }

    private void Apply(DaemonPlan plan)
    {
        _wrong = [.. plan.Wrong];
        _refused = null;
        OnBattery = plan.OnBattery;
        (Notify, MetricsFile) = (plan.Notify, plan.MetricsFile);
        parts.Notices.Use(plan.Notify);
        var entries = new List<JobEntry>();
        foreach (Job job in plan.Jobs)
        {
            JobEntry? known = Entries.Find(e => e.Job.Name == job.Name);
            if (known is not null) { (known.Job, known.IsGone) = (job, false); }
            else
            {
                (JobData data, VarveException? wrong) = parts.State.ReadJob(job.Name);
                if (wrong is not null) { _wrong.Add(wrong); }
                known = new JobEntry(job, data);
                // What looks after a repository begins a time after it was said, not at once.
                if (!job.IsSource && data.Slot is null)
                {
                    data.Slot = parts.Time.GetUtcNow();
                    Save(known);
                }
            }

            known.Watch = Watching(known);
            entries.Add(known);
        }

        foreach (JobEntry gone in Entries.Except(entries).ToList())
        {
            gone.IsGone = true;
            if (gone.Run is not null) { entries.Add(gone); }
            else { Forget(gone); }
        }

        Entries = entries;
    }

    private SourceWatch? Watching(JobEntry entry)
    {
        if (entry.Job is { Continuous: not null, Path: not null })
        {
            return entry.Watch ?? new SourceWatch(parts.State, parts.Time, parts.Inbox.Wake);
        }

        entry.Watch?.Dispose();
        return null;
    }

    // Of what the configuration no longer says the record stays: it may say it again.
    private void Forget(JobEntry entry)
    {
        entry.Watch?.Dispose();
        if (entry.Job.IsConfigured) { return; }
        try { parts.State.Jobs.Remove(RecordFiles<JobData>.FileOf(entry.Job.Name)); }
        catch (VarveException e) { parts.Log.Write(LogLevel.Warning, e.Message); }
    }
}
