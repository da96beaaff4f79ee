using Varve.Backup.Content;
using Varve.Backup.Packing;
using Varve.Delta;

namespace Varve.Backup.Deltas;

/// <summary>A slice of a file's window that is read and compared.</summary>
internal sealed class SliceJob(DeltaMatcher matcher, int number) : FileJob
{
    /// <inheritdoc/>
    protected override void Work(ChunkSink sink) => matcher.RunSlice(number);
}
