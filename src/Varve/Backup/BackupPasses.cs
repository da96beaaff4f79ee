using Varve.Backup.Packing;
using Varve.Backup.Passes;
using Varve.Backup.Results;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Model;

namespace Varve.Backup;

/// <summary>
/// The passes of a run over its source. Usually that is one. With newest first it is a survey, then a pass for each band of ages, newest
/// first, until the budget is spent, then the last one, which reads the rest or leaves it for the next run, and makes the snapshot. Each
/// pass takes up where the one before stopped, by the same means by which a run takes up one that was killed; so memory does not grow with
/// the number of files, and a run that is killed between passes has saved the newest.
/// </summary>
internal sealed class BackupPasses(RunSetup setup, PendingFiles pending, FileTime now)
{
    /// <summary>Without a budget: a band has at least so many bytes, and a sixteenth of all.</summary>
    private const long SmallestBand = 1L << 30;

    private readonly Budget? _budget = setup.Options.Budget is { } bytes ? new Budget(bytes) : null;

    /// <summary>Bytes of new content that were stored, if there is a budget.</summary>
    internal long Spent => _budget?.Used ?? 0;

    /// <summary>Runs them.</summary>
    internal PassResult Run(CancellationToken cancelled)
    {
        (BackupOptions options, RunTally tally, SourceTree source) = (setup.Options, setup.Tally, setup.Tree);
        if (_budget is null && !options.NewestFirst)
        {
            tally.Progress.Enter("saving");
            return Pass(setup.Pass(Intake(), takesUp: false));
        }

        AgeHistogram? ages = options.NewestFirst ? new AgeHistogram(now, options.Budget ?? long.MaxValue) : null;
        IReadOnlyList<int> bands = [];
        if (ages is not null)
        {
            tally.Progress.Enter("looking for the newest");
            Survey.Run(setup.Pass(Intake(), takesUp: false), source, ages, setup.OpenCatalog, setup.Repository.Options.Host.Walkers,
                cancelled);
            bands = ages.Bands(options.Budget ?? Math.Max(SmallestBand, ages.Bytes / 16));
        }

        // The last pass reads the last band, unless there are files that come after it.
        int ordering = ages is { HasLarger: true } ? bands.Count : Math.Max(0, bands.Count - 1);
        bool later = false;
        for (int i = 0; i < ordering && _budget is not { IsSpent: true }; i++, later = true)
        {
            tally.BeginPass(isOrdering: true);
            tally.Progress.Enter("saving the newest");
            Pass(setup.Pass(Intake(ages, bands[i]), later));
        }

        tally.BeginPass(isOrdering: false);
        tally.Progress.Enter("saving");
        return Pass(setup.Pass(Intake(), later));

        PassResult Pass(BackupPass pass)
        {
            using var pipeline = new BackupPipeline(setup, pass, cancelled);
            return pipeline.Run(source);
        }
    }

    /// <summary>Takes all files.</summary>
    internal FileIntake Everything() => Intake();

    /// <summary>Takes the files of a band, or, without one, all.</summary>
    private FileIntake Intake(AgeHistogram? ages = null, int? band = null) => new(setup.Rules, setup.Tally, pending, _budget, ages, band);
}
