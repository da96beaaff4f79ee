using Varve.Model.Snapshots;

namespace Varve.Archives.Digest;

/// <summary>What a digest is of. Rules and boundaries are what the caller says, and nothing else: no configuration has a say.</summary>
internal sealed record DigestOptions
{
    /// <summary>What it covers.</summary>
    internal DigestMode Mode { get; init; }

    /// <summary>What is left out and kept by paths, as a backup of the same directory would.</summary>
    internal IReadOnlyList<ExcludeRule> Rules { get; init; } = [];

    /// <summary>Other file systems are not entered: a mount point counts as a directory with nothing in it.</summary>
    internal bool OneFileSystem { get; init; }

    /// <summary>Whether the digest of each directory is wanted too.</summary>
    internal bool Lists { get; init; }

    /// <summary>Threads that walk, and as many that read content. At least 1.</summary>
    internal int Threads { get; init; } = 1;
}
