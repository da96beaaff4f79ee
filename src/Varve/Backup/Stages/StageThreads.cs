using System.Runtime.ExceptionServices;

namespace Varve.Backup.Stages;

/// <summary>
/// The threads of the stages. The first failure of one stops all others, and is what the caller gets. Used by one thread.
/// </summary>
/// <param name="stop">Lets go of everyone who waits. Called by the thread that failed.</param>
/// <param name="cancelled">The caller's wish to stop.</param>
internal sealed class StageThreads(Action stop, CancellationToken cancelled)
{
    private Exception? _failure;

    internal bool HasFailed => _failure is not null;

    /// <summary>Starts the threads of a stage, which are numbered.</summary>
    internal Thread[] Start(string stage, int count, Action<int> body)
    {
        var threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            int index = i;
            threads[i] = new Thread(() => Guard(() => body(index))) { Name = $"varve {stage} {i}", IsBackground = true };
            threads[i].Start();
        }

        return threads;
    }

    internal static void Join(Thread[] threads)
    {
        foreach (Thread thread in threads) { thread.Join(); }
    }

    /// <summary>Throws what a stage threw.</summary>
    internal void ThrowIfFailed()
    {
        if (_failure is not null) { ExceptionDispatchInfo.Throw(_failure); }
    }

    private void Guard(Action body)
    {
        try { body(); }
        catch (OperationCanceledException) when (_failure is not null || cancelled.IsCancellationRequested)
        {
            // Someone else's failure, or the caller's wish, stopped this stage.
        }
#pragma warning disable CA1031 // stage edge: the first failure stops the run and is rethrown to the caller
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, e, null);
            stop();
        }
    }
}
