using Varve.Format;
using Varve.Pack;

namespace Varve.Maintain.Repack;

/// <summary>A block that is being put together of chunks of several packs. One thread has it at a time.</summary>
internal sealed class RepackBlock(int blockSize)
{
    /// <summary>The chunks.</summary>
    internal BlockBuilder Chunks { get; } = new(blockSize, Limits.MaxChunk);

    /// <summary>Whose they are, each once.</summary>
    internal List<RepackSource> Sources { get; } = [];

    /// <summary>Forgets both and keeps the memory.</summary>
    internal void Clear()
    {
        Chunks.Clear();
        Sources.Clear();
    }
}
