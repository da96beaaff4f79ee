using Varve.Format;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Store;
using Varve.Store.Remote;

namespace Varve.Vault.Open;

/// <summary>
/// A live writer or prune, visible to others in the repository (docs/format.md, 10), refreshed by a timer. Who deletes waits for the
/// sessions that it finds after it said what it will delete (docs/protocol.md), or fences those that it calls expired. A fenced session is
/// of no use any more: its writer takes another. No correctness rests on a clock: a writer that is fenced while it lives loses work, and no
/// snapshot that it called committed. Thread-safe.
/// </summary>
internal sealed class Session : IDisposable
{
    /// <summary>Others wait so long at least, by their own clocks, before they call it expired; twice, really.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    /// <summary>So old it gets: or a thief who refreshes it would hold up others for ever.</summary>
    internal static readonly TimeSpan GreatestAge = TimeSpan.FromDays(7);

    /// <summary>What sessions are of.</summary>
    internal const string WriterKind = "writer", PruneKind = "prune";

    private readonly IStore _store;
    private readonly TimeProvider _time;
    private readonly string _host, _kind;
    private readonly string _key;
    private readonly DateTimeOffset _started;
    private readonly TimeSpan _since, _life;
    private readonly ITimer _timer;
    private readonly object _lock = new();

    // Guarded by _lock.
    private long _refreshes;
    private TimeSpan _counted; // from before the last refresh that succeeded
    private bool _ended, _isLeft;
    private volatile bool _isLost;

    /// <summary>Its id, which the snapshot bears that is made in it.</summary>
    internal SessionId Id { get; }

    /// <summary>Starts a session; it is durable when this returns (<c>writer_session_durable</c>, <c>prune_session_durable</c>).</summary>
    /// <param name="store">Where it lies.</param>
    /// <param name="time">Counts its life.</param>
    /// <param name="host">For people.</param>
    /// <param name="kind">What it is of.</param>
    /// <param name="before">The session that is carried on: its process is gone, and nobody else carries it on.</param>
    /// <param name="life">Its life, in whole seconds; <see cref="Life"/> if null. It is refreshed six times in it.</param>
    internal Session(
        IStore store, TimeProvider time, string host, string kind = WriterKind, SessionFacts? before = null, TimeSpan? life = null)
    {
        _life = life ?? Life;
        Id = before?.Id ?? NewId(store);
        _refreshes = before is null ? 0 : before.Refresh + 1;
        _key = ObjectKeys.Sessions + Id;
        _store = store;
        _host = host;
        _kind = kind;
        _time = time;
        _started = time.GetUtcNow();
        _since = Now(time);
        Write();
        _timer = time.CreateTimer(_ => Refresh(), null, _life / 6, _life / 6);
    }

    /// <summary>Whether it turned out that nothing can be committed in it any more: another is needed.</summary>
    internal bool IsLost => _isLost;

    /// <summary>How long it has lasted, the machine's sleep included.</summary>
    internal TimeSpan Age => Now(_time) - _since;

    /// <summary>
    /// Throws unless it is there, not fenced and not too old (<c>writer_looks</c>). One that others may call expired by now, as the machine
    /// slept or the store could not be reached, is refreshed. <paramref name="isFenced"/> lists fences anew.
    /// </summary>
    /// <exception cref="VarveException">SessionLost.</exception>
    internal void EnsureAlive(Func<SessionId, bool> isFenced)
    {
        lock (_lock)
        {
            _isLost |= !_ended && (Age >= GreatestAge || !_store.TryGetLength(_key, out _) || isFenced(Id));
            if (!_isLost && !_ended)
            {
                if (Now(_time) - _counted > _life) { Write(); }
                return;
            }
        }

        throw Lost();
    }

    /// <summary>Throws if it is known by now that nothing can be committed in it; asks nobody.</summary>
    /// <exception cref="VarveException">SessionLost.</exception>
    internal void ThrowIfLost()
    {
        _isLost |= Age >= GreatestAge;
        if (_isLost) { throw Lost(); }
    }

    /// <summary>
    /// Leaves the session's object where it is when this ends: a put of a snapshot that nobody answered may still take effect, and others
    /// have to wait for it.
    /// </summary>
    internal void Leave()
    {
        lock (_lock) { _isLeft = true; }
    }

    private VarveException Lost() => new(
        ErrorKind.SessionLost, Subject.Object(_key),
        "ended while its backup ran, so another process may have deleted what that relies on; no snapshot of it counts",
        Advice.RunAgain)
    {
        IsRetryable = true,
    };

    /// <summary>
    /// Goes on while the machine sleeps, and nobody sets it. Of another clock than the system's, which tests drive, it is that one's time
    /// that counts.
    /// </summary>
    internal static TimeSpan Now(TimeProvider time) =>
        ReferenceEquals(time, TimeProvider.System) ? Posix.SinceBoot() : time.GetUtcNow() - DateTimeOffset.UnixEpoch;

    private void Refresh()
    {
        try
        {
            lock (_lock)
            {
                // A session that is gone is never revived: others may have acted on that.
                if (_ended || _isLost) { return; }
                if (_store.TryGetLength(_key, out _)) { Write(); }
                else { _isLost = true; }
            }
        }
        catch (VarveException)
        {
            // The store is unreachable for now; the next refresh, or EnsureAlive, decides.
        }
    }

    // Some stores let only its maker replace it.
    private static SessionId NewId(IStore store) =>
        store is INamesSessions names ? new SessionId(Convert.FromHexString(names.CreateName())) : SessionId.Create();

    private void Write()
    {
        TimeSpan now = Now(_time);
        _store.Replace(_key, SessionJson.Encode(_kind, _host, Environment.ProcessId, _started, _time.GetUtcNow(), _life, _refreshes));
        _refreshes++;
        _counted = now;
    }

    /// <summary>Removes it (<c>writer_session_removed</c>), unless it is left; one that is lost is others' to remove.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            if (_ended) { return; }
            _ended = true;
            if (_isLost || _isLeft) { return; }
            try
            {
                // One of a prune that came back would be nobody's to carry on.
                if (_kind == PruneKind) { _store.Delete([_key]); }
                else { _store.Delete(_key); }
            }
            catch (VarveException) { /* it expires by itself */ }
        }
    }
}
