namespace Varve.Vault.Snapshots;

/// <summary>
/// What somebody says of the snapshot that is meant. Where no host is named, sources of this one come first; where no writer is, what the
/// key in use recorded, then what others signed.
/// </summary>
internal sealed record SnapshotQuery : SourceFilter
{
    /// <summary>The word for the latest snapshot of a source.</summary>
    public const string Latest = "latest";

    /// <summary><see cref="Latest"/>, or the first digits of its name, at least 4.</summary>
    public string Name { get; init; } = Latest;

    /// <summary>How many snapshots before that in the history of its source; not negative.</summary>
    public int Back { get; init; }

    /// <summary>
    /// Of <see cref="Latest"/>: the last in the order of its history that began at that moment or before; null: whenever.
    /// </summary>
    public FileTime? NotAfter { get; init; }

    /// <summary>
    /// Of <see cref="Latest"/>: the last in the order of its history that has one of these tags, and <see cref="Back"/> counts such ones;
    /// of all if there are none. Takes the full key.
    /// </summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>
    /// What of it, bytes. An absolute path chooses the source, too; another one is relative to its root. Null for all of it.
    /// </summary>
    public byte[]? Path { get; init; }
}
