using Varve.Model;

namespace Varve.History;

/// <summary>An entry as <c>varve ls</c> shows it.</summary>
/// <param name="Path">Relative to the source's root, bytes; empty for the root.</param>
/// <param name="Stat">Its stat.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="SymlinkTarget">For symlinks.</param>
/// <param name="User">The owner's name when it was saved; null if it had none.</param>
/// <param name="Group">The group's name when it was saved; null if it had none.</param>
public sealed record ListedEntry(byte[] Path, EntryStat Stat, EntryFlags Flags, byte[]? SymlinkTarget, string? User, string? Group);
