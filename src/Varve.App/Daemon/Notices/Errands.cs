using Varve.App.Daemon.Schedules;

namespace Varve.App.Daemon.Notices;

/// <summary>
/// Does errands in their order on a thread of its own: whoever gives one does not wait, and what goes wrong is tried again, ever later.
/// Time is that of the machine's run, whatever its clock is set to. Thread-safe.
/// </summary>
internal sealed class Errands : IDisposable
{
    private const int Most = 1000;

    private static readonly TimeSpan s_last = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<Errand> _waiting = []; // guarded by _lock
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly Func<double> _chance;
    private readonly ManualResetEventSlim _news = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Thread? _thread;
    private volatile bool _isEnding;

    /// <param name="time">Its clock.</param>
    /// <param name="chance">A number from 0 to 1.</param>
    /// <param name="name">Of the thread; null: there is none, and somebody calls <see cref="DoDue"/>.</param>
    internal Errands(TimeProvider time, Func<double> chance, string? name)
    {
        (_time, _chance, _began) = (time, chance, time.GetTimestamp());
        if (name is null) { return; }
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Gives one; if there are too many, the oldest is given up.</summary>
    internal void Add(Errand errand)
    {
        errand.Due = Now();
        errand.Until = errand.Due + errand.For;
        Errand? lost = null;
        lock (_lock)
        {
            if (_waiting.Count >= Most)
            {
                lost = _waiting[0];
                _waiting.RemoveAt(0);
            }

            _waiting.Add(errand);
        }

        lost?.GiveUp();
        _news.Set();
    }

    /// <summary>Does what is due; how long to wait for the next, or null if there is none.</summary>
    internal TimeSpan? DoDue()
    {
        while (!_end.IsCancellationRequested && Next() is { } errand)
        {
            bool isDone = errand.Try(_end.Token);
            if (!isDone)
            {
                errand.Due = Now() + Backoff.After(++errand.Failures, _chance());
                if (isDone = errand.Due > errand.Until) { errand.GiveUp(); }
            }

            if (!isDone) { continue; }
            lock (_lock) { _waiting.Remove(errand); }
        }

        lock (_lock) { return _waiting.Count == 0 ? null : _waiting.Min(static e => e.Due) - Now(); }
    }

    private Errand? Next()
    {
        TimeSpan now = Now();
        lock (_lock) { return _waiting.Find(e => e.Due <= now); }
    }

    private void Work()
    {
        while (!_isEnding)
        {
            TimeSpan? wait = DoDue();
            if (_isEnding) { break; }
            if (wait is { } some) { _news.Wait(some > TimeSpan.Zero ? some : TimeSpan.Zero); }
            else { _news.Wait(); }
            _news.Reset();
        }

        DoDue(); // what came last
    }

    private TimeSpan Now() => _time.GetElapsedTime(_began);

    /// <summary>Ends it: what is due has some seconds.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _news.Set();
        if (_thread is not null && !_thread.Join(s_last))
        {
            _end.Cancel();
            _thread.Join();
        }

        _end.Dispose();
        _news.Dispose();
    }
}
