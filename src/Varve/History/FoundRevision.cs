using Varve.Model;

namespace Varve.History;

/// <summary>A revision as <c>varve find</c> shows it.</summary>
/// <param name="Path">Relative to the source's root, bytes.</param>
/// <param name="Source">The source's name.</param>
/// <param name="Stat">Its stat.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="First">The first snapshot that has it.</param>
/// <param name="FirstTime">When that began.</param>
/// <param name="Last">The last snapshot that has it.</param>
/// <param name="LastTime">When that began.</param>
/// <param name="IsCurrent">Whether the source's latest snapshot has it.</param>
public sealed record FoundRevision(
    byte[] Path, string Source, EntryStat Stat, EntryFlags Flags, ObjectName First, FileTime FirstTime, ObjectName Last, FileTime LastTime, bool IsCurrent)
{
    /// <summary>Where the snapshot before <see cref="First"/> had it, if it came from there with a directory that was moved or renamed; else null.</summary>
    public byte[]? MovedFrom { get; init; }
}
