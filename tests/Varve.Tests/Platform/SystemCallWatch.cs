using System.Collections.Concurrent;
using Varve.Platform;

namespace Varve.Tests.Platform;

/// <summary>
/// Sees the system calls of the test that makes it, and of the threads that are started below that, and nobody else's: tests run beside
/// each other. It may hold them, fail them with an error number, or throw as a crash would. What the observer itself does is not seen.
/// </summary>
internal sealed class SystemCallWatch : IDisposable
{
    private static readonly AsyncLocal<SystemCallWatch?> s_current = new();
    private static readonly Lock s_lock = new();
    private static int s_watches;

    private readonly SystemCallObserver _observer;
    private readonly ConcurrentQueue<SystemCall> _seen = new();
    private int _disposed;

    public SystemCallWatch(SystemCallObserver? observer = null)
    {
        _observer = observer ?? (static (_, _, _) => 0);
        s_current.Value = this;
        lock (s_lock)
        {
            if (s_watches++ == 0) { Posix.Observer = Dispatch; }
        }
    }

    /// <summary>All calls so far.</summary>
    public IReadOnlyList<SystemCall> Seen => [.. _seen];

    /// <summary>Those of them that change what is on disk, or lock: the steps between which a crash makes a difference.</summary>
    public IReadOnlyList<SystemCall> Steps => [.. _seen.Where(IsStep)];

    /// <summary>Whether a call changes what is on disk, or locks.</summary>
    public static bool IsStep(SystemCall call) =>
        call is SystemCall.Write or SystemCall.Sync or SystemCall.Lock or SystemCall.MakeDirectory or SystemCall.Unlink or SystemCall.Link
        or SystemCall.Rename;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return; }
        s_current.Value = null;
        lock (s_lock)
        {
            if (--s_watches == 0) { Posix.Observer = null; }
        }
    }

    private static int Dispatch(SystemCall call, int descriptor, ReadOnlySpan<byte> name) =>
        s_current.Value is { _disposed: 0 } watch ? watch.See(call, descriptor, name) : 0;

    private int See(SystemCall call, int descriptor, ReadOnlySpan<byte> name)
    {
        _seen.Enqueue(call);
        s_current.Value = null;
        try { return _observer(call, descriptor, name); }
        finally { s_current.Value = this; }
    }
}
