using Varve.Model.Snapshots;

namespace Varve.Vault.Open;

/// <summary>What a session says of itself.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">Writer, prune or what a later program calls it; empty if it does not say.</param>
/// <param name="Life">How long it is to be taken for live without being refreshed.</param>
/// <param name="Refresh">How often it was refreshed.</param>
/// <param name="Host">For people.</param>
/// <param name="ProcessId">For people.</param>
/// <param name="Started">For people: a JSON time.</param>
internal sealed record SessionFacts(
    SessionId Id, string Kind, TimeSpan Life, long Refresh, string Host, long ProcessId, string Started)
{
    /// <summary>Whether it is that of a prune.</summary>
    internal bool IsPrune => Kind == Session.PruneKind;
}
