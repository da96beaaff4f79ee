using Varve.Model;

namespace Varve.History.Differences;

/// <summary>One state of an entry. Immutable.</summary>
/// <param name="Path">Relative to the source's root, bytes; empty for the root.</param>
/// <param name="Stat">Its stat; birth and device numbers are in <paramref name="Details"/> alone.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Details">Its details, encoded.</param>
internal sealed record EntryState(byte[] Path, EntryStat Stat, EntryFlags Flags, byte[] Details);
