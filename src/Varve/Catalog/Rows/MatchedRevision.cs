using Varve.Model;

namespace Varve.Catalog.Rows;

/// <summary>A revision that a search found. Its span is valid during the call that hands it out.</summary>
internal readonly ref struct MatchedRevision
{
    /// <summary>The source's number.</summary>
    public required long Source { get; init; }
    /// <summary>The directory it lies in.</summary>
    public required long Directory { get; init; }
    /// <summary>Its name there.</summary>
    public required ReadOnlySpan<byte> Name { get; init; }
    /// <summary>The path relative to the source's root; empty for the root.</summary>
    public required ReadOnlySpan<byte> Path { get; init; }
    /// <summary>The first snapshot that has it.</summary>
    public required long First { get; init; }
    /// <summary>The first snapshot that has it no more; long.MaxValue while it is current.</summary>
    public required long Last { get; init; }
    /// <summary>Its stat.</summary>
    public required EntryStat Stat { get; init; }
    /// <summary>Its flags.</summary>
    public required EntryFlags Flags { get; init; }
    /// <summary>Its details, encoded; of a directory without its tree.</summary>
    public required ReadOnlySpan<byte> Details { get; init; }
}
