using Varve.Backup.Packing;
using Varve.Backup.Run;

namespace Varve.Backup.Trees;

/// <summary>
/// What each walker and worker thread of a pass has to itself, whichever of the two it is. Not thread-safe, but for
/// <see cref="ChunkSink.Flush"/>.
/// </summary>
/// <param name="Sink">Where it stores chunks.</param>
/// <param name="Catalog">Its connection to the catalog.</param>
/// <param name="Assembler">Completes directories.</param>
internal sealed record PassThread(ChunkSink Sink, LazyCatalog Catalog, TreeAssembler Assembler) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Catalog.Dispose();
        Sink.Dispose();
    }
}
