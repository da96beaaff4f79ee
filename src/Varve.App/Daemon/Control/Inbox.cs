using System.Collections.Concurrent;

namespace Varve.App.Daemon.Control;

/// <summary>
/// What the loop is told while it waits: requests, and that something ended. Thread-safe. What comes in faster than it is carried out is
/// refused from a bound on.
/// </summary>
internal sealed class Inbox : IDisposable
{
    private const int Most = 1000;

    private readonly ConcurrentQueue<DaemonRequest> _requests = new();
    private readonly ManualResetEventSlim _news = new();

    /// <summary>Takes a request; false if there are too many.</summary>
    internal bool Post(DaemonRequest request)
    {
        if (_requests.Count >= Most) { return false; }
        _requests.Enqueue(request);
        _news.Set();
        return true;
    }

    /// <summary>Ends the wait.</summary>
    internal void Wake() => _news.Set();

    /// <summary>The next request, or null.</summary>
    internal DaemonRequest? Take() => _requests.TryDequeue(out DaemonRequest? request) ? request : null;

    /// <summary>Waits for news, but no longer than this; whether there were any.</summary>
    internal bool Wait(TimeSpan longest)
    {
        bool any = _news.Wait(longest);
        _news.Reset();
        return any;
    }

    /// <inheritdoc/>
    public void Dispose() => _news.Dispose();
}
