using System.Runtime.ExceptionServices;
using Varve.Model;

namespace Varve.Restore;

/// <summary>
/// The worker threads of a restore. Windows come in from the planner; their blocks are written in parallel; used windows go back to it. The first failure stops all
/// and is rethrown to the planner.
/// </summary>
internal sealed class WindowRunner : IDisposable
{
    private const int Windows = 3;

    /// <summary>The first windows are small, or the workers would wait for the first thousands of files to be planned.</summary>
    private const int FirstLimit = 512;

    private readonly BoundedQueue<(RestoreWindow Window, int Run)> _tasks = new(64);
    private readonly BoundedQueue<RestoreWindow> _free = new(Windows);
    private readonly Thread[] _threads;
    private readonly object _lock = new();
    private int _underWay;
    private Exception? _failure;

    // Used by the planner only.
    private int _limit = FirstLimit;

    internal WindowRunner(RestoreContext context, int workers)
    {
        for (int i = 0; i < Windows; i++) { _free.Put(new RestoreWindow()); }
        _threads = new Thread[workers];
        for (int i = 0; i < workers; i++)
        {
            _threads[i] = new Thread(() => Work(new WindowWriter(context))) { Name = $"varve restore {i}", IsBackground = true };
            _threads[i].Start();
        }
    }

    /// <summary>An empty window; waits until there is one.</summary>
    internal RestoreWindow Rent()
    {
        if (_free.Take(out RestoreWindow window))
        {
            window.Limit = _limit;
            _limit = Math.Min(2 * _limit, RestoreWindow.MaxFiles);
            return window;
        }

        Rethrow();
        throw new OperationCanceledException();
    }

    /// <summary>Hands a window over to the workers.</summary>
    internal void Send(RestoreWindow window)
    {
        if (window.IsEmpty)
        {
            _free.Put(window);
            return;
        }

        List<int> order = window.Arrange();
        window.Unfinished = order.Count;
        lock (_lock) { _underWay++; }
        foreach (int run in order)
        {
            if (!_tasks.Put((window, run))) { Rethrow(); }
        }
    }

    /// <summary>Waits until every window that was sent is written.</summary>
    internal void Drain()
    {
        lock (_lock)
        {
            while (_underWay > 0 && _failure is null) { Monitor.Wait(_lock); }
        }

        Rethrow();
    }

    private void Work(WindowWriter writer)
    {
        try
        {
            while (_tasks.Take(out var task))
            {
                writer.Write(task.Window, task.Run);
                if (Interlocked.Decrement(ref task.Window.Unfinished) != 0) { continue; }
                task.Window.Clear();
                _free.Put(task.Window);
                lock (_lock)
                {
                    _underWay--;
                    Monitor.PulseAll(_lock);
                }
            }
        }
#pragma warning disable CA1031 // stage edge: the first failure stops the restore and is rethrown to the planner
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_lock)
            {
                _failure ??= e;
                Monitor.PulseAll(_lock);
            }

            _tasks.Stop();
            _free.Stop();
        }
    }

    private void Rethrow()
    {
        lock (_lock)
        {
            if (_failure is not null) { ExceptionDispatchInfo.Throw(_failure); }
        }
    }

    /// <summary>Ends the threads; what is not yet written stays unwritten unless <see cref="Drain"/> came before.</summary>
    public void Dispose()
    {
        _tasks.Stop();
        _free.Stop();
        foreach (Thread thread in _threads) { thread.Join(); }
    }
}
