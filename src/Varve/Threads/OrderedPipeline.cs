using System.Runtime.ExceptionServices;

namespace Varve.Threads;

/// <summary>
/// Work that threads do at once and that one takes in the order in which it was put. Bounded by the weight of what is between the two: who
/// puts more waits. What a thread throws comes out where work is taken or put. <see cref="Put"/> is for one thread, <see cref="Take"/> for
/// another, or for the same if it puts no more than there is room for.
/// </summary>
/// <typeparam name="T">A piece of work; if it is disposable, what nobody takes any more is disposed of.</typeparam>
internal sealed class OrderedPipeline<T> : IDisposable where T : class
{
    private sealed class Slot(T item, long weight)
    {
        internal T Item => item;
        internal long Weight => weight;
        internal bool IsDone;
    }

    private readonly long _bound;
    private readonly Thread[] _threads;

    // All guarded by _order.
    private readonly Queue<Slot> _order = [];
    private readonly Queue<Slot> _waiting = [];
    private long _weight;
    private bool _isComplete, _isStopped;
    private ExceptionDispatchInfo? _error;

    /// <summary>Starts the threads.</summary>
    /// <param name="name">What they are called.</param>
    /// <param name="threads">How many.</param>
    /// <param name="bound">The weight of what is between putting and taking; one item at least fits.</param>
    /// <param name="worker">Makes what a thread works with, on that thread.</param>
    internal OrderedPipeline(string name, int threads, long bound, Func<Action<T>> worker)
    {
        _bound = bound;
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"{name} {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>Hands an item over; waits for room. Throws what stopped the pipeline.</summary>
    internal void Put(T item, long weight)
    {
        lock (_order)
        {
            while (_weight > 0 && _weight + weight > _bound && !_isStopped) { Monitor.Wait(_order); }
            if (_isStopped)
            {
                (item as IDisposable)?.Dispose();
                _error?.Throw();
                throw new OperationCanceledException();
            }

            var slot = new Slot(item, weight);
            _order.Enqueue(slot);
            _waiting.Enqueue(slot);
            _weight += weight;
            Monitor.PulseAll(_order);
        }
    }

    /// <summary>No more will be put.</summary>
    internal void Complete()
    {
        lock (_order)
        {
            _isComplete = true;
            Monitor.PulseAll(_order);
        }
    }

    /// <summary>The next item in order, once it is done; false when there are no more.</summary>
    internal bool Take(out T item)
    {
        lock (_order)
        {
            while (true)
            {
                _error?.Throw();
                if (_isStopped) { throw new OperationCanceledException(); }
                if (_order.TryPeek(out Slot? first) && first.IsDone)
                {
                    _order.Dequeue();
                    _weight -= first.Weight;
                    Monitor.PulseAll(_order);
                    item = first.Item;
                    return true;
                }

                if (_isComplete && _order.Count == 0)
                {
                    item = null!;
                    return false;
                }

                Monitor.Wait(_order);
            }
        }
    }

    /// <summary>Waits until all that was put is taken, by another thread.</summary>
    internal void Drain()
    {
        lock (_order)
        {
            while (_order.Count > 0 && !_isStopped) { Monitor.Wait(_order); }
            _error?.Throw();
        }
    }

    /// <summary>Stops everybody, for a reason if there is one.</summary>
    internal void Stop(Exception? reason = null)
    {
        lock (_order)
        {
            if (reason is not null) { _error ??= ExceptionDispatchInfo.Capture(reason); }
            _isStopped = true;
            Monitor.PulseAll(_order);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        foreach (Thread thread in _threads) { thread.Join(); }
        foreach (Slot slot in _order) { (slot.Item as IDisposable)?.Dispose(); }
        _order.Clear();
    }

    private void Work(Func<Action<T>> worker)
    {
        try
        {
            Action<T>? work = null;
            while (TryTake(out Slot? slot))
            {
                work ??= worker();
                work(slot!.Item);
                lock (_order)
                {
                    slot.IsDone = true;
                    if (_order.Peek() == slot) { Monitor.PulseAll(_order); }
                }
            }
        }
#pragma warning disable CA1031 // a thread's edge: who takes or puts throws it on
        catch (Exception e) { Stop(e); }
#pragma warning restore CA1031
    }

    private bool TryTake(out Slot? slot)
    {
        lock (_order)
        {
            while (!_isStopped)
            {
                if (_waiting.TryDequeue(out slot)) { return true; }
                if (_isComplete) { return false; }
                Monitor.Wait(_order);
            }

            slot = null;
            return false;
        }
    }
}
