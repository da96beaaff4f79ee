using Varve.Backup;

namespace Varve.Tests.EndToEnd;

/// <summary>Cancels a run once it has come so far. When it is disposed, nobody looks any more.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly Thread _watch;
    private volatile bool _over;

    public Interruption(Func<BackupProgress, bool> when)
    {
        _watch = new Thread(() =>
        {
            while (!_over && !when(Monitor.Read())) { Thread.Sleep(1); }
            if (!_over) { _cancel.Cancel(); }
        }) { IsBackground = true };
        _watch.Start();
    }

    public BackupMonitor Monitor { get; } = new();

    public CancellationToken Token => _cancel.Token;

    public void Dispose()
    {
        _over = true;
        _watch.Join();
        _cancel.Dispose();
    }
}
