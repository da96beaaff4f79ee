using Varve.App.Daemon;
using Varve.App.Daemon.Control;
using Varve.App.Daemon.Watch;
using Varve.App.Invocation;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Commands.Daemon;

/// <summary>Where the daemon of a command line has its state and its socket, and what list and configuration come to.</summary>
internal sealed class DaemonPlace
{
    private readonly SettingValues _values;
    private readonly CommandContext _context;

    internal DaemonPlace(SettingValues values, CommandContext context)
    {
        (_values, _context) = (values, context);
        StatePath = StatePlace.Of(values, context.Environment);
        IsNamed = StatePlace.IsNamed(values, context.Environment);
        ControlDirectory = ControlPlace.Of(StatePath, IsNamed, context.Environment);
    }

    /// <summary>The directory of its state.</summary>
    internal string StatePath { get; }

    /// <summary>Somebody named that directory.</summary>
    internal bool IsNamed { get; }

    /// <summary>The directory of its socket.</summary>
    internal string ControlDirectory { get; }

    /// <summary>Opens the state; the caller disposes it.</summary>
    internal StateDirectory OpenState() => StateDirectory.Open(StatePath);

    /// <summary>What list and configuration come to now.</summary>
    /// <exception cref="VarveException">Usage: the configuration cannot be used.</exception>
    internal DaemonPlan ReadPlan(StateDirectory state)
    {
        ConfigFile? config = GlobalOptions.ReadConfiguration(_values, _context.Environment);
        (IReadOnlyList<WatchedSource> list, IReadOnlyList<VarveException> wrong) = state.Watched.Read();
        return new DaemonPlan(new JobPlan(config, list, JobLine.Of(_values)).Make(),
            [.. wrong, .. config?.Wrong.Where(static w => w.Name is null).Select(static w => w.Error) ?? []],
            _values.FindValue(DaemonSettings.OnBattery) ?? config?.Daemon.OnBattery ?? WhenOnBattery.Run)
        {
            Notify = new NotifyConfig { Targets = config?.Notify ?? [], Ping = config?.Daemon.Ping },
            MetricsFile = config?.Daemon.MetricsFile,
        };
    }

    /// <summary>What is known without a daemon.</summary>
    internal StatusReport ReadStored(StateDirectory state)
    {
        DaemonPlan plan = ReadPlan(state);
        var problems = new List<VarveException>(plan.Wrong);
        DaemonData daemon = new();
        try { daemon = state.Daemon.Read("daemon.json") ?? daemon; }
        catch (VarveException e) { problems.Add(e); }
        var jobs = new List<JobReport>();
        foreach (Job job in plan.Jobs)
        {
            (JobData data, VarveException? error) = state.ReadJob(job.Name);
            if (error is not null) { problems.Add(error); }
            jobs.Add(JobReports.Stored(job, data, daemon.Paused, _context.Time.GetUtcNow(), _context.Time.LocalTimeZone));
        }

        return new StatusReport
        {
            Running = false, Paused = daemon.Paused, StateDirectory = state.Path, Problems = [.. problems.Select(static p => p.Message)],
            Jobs = jobs, Start = _context.Next.Of("daemon"),
        };
    }

    /// <summary>What the daemon says of everything, or, without one, what is known without it.</summary>
    internal StatusReport Read()
    {
        using (var client = ControlClient.TryOpen(ControlDirectory))
        {
            if (client is not null && client.Ask(ControlVerbs.Status, null) && client.NextStatus() is { } status) { return status; }
        }

        using StateDirectory state = OpenState();
        return ReadStored(state);
    }

    /// <summary>Has a daemon read the list again; false if there is none.</summary>
    internal bool TellOfChange()
    {
        using var client = ControlClient.TryOpen(ControlDirectory);
        return client is not null && client.Ask(ControlVerbs.Reload, null) && client.Answer() is not null;
    }
}
