using Varve.Model;

namespace Varve.Tree;

/// <summary>Something that is said of a lineage or of snapshots, which cannot change (docs/format.md, 9.1). Immutable.</summary>
internal sealed record Note
{
    /// <summary>What it says; numbers that are not known here say nothing.</summary>
    public required NoteKind Kind { get; init; }

    /// <summary>When it was said: of two notes that contradict each other, the later holds.</summary>
    public required FileTime At { get; init; }

    /// <summary>Of which lineage; its source is zero where it is of none.</summary>
    public Lineage Lineage { get; init; }

    /// <summary>Of an adoption: the lineages that belong to it from then on.</summary>
    public IReadOnlyList<Lineage> Continues { get; init; } = [];

    /// <summary>Which snapshots it is of.</summary>
    public IReadOnlyList<ObjectName> Snapshots { get; init; } = [];

    /// <summary>Of a withdrawal: the notes that are taken back.</summary>
    public IReadOnlyList<ObjectName> Withdrawn { get; init; } = [];

    /// <summary>Of a pin: when it ends; null if it does not.</summary>
    public FileTime? Until { get; init; }

    /// <summary>What the full key reads; nothing without it.</summary>
    public NotePrivate Private { get; init; } = NotePrivate.Empty;
}
