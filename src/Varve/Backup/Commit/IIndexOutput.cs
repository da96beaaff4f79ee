using Varve.Model.Packs;

namespace Varve.Backup.Commit;

/// <summary>The index of the repository, as far as the committer needs it. Thread-safe.</summary>
internal interface IIndexOutput
{
    /// <summary>Chunks that were stored and are in no index run yet.</summary>
    long PendingChunks { get; }

    /// <summary>Makes a run of packs, which are durable, durable as well. Returns the bytes it takes.</summary>
    long WriteRun(IReadOnlyList<PackContents> packs);
}
