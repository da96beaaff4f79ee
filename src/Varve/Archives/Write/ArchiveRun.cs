using Varve.Archives.Feed;
using Varve.Backup.Unstable;
using Varve.Model;
using Varve.Threads;

namespace Varve.Archives.Write;

/// <summary>
/// Writes one archive: a thread goes through the source, workers read (and deflate what a zip has), and the caller's thread writes in
/// order. Owns the spool.
/// </summary>
internal sealed class ArchiveRun : IDisposable
{
    private const long SpoolLimit = 4L << 30, MostUnderWay = 96 << 20;

    private readonly ArchiveOptions _options;
    private readonly ArchiveSource _source;
    private readonly ArchiveMonitor _monitor;
    private readonly Spool _spool;

    internal ArchiveRun(ArchiveOptions options, ArchiveSource source, ArchiveMonitor monitor)
    {
        (_options, _source, _monitor) = (options, source, monitor);
        Tally = new ArchiveTally(source.Tree);
        _spool = Spool.Open(null, options.SpoolPlace, SpoolLimit, options.Note);
    }

    /// <summary>What the archive has.</summary>
    internal ArchiveTally Tally { get; }

    /// <summary>Writes all that is to be in it.</summary>
    /// <exception cref="VarveException">Storage: it cannot be written. Damaged: the repository.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal void Write(ArchiveVolumes volumes, CancellationToken cancelled)
    {
        bool isZip = _options.Format == ArchiveFormat.Zip;
        FeedRules rules = isZip ? FeedRules.Zip : _options.VolumeSize is null ? FeedRules.Tar : FeedRules.TarVolumes;
        FileTime started = FileTime.From(_options.Time.GetUtcNow());
        using var pipeline = new OrderedPipeline<ArchiveJob>("varve-read", isZip ? _options.Threads : Math.Min(2, _options.Threads),
            MostUnderWay, () => new JobWorker(rules, new ExactReader(_spool, started), _source.Content?.Invoke()).Run);
        var feeder = new Thread(() => Feed(pipeline, rules, started)) { IsBackground = true, Name = "varve-feed" };
        feeder.Start();
        try
        {
            while (pipeline.Take(out ArchiveJob job))
            {
                using (job)
                {
                    cancelled.ThrowIfCancellationRequested();
                    Write(volumes, job);
                }
            }

            volumes.Finish();
        }
        finally
        {
            pipeline.Stop();
            feeder.Join();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _spool.Dispose();

    private void Feed(OrderedPipeline<ArchiveJob> pipeline, FeedRules rules, FileTime started)
    {
        try
        {
            _source.Feed(rules, new ExactReader(_spool, started), pipeline.Put, Tally.Skip);
            pipeline.Complete();
        }
#pragma warning disable CA1031 // a thread's edge: who takes throws it on
        catch (Exception e) { pipeline.Stop(e); }
#pragma warning restore CA1031
    }

    private void Write(ArchiveVolumes volumes, ArchiveJob job)
    {
        ArchiveEntry entry = job.Entry;
        if (job.Kind == JobKind.End && !job.Large!.HasHeldStill()) { entry.IsTorn = true; }
        volumes.Write(job);
        if (job.Lost is not null) { Tally.Fail(entry, job.Lost); }
        if (job.Failure is not null)
        {
            if (!entry.IsFailed) { Tally.Fail(entry, job.Failure); }
            entry.IsFailed = true;
        }

        bool isComplete = job.Kind is JobKind.Whole or JobKind.End;
        if (!isComplete || entry.IsFailed) { return; }
        Tally.Add(entry);
        if (entry.Stat.Kind == EntryKind.File) { _monitor.Add(entry.Stat.Size); }
    }
}
