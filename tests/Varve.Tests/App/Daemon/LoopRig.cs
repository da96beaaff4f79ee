using System.Text;
using Varve.App.Daemon;
using Varve.App.Daemon.Control;
using Varve.App.Daemon.Watch;
using Varve.App.Output;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Daemon;

/// <summary>The daemon's loop with a clock that it moves itself by waiting, runs that take their time by it, and state on a disk.</summary>
internal sealed class LoopRig : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly StringWriter _log = new() { NewLine = "\n" };
    private readonly List<(DateTimeOffset At, Action Do)> _events = [];

    internal LoopRig()
    {
        State = StateDirectory.Open(Path.Combine(_d.Path, "state"));
        Runs = new FakeRuns(Time);
    }

    internal FakeTime Time { get; } = new();

    internal StateDirectory State { get; }

    internal FakeRuns Runs { get; }

    internal FakeNotices Notices { get; } = new();

    internal StatusBoard Board { get; } = new();

    internal ConfigFile? Config { get; set; }

    internal bool IsOnBattery { get; set; }

    internal WhenOnBattery OnBattery { get; set; }

    /// <summary>Thrown instead of reading list and configuration.</summary>
    internal VarveException? Refuses { get; set; }

    internal string Log => _log.ToString();

    internal DateTimeOffset Now => Time.GetUtcNow();

    private Inbox Inbox { get; set; } = new();

    /// <summary>Puts a source on the list.</summary>
    internal void Watch(string name, string every, string? to = null, string? archive = null, string? window = null) =>
        State.Watched.Put(new WatchedSource
        {
            Name = name, Path = Encoding.UTF8.GetBytes("/" + name),
            Schedule = new ScheduleConfig
            {
                Every = every.Contains('*', StringComparison.Ordinal) ? null : Spans.Parse(every, "x"),
                Cron = every.Contains('*', StringComparison.Ordinal) ? every : null,
                Window = window is null ? null : TimeWindow.Parse(window, "x"),
            },
            Target = new TargetConfig { Repository = to, Archive = archive },
        });

    /// <summary>Puts a source on the list that is backed up when it changes.</summary>
    internal void Watch(string name, string every, string path, ContinuousConfig continuous, string? window = null) =>
        State.Watched.Put(new WatchedSource
        {
            Name = name, Path = Encoding.UTF8.GetBytes(path), Target = new TargetConfig(),
            Schedule = new ScheduleConfig
            {
                Every = Spans.Parse(every, "x"), Continuous = continuous, Window = window is null ? null : TimeWindow.Parse(window, "x"),
            },
        });

    /// <summary>Has something done at a time of the clock, from now.</summary>
    internal void After(double minutes, Action what) => _events.Add((Now.AddMinutes(minutes), what));

    /// <summary>The same: a request, whose answer is kept by who asks.</summary>
    internal DaemonRequest After(double minutes, string verb, string? name = null)
    {
        var request = new DaemonRequest(verb, name);
        After(minutes, () => Inbox.Post(request));
        return request;
    }

    /// <summary>Runs the daemon for so long, and stops it.</summary>
    internal void Run(double minutes)
    {
        After(minutes, ControlVerbs.Stop);
        Loop();
    }

    /// <summary>Runs it until somebody stops it; what it throws passes through, as if it were killed there.</summary>
    internal void Loop()
    {
        Inbox = new Inbox();
        new DaemonLoop(new DaemonParts
        {
            State = State, Runs = Runs, ReadPlan = ReadPlan, Time = Time, Inbox = Inbox, Wait = Wait, Board = Board,
            Log = new DaemonLog(new StatusLine(_log, terminal: false, static () => 80), isJournal: true, Time),
            Notices = Notices,
            Service = new ServiceNotifier(static _ => null, Time), IsOnBattery = () => IsOnBattery, Chance = static () => 0.5,
            StopWithin = TimeSpan.FromMinutes(1), Program = "test",
        }).Run();
    }

    /// <summary>How a job stands by what the daemon hung out last.</summary>
    internal JobReport Job(string name) => Board.Read()!.Jobs.Single(j => j.Name == name);

    /// <summary>The record of a job.</summary>
    internal JobData Data(string name) => State.ReadJob(name).Data;

    /// <summary>When runs of a job began.</summary>
    internal List<DateTimeOffset> Begun(string name) => [.. Runs.Begun.Where(r => r.Job.Name == name).Select(static r => r.Began)];

    private DaemonPlan ReadPlan()
    {
        if (Refuses is { } refused) { throw refused; }
        (IReadOnlyList<WatchedSource> list, IReadOnlyList<VarveException> wrong) = State.Watched.Read();
        return new DaemonPlan(new JobPlan(Config, list, new JobLine([], null)).Make(), wrong, OnBattery)
        {
            Notify = new NotifyConfig { Targets = Config?.Notify ?? [], Ping = Config?.Daemon.Ping },
            MetricsFile = Config?.Daemon.MetricsFile,
        };
    }

    private void Wait(TimeSpan longest)
    {
        DateTimeOffset until = Now + longest;
        if (Runs.NextEnd is { } end && end < until) { until = end; }
        if (_events.Count > 0 && _events.Min(static e => e.At) is var at && at < until) { until = at; }
        Time.Advance(Math.Max(0, (until - Now).TotalSeconds));
        foreach ((DateTimeOffset At, Action Do) due in _events.Where(e => e.At <= Now).ToList())
        {
            _events.Remove(due);
            due.Do();
        }
    }

    public void Dispose()
    {
        State.Dispose();
        Inbox.Dispose();
        _log.Dispose();
        _d.Dispose();
    }
}
