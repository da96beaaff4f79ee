namespace Varve.Model;

/// <summary>What the object <c>varve</c> says (docs/format.md, 3). Sizes in bytes.</summary>
/// <param name="Version">Format version.</param>
/// <param name="Id">The repository.</param>
/// <param name="Created">When, RFC 3339 UTC.</param>
/// <param name="PackSize">What writers aim at for a pack.</param>
/// <param name="BlockSize">Raw bytes at which writers close a block.</param>
/// <param name="ChunkMin">Smallest chunk that content cuts.</param>
/// <param name="ChunkAverage">Average chunk.</param>
/// <param name="ChunkMax">Largest chunk.</param>
internal sealed record RepositoryHeader(
    int Version, RepositoryId Id, string Created, int PackSize, int BlockSize, int ChunkMin, int ChunkAverage, int ChunkMax)
{
    /// <summary>The format version this program writes, and the newest it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The defaults for a new repository.</summary>
    public static RepositoryHeader Create(RepositoryId id, string created) =>
        new(CurrentVersion, id, created, 32 << 20, 4 << 20, 32 << 10, 128 << 10, 512 << 10);
}
