using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Tree;

namespace Varve.Vault.Objects;

/// <summary>What all fences and decisions of a repository come to, as they were listed. Immutable, thread-safe.</summary>
internal sealed class FenceBook
{
    // What counts of a decided session; null for one that is only fenced.
    private readonly Dictionary<SessionId, HashSet<ObjectName>?> _sessions = [];

    /// <param name="fences">What the objects that count say.</param>
    /// <param name="damaged">Objects that could not be read.</param>
    internal FenceBook(IEnumerable<Fence> fences, IReadOnlyList<VarveException> damaged)
    {
        Damaged = damaged;
        foreach (Fence fence in fences)
        {
            bool isDecided = _sessions.TryGetValue(fence.Session, out HashSet<ObjectName>? before) && before is not null;
            if (fence.Decided is null) { _sessions.TryAdd(fence.Session, null); }
            else if (isDecided) { before!.IntersectWith(fence.Decided); } // of several decisions a snapshot has to be in each
            else { _sessions[fence.Session] = [.. fence.Decided]; }
        }
    }

    /// <summary>Nothing is fenced.</summary>
    internal static FenceBook Empty { get; } = new([], []);

    /// <summary>Objects that could not be read: which sessions they fence is not known.</summary>
    internal IReadOnlyList<VarveException> Damaged { get; }

    /// <summary>Whether no session is fenced.</summary>
    internal bool IsEmpty => _sessions.Count == 0;

    /// <summary>Whether a session is fenced, decided or not.</summary>
    internal bool IsFenced(SessionId session) => _sessions.ContainsKey(session);

    /// <summary>Whether it is decided which snapshots of a session count: then it is over.</summary>
    internal bool IsDecided(SessionId session) => _sessions.TryGetValue(session, out HashSet<ObjectName>? counting) && counting is not null;

    /// <summary>Whether a snapshot of that session counts; one without a session always does.</summary>
    internal SnapshotStanding Of(ObjectName snapshot, SessionId session) =>
        session == default || !_sessions.TryGetValue(session, out HashSet<ObjectName>? counting) ? SnapshotStanding.Counts
        : counting is null ? SnapshotStanding.Undecided
        : counting.Contains(snapshot) ? SnapshotStanding.Counts : SnapshotStanding.Void;

    /// <summary>Throws if it is not known which sessions are fenced: a writer's own may be.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal void RequireKnown()
    {
        if (Damaged is not [{ } first, ..]) { return; }
        throw new VarveException(ErrorKind.Damaged, first.Subject,
            $"{first.What}; which writers a prune took for dead is not known, so nothing can be written that others would rely on",
            Advice.RestoreObject, first);
    }
}
