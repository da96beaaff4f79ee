using Varve.Backup.Commit;
using Varve.Backup.Content;
using Varve.Backup.Packing;
using Varve.Platform.Files;
using Varve.Platform;
using Varve.Threads;

namespace Varve.Backup.Order;

/// <summary>Every edge between the stages of a backup, by name, with its bound (invariant 11).</summary>
internal sealed class Edges(ChangeQueue changes)
{
    /// <summary>
    /// Walkers to workers: batches of a directory's files; bounds how far the walk runs ahead and the descriptors it holds open. And the
    /// worker that cuts a large file to its fellows: one chunk each, or a slice of a file to be compared with its earlier state.
    /// </summary>
    internal WorkQueue Work { get; } = new(maxBatches: DescriptorShare.Of(usual: 32, least: 1), maxJobs: 32);

    /// <summary>
    /// Anyone to the committer: catalog changes whose chunks may still lie in open blocks; at most <see cref="ChangeQueue.Most"/> sets.
    /// </summary>
    internal ChangeQueue Changes => changes;

    /// <summary>Finished packs, which take no memory with a local store, to the uploaders.</summary>
    internal BoundedQueue<PackJob> Packs { get; } = new(2);

    /// <summary>A stage failed or the run was cancelled: everyone lets go.</summary>
    internal void Stop()
    {
        Work.Stop();
        Changes.Stop();
        Packs.Stop();
    }
}
