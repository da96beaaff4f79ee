using Varve.Format;
using Varve.Model;

namespace Varve.Repositories;

/// <summary>
/// The slow way to a chunk that cannot be read where the index first led: the index is put in order, and another pack that holds the chunk is tried. Thread-safe.
/// </summary>
internal sealed class ChunkRescue(Repository repository)
{
    /// <summary>The chunk's bytes, checked against its id, from another place than <paramref name="failed"/>.</summary>
    /// <exception cref="VarveException"><paramref name="reason"/>, if there is no other place or it is no better.</exception>
    internal byte[] Read(in ChunkId id, in BlockLocation failed, VarveException reason)
    {
        repository.Indexes.Recover();
        repository.Indexes.Avoid(failed.Pack);
        if (!repository.Indexes.TryLocate(id, out ChunkLocation other) || other.Block == failed) { throw reason; }
        var raw = new byte[other.Block.RawLength];
        try { repository.Blocks.Read(other.Block, raw); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { throw reason; }
        byte[] chunk = raw.AsSpan((int)other.Offset, (int)other.Length).ToArray();
        return repository.Hasher.Compute(chunk) == id ? chunk : throw reason;
    }

    /// <summary>The reason for a chunk that is not what its id says.</summary>
    internal static VarveException Mismatch(in ChunkId id, ObjectName pack) =>
        VarveException.Damaged($"chunk {id} in {ObjectKeys.Pack(pack)}", "its bytes do not match its id");
}
