using Varve.Model;

namespace Varve.Restore.Place;

/// <summary>
/// Why a path that the snapshot has not, relative to the target, is to stay in it, as a clause; null if nothing speaks for it.
/// </summary>
internal delegate string? KeepReason(ReadOnlySpan<byte> path, EntryKind kind);
