using Varve.Backup;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// Cancels a run once it has come so far: the thread that has just counted that does it, so no run gets further however slow anybody is.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    public Interruption(Func<BackupProgress, bool> when) => Monitor = new BackupMonitor
    {
        Counted = monitor =>
        {
            if (!_cancel.IsCancellationRequested && when(monitor.Read())) { _cancel.Cancel(); }
        },
    };

    public BackupMonitor Monitor { get; }

    public CancellationToken Token => _cancel.Token;

    public void Dispose() => _cancel.Dispose();
}
