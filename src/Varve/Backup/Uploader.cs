using System.Security.Cryptography;
using Varve.Model;
using Varve.Pack;
using Varve.Repositories;

namespace Varve.Backup;

/// <summary>
/// Takes packs from their edge, names them by their bytes and stores them. Knows no catalog. Several run at once, each on its thread.
/// </summary>
internal sealed class Uploader(Repository repository, Edges edges, BoundedQueue<PackBuilder> builders, UploadLedger ledger, RunTally tally)
{
    /// <summary>Runs until the edge is complete or stopped.</summary>
    internal void Run()
    {
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        while (edges.Packs.Take(out PackJob job))
        {
            SHA256.HashData(job.Builder.Bytes.Span, hash);
            var name = new ObjectName(hash);
            repository.Store.Put(ObjectKeys.Pack(name), job.Builder.Bytes.Span);
            PackContents contents = job.Builder.ToContents(name);
            Interlocked.Add(ref tally.BytesStored, contents.Size);
            tally.Monitor.AddStored(contents.Size);
            job.Builder.Reset();
            builders.Put(job.Builder);
            ledger.Durable(contents);
        }
    }
}
