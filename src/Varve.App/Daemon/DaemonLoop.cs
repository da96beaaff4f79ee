using Varve.App.Daemon.Control;
using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Schedules;
using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;
using Varve.Platform;

namespace Varve.App.Daemon;

/// <summary>
/// The daemon: begins what is due, and settles what is over. One thread does all of it; what it knows is durable before and after each step
/// that others see (docs/decisions, 0069), so whoever kills it loses nothing.
/// </summary>
internal sealed class DaemonLoop(DaemonParts parts)
{
    // Nobody tells that the machine is on the mains again, or that what was killed will not end.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromHours(1), s_untoldWait = TimeSpan.FromMinutes(1),
        s_shortestWait = TimeSpan.FromMilliseconds(1);

    private readonly JobTable _table = new(parts);
    private readonly RoundTally _round = new();
    private readonly NoticeDesk _desk = new(parts);
    private readonly MetricsFile _metrics = new(parts.Log);
    private readonly DateTimeOffset _since = parts.Time.GetUtcNow();
    private DaemonData _daemon = new();
    private DateTimeOffset? _stopsAt; // by the monotonic clock, so that nobody's setting of the clock kills a run
    private bool _isStopping, _hasKilled;

    /// <summary>Runs until it is told to stop and nothing goes on any more.</summary>
    internal void Run()
    {
        Begin();
        while (true)
        {
            TakeRequests();
            SettleEnded();
            if (_isStopping && !_table.HasRuns) { break; }
            if (_isStopping) { PressRuns(); }
            else { BeginDue(); }
            CloseRound();
            _desk.Look(_table);
            Publish();
            parts.Service.Pet();
            parts.Wait(NextWait());
        }

        End();
    }

    private void Begin()
    {
        try { _daemon = parts.State.Daemon.Read(DaemonRecord) ?? new DaemonData(); }
        catch (VarveException e) { parts.Log.Write(LogLevel.Warning, e.Message); }
        _table.Load(looksAtOnce: _daemon.Stopped);
        foreach (VarveException wrong in _table.Wrong) { parts.Log.Write(LogLevel.Warning, wrong.Message); }
        _daemon.Stopped = false;
        SaveOwn();
        Publish();
        parts.Service.Ready();
        parts.Log.Write(LogLevel.Notice, $"protecting {Output.Human.Count(_table.Entries.Count(static e => e.Job.IsSource), "source")}");
    }

    private void End()
    {
        parts.Service.Stopping();
        foreach (JobEntry entry in _table.Entries) { entry.Watch?.Dispose(); }
        _daemon.Stopped = true;
        SaveOwn();
        parts.Log.Write(LogLevel.Notice, "stopped");
    }

    private void TakeRequests()
    {
        while (parts.Inbox.Take() is { } request)
        {
            switch (request.Verb)
            {
                case ControlVerbs.Stop:
                    Stop();
                    request.Answer(true, "stopping");
                    break;
                case ControlVerbs.Reload:
                    Reload(request);
                    break;
                case ControlVerbs.Run:
                    AskFor(request);
                    break;
                default:
                    Pause(request, request.Verb == ControlVerbs.Pause);
                    break;
            }
        }
    }

    private void Stop()
    {
        parts.Service.Stopping();
        if (_isStopping)
        {
            foreach (JobEntry entry in _table.Running) { entry.Run!.Kill(); }
            return;
        }

        _isStopping = true;
        _stopsAt = Monotonic() + parts.StopWithin;
        string going = _table.HasRuns ? ": what goes on makes a checkpoint first" : "";
        parts.Log.Write(LogLevel.Notice, "stopping" + going);
        foreach (JobEntry entry in _table.Running) { entry.Run!.Stop(); }
    }

    private void PressRuns()
    {
        if (_hasKilled || Monotonic() < _stopsAt) { return; }
        _hasKilled = true;
        foreach (JobEntry entry in _table.Running)
        {
            parts.Log.Write(LogLevel.Warning, $"{entry.Job.Name}: took too long to stop, and is killed");
            entry.Run!.Kill();
        }
    }

