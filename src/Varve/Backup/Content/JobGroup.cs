using Varve.Backup.Packing;

namespace Varve.Backup.Content;

/// <summary>Jobs that use the same buffers and descriptor: these are free again only when none of them is under way.</summary>
internal static class JobGroup
{
    /// <summary>
    /// Waits until all are done, whatever comes of each, doing what others wait for meanwhile; only then throws what the first in order
    /// that failed threw.
    /// </summary>
    internal static void Await(FileJob[] jobs, WorkQueue work, ChunkSink sink)
    {
        foreach (FileJob job in jobs)
        {
            Help(job, work, sink);
            job.AwaitEnd();
        }

        foreach (FileJob job in jobs) { job.Wait(); }
    }

    /// <summary>Does what others wait for until a job is done, or there is nothing to do but wait.</summary>
    internal static void Help(FileJob job, WorkQueue work, ChunkSink sink)
    {
        while (!job.IsDone && work.TryTakeJob(out FileJob other)) { other.Run(sink); }
    }
}
