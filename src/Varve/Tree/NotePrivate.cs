namespace Varve.Tree;

/// <summary>The part of a note that names things. Immutable; what was not said is empty.</summary>
internal sealed record NotePrivate
{
    /// <summary>Nothing.</summary>
    public static NotePrivate Empty { get; } = new();

    /// <summary>Of a naming: the source's name from then on.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of a naming: the name it had before: what is still called so is called by the new name.</summary>
    public string FormerName { get; init; } = "";

    /// <summary>The source's host.</summary>
    public string Host { get; init; } = "";

    /// <summary>The source's canonical root.</summary>
    public byte[] Root { get; init; } = [];

    /// <summary>Tags that the snapshots get.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>Tags that they lose.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Why, in somebody's words.</summary>
    public string Reason { get; init; } = "";
}
