namespace Varve.App.Output.Progress;

/// <summary>
/// Shows progress while an operation runs: on a terminal a line rewritten five times a second, elsewhere a line every ten
/// seconds (so a short run prints none), and for programs, if asked, a JSON object each second. Dispose it before printing results.
/// </summary>
internal sealed class ProgressLoop : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_plainEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_jsonEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly StatusLine? _status;
    private readonly Action? _json;
    private readonly Func<Position> _read;
    private readonly ProgressMeter _meter;
    private readonly ITimer _timer;
    private TimeSpan _next; // guarded by _lock
    private bool _stopped;  // guarded by _lock

    /// <summary>
    /// <paramref name="status"/> null: no lines for people. <paramref name="json"/> is called for each object, never concurrently.
    /// </summary>
    internal ProgressLoop(TimeProvider time, StatusLine? status, Action? json, Func<Position> read)
    {
        _status = status;
        _json = json;
        _read = read;
        _meter = new ProgressMeter(time);
        _next = json is not null ? s_jsonEvery : status is { IsTerminal: true } ? TimeSpan.Zero : s_plainEvery;
        _timer = time.CreateTimer(static loop => ((ProgressLoop)loop!).Tick(), this, s_tick, s_tick);
    }

    /// <summary>Stops and removes the line. When it returns, nothing more is printed.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _stopped = true;
            _status?.Clear();
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
        TimeSpan elapsed = _meter.Elapsed;
        bool due = elapsed >= _next;
        if (_json is not null)
        {
            if (due)
            {
                _json();
                _next = elapsed + s_jsonEvery;
            }
        }
        else if (_status is not null)
        {
            string line = _meter.Describe(_read()); // Each tick: the rates need the samples.
            if (_status.IsTerminal) { _status.Show(line); }
            else if (due)
            {
                _status.Message("varve: " + line);
                _next = elapsed + s_plainEvery;
            }
        }
    }
}
