using Varve.Maintain.Sessions;
using Varve.Model.Snapshots;
using Varve.Vault.Objects;

namespace Varve.Maintain.Prune;

/// <summary>Whom a prune still waits for. Not thread-safe.</summary>
internal sealed class PruneWaiter(PruneTools tools, IReadOnlyList<SessionId> waits)
{
    /// <summary>How often somebody who waits looks.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly HashSet<SessionId> _waits = [.. waits];

    /// <summary>Those that are neither over nor to be called expired. One that is fenced will commit nothing.</summary>
    internal IReadOnlyList<WatchedSession> Look()
    {
        FenceBook fences = tools.Repository.Fences.List();
        IReadOnlyList<WatchedSession> there = tools.Watch.Look();
        _waits.IntersectWith(there.Select(static s => s.Facts.Id));
        return [.. there.Where(s => _waits.Contains(s.Facts.Id) && !s.IsExpired && !fences.IsFenced(s.Facts.Id))];
    }

    /// <summary>What people are told of one.</summary>
    internal static PruneWait Tell(WatchedSession session) => new(session.Facts.Id.ToString(), session.Facts.Kind, session.Facts.Host,
        session.Facts.ProcessId, session.Facts.Started, session.Left);
}
