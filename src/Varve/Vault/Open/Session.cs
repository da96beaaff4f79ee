using Varve.Format;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Store;

namespace Varve.Vault.Open;

/// <summary>
/// A live writer, visible to others in the repository (docs/format.md, 10), refreshed by a timer. Invariant 8: what prune condemns waits
/// for sessions older than the condemnation, so a writer must prove right before its snapshot is committed that its session still stands;
/// if it does not, it fails closed (invariant 12: the one place where correctness rests on a clock).
/// </summary>
internal sealed class Session : IDisposable
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_refresh = TimeSpan.FromMinutes(5);

    private readonly IStore _store;
    private readonly TimeProvider _time;
    private readonly string _host;
    private readonly string _key;
    private readonly DateTimeOffset _started;
    private readonly ITimer _timer;
    private readonly object _lock = new();

    // Guarded by _lock.
    private DateTimeOffset _expires;
    private bool _ended;

    /// <summary>Its id, which the snapshot bears that is made in it.</summary>
    internal SessionId Id { get; } = SessionId.Create();

    /// <summary>Starts a session; it is durable when this returns.</summary>
    internal Session(IStore store, TimeProvider time, string host)
    {
        _key = ObjectKeys.Sessions + Id;
        _store = store;
        _host = host;
        _time = time;
        _started = time.GetUtcNow();
        Write();
        _timer = time.CreateTimer(_ => Refresh(), null, s_refresh, s_refresh);
    }

    /// <summary>Throws <see cref="ErrorKind.SessionLost"/> unless the session is there and has not expired.</summary>
    internal void EnsureAlive()
    {
        lock (_lock)
        {
            if (!_ended && _time.GetUtcNow() < _expires && _store.TryGetLength(_key, out _)) { return; }
        }

        throw new VarveException(
            ErrorKind.SessionLost, Subject.Object(_key),
            "ended or expired while its backup ran, so another process may have deleted what that relies on; no snapshot was made",
            Advice.RunAgain)
        {
            IsRetryable = true,
        };
    }

    private void Refresh()
    {
        try
        {
            lock (_lock)
            {
                // A session that is gone or has expired is never revived: others may have acted on that.
                if (!_ended && _time.GetUtcNow() < _expires && _store.TryGetLength(_key, out _)) { Write(); }
            }
        }
        catch (VarveException)
        {
            // The store is unreachable for now; the next refresh, or EnsureAlive, decides.
        }
    }

    private void Write()
    {
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset expires = now + s_lifetime;
        _store.Replace(_key, SessionJson.Encode(_host, Environment.ProcessId, _started, now, expires));
        _expires = expires;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            if (_ended) { return; }
            _ended = true;
            try { _store.Delete(_key); }
            catch (VarveException) { /* it expires by itself */ }
        }
    }
}
