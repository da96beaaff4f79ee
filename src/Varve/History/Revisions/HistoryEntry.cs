using Varve.Model.Changes;

namespace Varve.History.Revisions;

/// <summary>A revision in the history of an entry. Immutable.</summary>
/// <param name="Revision">What it is, where, and which snapshots have it.</param>
/// <param name="Properties">What of it is another than of the revision before; nothing if there is none.</param>
/// <param name="IsFirst">Whether there is none before.</param>
/// <param name="IsCopy">Whether it is another entry, which has, or had, the same content.</param>
internal sealed record HistoryEntry(FoundRevision Revision, EntryProperties Properties, bool IsFirst, bool IsCopy = false);
