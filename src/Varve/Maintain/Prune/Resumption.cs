using Varve.Format;
using Varve.Maintain.Sessions;
using Varve.Model.Snapshots;
using Varve.Vault.Open;

namespace Varve.Maintain.Prune;

/// <summary>
/// A prune that was begun on this machine and whose process is gone. Whoever carries it on is, to all others, that prune.
/// </summary>
/// <param name="Session">Its session, which is there and not fenced.</param>
/// <param name="List">Its list; null if it had none yet, or removed it already.</param>
/// <param name="IsFinal">Whether the list has its final mark.</param>
/// <param name="Waits">Whom it waits for; null if it did not come to list them.</param>
/// <param name="MayOutlive">Whether a request of it may still be under way, though its process is gone.</param>
internal sealed record Resumption(
    SessionFacts Session, CondemnedList? List, bool IsFinal, IReadOnlyList<SessionId>? Waits, bool MayOutlive)
{
    /// <summary>The one that is to be carried on; null if there is none. One that others took for dead is theirs to complete.</summary>
    internal static Resumption? Of(PruneTools tools)
    {
        if (PruneState.Load(tools.Repository.Cache) is not { } state) { return null; }
        byte[]? bytes = tools.Store.Get(ObjectKeys.Sessions + state.Session, Limits.MaxSmallObject);
        if (bytes is null || tools.Repository.Fences.List().IsFenced(state.Session))
        {
            PruneState.Forget(tools.Repository.Cache);
            return null;
        }

        CondemnedList? list = tools.Records.Lists().FirstOrDefault(l => l.Content.Session == state.Session);
        var finals = tools.Records.Finals();
        string[] stray = [.. finals.Where(f => f.Mark.Session == state.Session && f.Mark.List != list?.Name)
            .Select(static f => ObjectKeys.Final + f.Name)];
        if (stray.Length > 0) { tools.Store.Delete(stray); } // its list was removed, and the mark not any more
        return new Resumption(SessionJson.Read(state.Session, bytes), list, finals.Any(f => f.Mark.List == list?.Name),
            list is null ? null : state.Waits, state.MayOutlive || !tools.Store.EndsWithCaller);
    }
}
