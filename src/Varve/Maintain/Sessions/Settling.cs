using Varve.Store;
using Varve.Vault.Open;

namespace Varve.Maintain.Sessions;

/// <summary>Waits out the lateness of a store's listings, by the clock that goes on while the machine sleeps. Stateless.</summary>
internal sealed class Settling(IStore store, TimeProvider time, CancellationToken cancelled)
{
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    /// <summary>Waits so many latenesses; with a lateness of 0 it is no step at all.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal void Wait(int latenesses)
    {
        TimeSpan end = Session.Now(time) + (store.Lateness * latenesses);
        for (TimeSpan left; (left = end - Session.Now(time)) > TimeSpan.Zero;) { Pause(left < s_step ? left : s_step); }
    }

    /// <summary>Waits for a while, or until somebody stops it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal void Pause(TimeSpan length)
    {
        cancelled.WaitHandle.WaitOne(length);
        cancelled.ThrowIfCancellationRequested();
    }
}
