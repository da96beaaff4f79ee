namespace Varve.Archives.Digest;

/// <summary>What came of one path.</summary>
/// <param name="Path">As it was given, bytes.</param>
/// <param name="Digest">The digest as text; null if something could not be read: there is no digest of a part.</param>
/// <param name="Failures">The first of what could not be read, at most 10,000; paths begin with <paramref name="Path"/>.</param>
/// <param name="FailureCount">All of it.</param>
internal sealed record TreeDigest(byte[] Path, string? Digest, IReadOnlyList<Failure> Failures, long FailureCount)
{
    /// <summary>
    /// The digest of each directory, itself among them, by path; null for one of which something could not be read. Empty unless asked for.
    /// </summary>
    internal IReadOnlyList<(byte[] Path, string? Digest)> Directories { get; init; } = [];

    /// <summary>Entries, itself among them.</summary>
    internal long Entries { get; init; }

    /// <summary>Bytes of files, as their stats tell.</summary>
    internal long Bytes { get; init; }
}