    private void Reload(DaemonRequest request)
    {
        parts.Service.Reloading();
        TimeZoneInfo.ClearCachedData();
        try
        {
            _table.Reload();
            foreach (VarveException wrong in _table.Wrong) { parts.Log.Write(LogLevel.Warning, wrong.Message); }
            parts.Log.Write(LogLevel.Notice, "list and configuration were read again");
            request.Answer(true, "list and configuration were read again");
        }
        catch (VarveException e)
        {
            // What was read before goes on.
            _table.Refuse(e);
            parts.Log.Write(LogLevel.Error, e.Message);
            request.Answer(false, e.Message);
        }

        parts.Service.Ready();
    }

    private void AskFor(DaemonRequest request)
    {
        if (_table.Find(request.Name) is not { } entry) { request.Answer(false, NotThere(request)); }
        else if (entry.Job.Wrong is { } wrong) { request.Answer(false, wrong.Message); }
        else if (_isStopping) { request.Answer(false, "the daemon is stopping"); }
        else if (entry.Run is not null) { request.Answer(true, $"{entry.Job.Name} is running already"); }
        else
        {
            entry.IsAsked = true;
            bool waits = _table.IsLaneBusy(entry);
            request.Answer(true, waits ? $"{entry.Job.Name} comes as soon as what goes on there is over" : $"{entry.Job.Name} begins");
        }
    }

    private void Pause(DaemonRequest request, bool isPaused)
    {
        string what = isPaused ? "paused" : "no longer paused";
        if (request.Name is null)
        {
            _daemon.Paused = isPaused;
            SaveOwn();
            request.Answer(true, "everything is " + what);
            return;
        }

        if (_table.Find(request.Name) is not { } entry)
        {
            request.Answer(false, NotThere(request));
            return;
        }

        entry.Data.Paused = isPaused;
        bool isDurable = _table.Save(entry);
        request.Answer(isDurable, isDurable ? $"{entry.Job.Name} is {what}" : "that could not be made durable; the log says why");
    }

    private string NotThere(DaemonRequest request) =>
        $"there is nothing named '{request.Name}'; there are: {string.Join(", ", _table.Entries.Select(static e => e.Job.Name))}";

    private void SettleEnded()
    {
        foreach (JobEntry entry in _table.Running.Where(static e => e.Run!.HasEnded).ToList())
        {
            Gate.Pass(Gate.RunEnded);
            Settle(entry, entry.Run!.Outcome());
        }
    }

    private void CloseRound()
    {
        if (!_table.HasRuns && _round.IsOpen && _table.NextDue(parts.Time.GetUtcNow(), CanBegin) is null)
        {
            parts.Log.Write(LogLevel.Info, _round.Close());
        }
    }

    private void BeginDue()
    {
        while (_table.NextDue(parts.Time.GetUtcNow(), CanBegin) is { } entry) { Begin(entry); }
    }

    private bool CanBegin(JobEntry entry) => entry.IsAsked || !(_daemon.Paused || entry.Data.Paused || WaitsForPower());

    private bool WaitsForPower() => _table.OnBattery == WhenOnBattery.Wait && parts.IsOnBattery();

    private void Begin(JobEntry entry)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        Gate.Pass(Gate.RunDecided);
        parts.Runs.Clear(entry.Job);
        entry.Data.Run = new RunData { Since = now };
        entry.Data.LastStart = now;
        entry.IsOfChanges = entry.Watch?.IsBlind(entry.Data, now) == false
            && !(entry.ScheduledAt(now, parts.Time.LocalTimeZone) <= now);
        entry.IsAsked = entry.LooksAtOnce = entry.IsAdopted = false;
        _table.Save(entry);
        Gate.Pass(Gate.RunNoted);
        try { entry.Run = parts.Runs.Begin(entry.Job, _table.MoreOf(entry, now), parts.Inbox.Wake); }
        catch (VarveException e)
        {
            Settle(entry, new RunOutcome { State = JobStates.Retrying, Message = e.Message });
            return;
        }

