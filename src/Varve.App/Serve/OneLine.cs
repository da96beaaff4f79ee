using System.Net;
using Microsoft.AspNetCore.Connections;
using Varve.Store.Lines;
using Varve.Store.Remote;

namespace Varve.App.Serve;

/// <summary>Where a server gets its connections from: it gets one, which is there already. Thread-safe.</summary>
internal sealed class OneLine(PumpedLine line) : IConnectionListenerFactory, IConnectionListener
{
    private readonly TaskCompletionSource _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _accepted;

    /// <inheritdoc/>
    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    /// <summary>Is done when the connection is over.</summary>
    internal Task Closed => _closed.Task;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return ValueTask.FromResult<IConnectionListener>(this);
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _accepted, 1) == 0) { return new Connection(line, _closed); }
        await _unbound.Task.ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound.TrySetResult();
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();

    private sealed class Connection(PumpedLine line, TaskCompletionSource closed) : DefaultConnectionContext("line", line, line)
    {
        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync().ConfigureAwait(false);
            closed.TrySetResult();
        }
    }
}
