using Varve.Backup.Order;
using Varve.Backup.Packing;
using Varve.Backup.Passes;
using Varve.Backup.Results;
using Varve.Backup.Run;
using Varve.Model.Bounds;

namespace Varve.Backup;

/// <summary>
/// The passes of a run over its source. Usually that is one. With newest first it is a survey, then passes for bands of ages, newest first,
/// until the budget is spent, then the last one, which reads the rest or leaves it for the next run, and makes the snapshot. Each pass
/// takes up where the one before stopped, by the same means by which a run takes up one that was killed, and counts what is older, by age;
/// so memory does not grow with the number of files, and a run that is killed between passes has saved the newest.
/// <para>Invariant: a band is either as much as fits into what is left of the budget whatever comes of it, or few enough files to be read
/// one after the other. So no file is left for want of budget that is newer than one that was stored, unless it does not fit (decision
/// 0071).</para>
/// </summary>
internal sealed class BackupPasses(RunSetup setup, PendingFiles pending, FileTime now)
{
    // Without a budget a band has at least so many bytes, and a sixteenth of all; a million empty files are not nothing.
    private const long SmallestBand = 1L << 30, OfFile = 1024;

    private readonly Budget? _budget = setup.Options.Budget is { } bytes
        ? new Budget(bytes, setup.Options.BudgetBySize, setup.Repository.Header.ChunkMin) : null;

    private readonly AgeOrder _order = new(now, setup.Options.NewestByCtime);

    /// <summary>Bytes of new content that were stored, or of files that were read, if there is a budget.</summary>
    internal long Spent => _budget?.Used ?? 0;

    /// <summary>Runs them.</summary>
    internal PassResult Run(CancellationToken cancelled)
    {
        bool later = setup.Options.NewestFirst && RunBands(cancelled);
        if (setup.Options.NewestFirst) { setup.Tally.BeginPass(isOrdering: false); }
        setup.Tally.Progress.Enter("saving");
        return Pass(setup.Pass(Intake(), later), cancelled);
    }

    /// <summary>Reads the newest first, but for those that the last pass reads all of anyway; whether any pass was made.</summary>
    private bool RunBands(CancellationToken cancelled)
    {
        bool later = false;
        AgeNumber top = _order.Top;
        AgeHistogram ages = Survey(top, later, cancelled);
        long band = Math.Max(SmallestBand, ages.Bytes / 16);
        while (_budget is not { IsSpent: true } && ages.Files > 0)
        {
            long room = _budget?.Left ?? band;
            if (ages.Bytes <= room) { break; }
            AgeCut cut = ages.Cut(room, long.MaxValue);
            bool isExact = _budget is not null && cut.Files < AgeOrderFeed.MostFiles / 2;
            if (isExact) { cut = ages.Cut(long.MaxValue, AgeOrderFeed.MostFiles); }
            if (cut.Files == 0)
            {
                cut = ages.First(out AgeNumber? finer);
                if (isExact && finer is { } within)
                {
                    ages = Survey(within, later, cancelled);
                    continue;
                }
            }

            var older = new AgeHistogram(_order, cut.Floor, CostOf);
            setup.Tally.BeginPass(isOrdering: true);
            setup.Tally.Progress.Enter("saving the newest");
            Pass(setup.Pass(Intake(new AgeBand(_order, cut.Floor, top, isExact, older)), later), cancelled);
            (top, ages, later) = (cut.Floor, older, true);
            band = band < long.MaxValue / 2 ? 2 * band : long.MaxValue;
        }

        return later;
    }

    private AgeHistogram Survey(AgeNumber top, bool later, CancellationToken cancelled)
    {
        setup.Tally.Progress.Enter("looking for the newest");
        var ages = new AgeHistogram(_order, top, CostOf);
        Passes.Survey.Run(setup.Pass(Intake(), later), setup.Tree, ages, setup.OpenCatalog,
            setup.Repository.Options.Host.Walkers, cancelled);
        return ages;
    }

    private long CostOf(long size) => _budget?.MostOf(size) ?? Saturating.Add(size, OfFile);

    private PassResult Pass(BackupPass pass, CancellationToken cancelled)
    {
        using var pipeline = new BackupPipeline(setup, pass, cancelled);
        return pipeline.Run(setup.Tree);
    }

    /// <summary>Takes the files of a band, or, without one, all.</summary>
    internal FileIntake Intake(AgeBand? band = null) => new(setup.Rules, setup.Tally, pending, _budget, band);
}