        Gate.Pass(Gate.RunBegun);
        _desk.Began(entry.Job);
        _table.Know(entry);
        Gate.Pass(Gate.RunKnown);
    }

    private void Settle(JobEntry entry, RunOutcome outcome)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        entry.Watch?.End(entry.Job, outcome is { IsCutOff: false, State: JobStates.Good or JobStates.Incomplete });
        Settlement.Apply(entry, outcome, now, _isStopping, parts.Chance());
        entry.Run?.Dispose();
        entry.Run = null;
        _desk.Settled(entry, outcome, now);
        _table.Save(entry);
        Gate.Pass(Gate.RunSettled);
        foreach (string line in outcome.Lines) { parts.Log.Write(LogLevel.Warning, $"{entry.Job.Name}: {line}"); }
        LogLevel level = entry.Data.State is JobStates.Failed or JobStates.Retrying && !outcome.IsCutOff ? LogLevel.Error
            : entry.Data.State == JobStates.Good ? LogLevel.Info : LogLevel.Warning;
        parts.Log.Write(level, $"{entry.Job.Name}: {OutcomeText.Of(entry.Job, outcome)}");
        _round.Add(entry.Job, outcome);
        _table.DropIfGone(entry);
    }

    private void Publish()
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        var status = new StatusReport
        {
            Running = true, Process = Environment.ProcessId, Since = JobReports.Text(_since), Program = parts.Program,
            Paused = _daemon.Paused,
            WaitsFor = WaitsForPower() ? "the machine runs on its battery" : null, StateDirectory = parts.State.Path,
            Problems = [.. _table.Wrong.Select(static w => w.Message)],
            Jobs = [.. _table.Entries.Where(static e => !e.IsGone).Select(e => JobReports.Of(e.Job, e.Data,
                e.DueAt(now, parts.Time.LocalTimeZone), e.Run is null ? null : e.Data.Run?.Since, _daemon.Paused || e.Data.Paused,
                e.Watch?.Text))],
        };
        parts.Board.Publish(status, _table.Running.ToDictionary(static e => e.Job.Name, static e => e.Run!));
        _metrics.Write(_table.MetricsFile, status);
        parts.Service.Status(_table.HasRuns ? "running " + string.Join(", ", _table.Running.Select(static e => e.Job.Name))
            : _daemon.Paused ? "paused" : _table.Entries.Exists(static e => e.Data.Failures > 0) ? "something failed: varve status"
            : "all is well");
    }

    private TimeSpan NextWait()
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        TimeSpan wait = _isStopping || _table.OnBattery == WhenOnBattery.Wait ? s_untoldWait : s_longestWait;
        if (_isStopping) { return Least(wait, _hasKilled ? wait : _stopsAt!.Value - Monotonic()); }
        wait = Least(wait, _desk.NextLook(_table, now));
        foreach (JobEntry entry in _table.Entries)
        {
            if (entry.Run is not null || !CanBegin(entry) || _table.IsLaneBusy(entry)) { continue; }
            if (entry.DueAt(now, parts.Time.LocalTimeZone) is { } due) { wait = Least(wait, due - now); }
        }

        return wait;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => other < s_shortestWait ? s_shortestWait : other < one ? other : one;

    private DateTimeOffset Monotonic() => DateTimeOffset.UnixEpoch + parts.Time.GetElapsedTime(0);

    private const string DaemonRecord = "daemon.json";

    private void SaveOwn()
    {
        try { parts.State.Daemon.Write(DaemonRecord, _daemon); }
        catch (VarveException e) { parts.Log.Write(LogLevel.Error, e.Message); }
    }
}
