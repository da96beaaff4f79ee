namespace Varve.Maintain.Retention;

/// <summary>What a policy sees of a snapshot.</summary>
/// <param name="Start">When it began.</param>
/// <param name="Tags">Its tags.</param>
internal readonly record struct RetentionItem(FileTime Start, IReadOnlyList<string> Tags)
{
    /// <summary>A budget stopped it.</summary>
    internal bool IsPartial { get; init; }

    /// <summary>Whether it counts is not decided.</summary>
    internal bool IsUndecided { get; init; }

    /// <summary>It is not to be forgotten.</summary>
    internal bool IsPinned { get; init; }
}
