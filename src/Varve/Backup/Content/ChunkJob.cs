using Varve.Backup.Packing;
using Varve.Model;

namespace Varve.Backup.Content;

/// <summary>
/// One chunk of a large file. The cutter waits for it in the order of the file, so that the extents come in order with a bounded window.
/// The job holds the slab that its bytes lie in until the chunk is stored. With a signer, whole blocks from <paramref name="signFrom"/> on
/// are signed as well.
/// </summary>
internal sealed class ChunkJob(Slab slab, int start, int length, CellSigner? signer = null, long fileOffset = 0, int signFrom = 0) : FileJob
{
    /// <summary>Once it is done.</summary>
    internal ChunkId Id { get; private set; }

    internal int Length => length;

    /// <inheritdoc/>
    protected override void Work(ChunkSink sink)
    {
        ReadOnlySpan<byte> chunk = slab.Bytes.AsSpan(start, length);
        Id = sink.StoreData(chunk);
        signer?.SignCells(fileOffset + signFrom, chunk[signFrom..]);
    }

    /// <inheritdoc/>
    protected override void LetGo() => slab.Release();
}
