namespace Varve.Restore.Place;

/// <summary>What a restore does with what it finds in its target. Immutable.</summary>
internal sealed record PlaceRules
{
    /// <summary>Only what was modified earlier than the snapshot's is replaced; else whatever differs.</summary>
    internal bool OnlyNewer { get; init; }

    /// <summary>Files are compared by content, whatever their size and time say.</summary>
    internal bool ByContent { get; init; }

    /// <summary>Nothing is written.</summary>
    internal bool IsDry { get; init; }

    /// <summary>Parts of a file that differ are written into the file itself.</summary>
    internal bool WritesInto { get; init; }

    /// <summary>What would be replaced or deleted is renamed to its name with this behind it; empty if it is not.</summary>
    internal byte[] Suffix { get; init; } = [];
}
