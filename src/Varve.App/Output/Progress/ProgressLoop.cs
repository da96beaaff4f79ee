namespace Varve.App.Output.Progress;

/// <summary>
/// Shows progress while an operation runs: on a terminal two lines that are rewritten five times a second, and for programs, if asked, a
/// JSON object each second. Elsewhere nothing but what <see cref="Tell"/> is asked for. Dispose it before printing results.
/// </summary>
internal sealed class ProgressLoop : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_jsonEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly StatusLine _status;
    private readonly bool _draws;
    private readonly Action? _json;
    private readonly Func<Position> _read;
    private readonly ProgressMeter _meter;
    private readonly ITimer _timer;
    private TimeSpan _next = s_jsonEvery; // guarded by _lock
    private bool _stopped;  // guarded by _lock

    /// <summary>
    /// <paramref name="draws"/>: whether lines are drawn, if the status is a terminal's. <paramref name="json"/> is called for each object,
    /// never concurrently.
    /// </summary>
    internal ProgressLoop(TimeProvider time, StatusLine status, bool draws, Action? json, Func<Position> read)
    {
        _status = status;
        _draws = draws && status.IsTerminal;
        _json = json;
        _read = read;
        _meter = new ProgressMeter(time);
        _timer = time.CreateTimer(static loop => ((ProgressLoop)loop!).Tick(), this, s_tick, s_tick);
    }

    /// <summary>Says in a line that stays where the operation is, anywhere; false if it has ended.</summary>
    internal bool Tell()
    {
        lock (_lock)
        {
            if (_stopped) { return false; }
            _status.Message("varve: " + _meter.Describe(_read()));
            return true;
        }
    }

    /// <summary>Stops and removes the lines. When it returns, nothing more is printed.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _stopped = true;
            if (_draws) { _status.Clear(); }
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            if (_stopped) { return; }

            try { Print(); }
            catch (Exception e) when (e is BrokenPipeException or IOException or VarveException)
            {
                // Nobody reads any more. The run goes on; its result will meet the same end where it can be reported.
                _stopped = true;
            }
        }
    }

    private void Print()
    {
        // Each tick, whoever looks: the rates need the samples.
        (string first, string second) = _meter.Draw(_read(), _status.Room);
        if (_draws) { _status.Show(first, second); }
        if (_json is null || _meter.Elapsed < _next) { return; }
        _json();
        _next = _meter.Elapsed + s_jsonEvery;
    }
}
