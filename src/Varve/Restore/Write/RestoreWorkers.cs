using System.Runtime.ExceptionServices;
using Varve.Model;
using Varve.Restore.Target;

namespace Varve.Restore.Write;

/// <summary>
/// The worker threads of a restore, which write what the planner puts into <see cref="Queue"/>. The first failure stops all and is rethrown
/// to the planner; so does the caller's wish, once each has written what it has in hand.
/// </summary>
internal sealed class RestoreWorkers : IDisposable
{
    private readonly Thread[] _threads;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _stop;
    private Exception? _failure;

    internal RestoreWorkers(RestoreContext context, int count, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _stop = cancellation.Register(Queue.Stop);
        _threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            _threads[i] = new Thread(() => Work(new PieceWriter(context))) { Name = $"varve-restore {i}", IsBackground = true };
            _threads[i].Start();
        }
    }

    /// <summary>What there is to do. When its methods return false, <see cref="Rethrow"/> tells why.</summary>
    internal RestoreQueue Queue { get; } = new(TargetDescriptors.DefaultBudget);

    /// <summary>Waits until all that was planned is written.</summary>
    internal void Drain()
    {
        Queue.Drain();
        if (Volatile.Read(ref _failure) is not null) { Rethrow(); }
        _cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Throws what stopped the workers.</summary>
    internal void Rethrow()
    {
        if (Volatile.Read(ref _failure) is { } failure) { ExceptionDispatchInfo.Throw(failure); }
        throw new OperationCanceledException();
    }

    private void Work(PieceWriter writer)
    {
        try
        {
            while (Queue.Take(out WantedBlock? wanted))
            {
                writer.Write(wanted);
                Queue.Done(wanted);
            }
        }
#pragma warning disable CA1031 // stage edge: the first failure stops the restore and is rethrown to the planner
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, e, null);
            Queue.Stop();
        }
    }

    /// <summary>Ends the threads; what is not yet written stays unwritten unless <see cref="Drain"/> came before.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        Queue.Stop();
        foreach (Thread thread in _threads) { thread.Join(); }
    }
}
