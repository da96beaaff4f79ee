using Varve.Backup.Run;
using Varve.Format;
using Varve.Model.Packs;
using Varve.Platform;
using Varve.Threads;

namespace Varve.Backup.Packing;

/// <summary>Takes packs from their edge and stores them. Knows no catalog. Several run at once, each on its thread.</summary>
internal sealed class Uploader(BoundedQueue<PackJob> packs, UploadLedger ledger, RunTally tally)
{
    /// <summary>Runs until the edge is complete or stopped.</summary>
    internal void Run()
    {
        while (packs.Take(out PackJob job))
        {
            PackContents contents = job.Contents;
            using (job.Staged) { job.Staged.Commit(ObjectKeys.Pack(contents.Name)); }
            Gate.Pass(Gate.PackStored);
            Interlocked.Add(ref tally.BytesStored, contents.Size);
            tally.Progress.AddStored(contents.Size);
            ledger.Durable(job.Number, contents);
        }
    }
}
