using Varve.App.Daemon.Schedules;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Table;

namespace Varve.App.Daemon.Watch;

/// <summary>
/// What the daemon does, made of configuration and list. A source of the configuration that says when, or for which the configuration says
/// when for all, goes before one of the same name or path on the list.
/// </summary>
/// <param name="config">Null: there is none.</param>
/// <param name="list">The list.</param>
/// <param name="line">How runs are typed.</param>
internal sealed class JobPlan(ConfigFile? config, IReadOnlyList<WatchedSource> list, JobLine line)
{
    private readonly List<Job> _jobs = [];

    /// <summary>The jobs: sources in the order of the configuration, those of the list, then what is done in repositories.</summary>
    internal IReadOnlyList<Job> Make()
    {
        foreach (SourceConfig source in config?.Sources ?? []) { Add(source); }
        foreach ((string? name, VarveException error) in config?.Wrong ?? []) { AddWrong(name, error); }
        foreach (WatchedSource source in list) { Add(source); }
        foreach (string? repository in _jobs.Where(static j => j.Kind == JobKind.Backup && j.Wrong is null).Select(static j => j.To)
            .Distinct().ToList())
        {
            AddTask(JobKind.Forget, RetentionSettings.Forget.Path, repository, config?.Daemon.Forget);
            AddTask(JobKind.Prune, RepositorySettings.Prune.Path, repository, config?.Daemon.Prune);
            AddTask(JobKind.Check, RepositorySettings.Check.Path, repository, config?.Daemon.Check);
            AddTask(JobKind.Drill, RepositorySettings.Verify.Path, repository, config?.Daemon.Drill);
        }

        return _jobs;
    }

    private void Add(SourceConfig source)
    {
        ScheduleConfig said = source.Schedule.Over(config!.Schedule);
        if (said is { SaysWhen: false, Continuous: not null }) { said = said with { Every = ContinuousConfig.UsualEvery }; }
        TimeSpan? listed = null;
        if (!said.SaysWhen)
        {
            // The list may say when, of what the configuration says how.
            if (list.FirstOrDefault(w => IsSame(source, w)) is not { } watched) { return; }
            (said, listed) = (watched.Schedule.Over(said), watched.AlertAfter);
        }

        bool isArchive = source.Target.Archive is not null;
        SourceRules rules = source.Rules.Over(config.Rules);
        _jobs.Add(Scheduled(new Job
        {
            Name = source.Name, Kind = isArchive ? JobKind.Archive : JobKind.Backup, Lane = LaneOf(source.Target), ScheduleText = said.Text,
            Path = source.Roots[0].Path, IsConfigured = true, To = source.Target.Archive ?? line.RepositoryOf(source.Target.Repository),
            ArchiveRoot = source.Target.Archive, AlertAfter = source.AlertAfter ?? listed ?? config.AlertAfter, Ping = source.Ping,
            Words = isArchive ? line.Archive(source.Name, source.Target, rules, source.Roots.Select(static r => r.Path),
                hasHooks: !(config.Hooks.IsEmpty && source.Hooks.IsEmpty))
                : line.Backup(source),
        }, said));
    }

    private void Add(WatchedSource source)
    {
        if (_jobs.Exists(j => j.IsConfigured && j.Name == source.Name)) { return; }
        SourceConfig? configured = config?.Sources.FirstOrDefault(s => IsSame(s, source));
        if (configured is not null && _jobs.Exists(j => j.Name == configured.Name)) { return; }
        bool isArchive = source.Target.Archive is not null;
        _jobs.Add(Scheduled(new Job
        {
            Name = source.Name, Kind = isArchive ? JobKind.Archive : JobKind.Backup, Lane = LaneOf(source.Target),
            ScheduleText = source.Schedule.Text, Path = source.Path,
            To = source.Target.Archive ?? line.RepositoryOf(source.Target.Repository), ArchiveRoot = source.Target.Archive,
            AlertAfter = source.AlertAfter ?? configured?.AlertAfter ?? config?.AlertAfter, Ping = configured?.Ping,
            Words = isArchive ? line.Archive(source.Name, source.Target, config?.Rules ?? SourceRules.None, [source.Path],
                hasHooks: config?.Hooks.IsEmpty == false)
                : line.Backup(source),
            Wrong = isArchive && config is not null && ArchiveLimits.Problem(config.Rules) is { } problem
                ? new VarveException(ErrorKind.Usage, Subject.Source(source.Path), problem) : null,
        }, source.Schedule));
    }

    private void AddWrong(string? name, VarveException error)
    {
        if (name is null || _jobs.Exists(j => j.Name == name)) { return; }
        _jobs.Add(new Job
        {
            Name = name, Kind = JobKind.Backup, Lane = "", ScheduleText = "as the configuration says", IsConfigured = true, Wrong = error,
            Words = [],
        });
    }

    private void AddTask(JobKind kind, string command, string? repository, ScheduleConfig? said)
    {
        if (said is null) { return; }
        _jobs.Add(Scheduled(new Job
        {
            Name = repository is null ? command : $"{command}:{repository}", Kind = kind, Lane = "repository " + repository,
            ScheduleText = said.Text, IsConfigured = true, To = repository,
            Words = line.In(command, repository, kind == JobKind.Drill ? JobLine.Drill(config!.Daemon) : []),
            AllDataIn = kind == JobKind.Check ? config?.Daemon.AllDataIn : null,
        }, said));
    }

    private string LaneOf(TargetConfig target) =>
        target.Archive is { } archive ? "archives " + archive : "repository " + line.RepositoryOf(target.Repository);

    /// <summary>With its schedule, which what is wrong has not.</summary>
    private static Job Scheduled(Job job, ScheduleConfig said)
    {
        if (job.Wrong is not null) { return job; }
        try { return job with { Schedule = Schedule.Of(said), Window = said.Window, Continuous = said.Continuous }; }
        catch (VarveException e) { return job with { Wrong = e }; }
    }

    private static bool IsSame(SourceConfig source, WatchedSource watched) =>
        source.Name == watched.Name || source.Roots[0].Path.AsSpan().SequenceEqual(watched.Path);
}
