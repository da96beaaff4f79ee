using Varve.Model.Paths;

namespace Varve.Backup.Sources;

/// <summary>A place that a source is read from, and what it is recorded as.</summary>
/// <param name="Path">The directory, as bytes. A symlink here is followed.</param>
/// <param name="As">The path it stands for: absolute (<see cref="CanonicalPaths"/>), the source's canonical root or below it.</param>
internal sealed record RootMapping(byte[] Path, byte[] As)
{
    /// <summary>
    /// Whether it may not be there, as a drive in a drawer: then what it held stays in the snapshot as it was last seen. It is there if its
    /// file system is the one that it was on before.
    /// </summary>
    public bool IsRemovable { get; init; }

    /// <summary>Of a removable root: what its file system is recognised by; null: by that of the snapshot before.</summary>
    public string? FileSystem { get; init; }
}
