using Varve.Compare.Measure;
using Varve.Compare.Tools;

namespace Varve.Compare.Report;

/// <summary>Holds the results against the targets.</summary>
internal sealed class Judge(Results results)
{
    /// <summary>The verdict on one target.</summary>
    public Verdict On(Target target)
    {
        if (target.Kind == GoalKind.PeakMemory) { return Peak(target); }
        MeasuredCorpus? corpus = Find(target.Corpus!, target.Files) ?? Largest(target.Corpus!);
        if (corpus is null) { return NotMeasured(target); }
        if (target.Kind == GoalKind.PeakGrowth) { return Growth(target); }
        string note = target.Files > 0 && corpus.Size.Files != target.Files ? $"at {Figures.Count(corpus.Size.Files)} {corpus.Unit}" : "";
        if (results.Value(corpus, target.Row!, ToolNames.Varve) is not { } ours) { return NotMeasured(target); }
        if (target.Kind == GoalKind.Seconds) { return Bounded(target, ours.Median) with { Note = note }; }
        if (results.Value(corpus, target.AgainstRow ?? target.Row!, target.Against) is not { } other) { return NotMeasured(target); }
        return target.Kind switch
        {
            GoalKind.TimesAsFast => new Verdict(target, other.Median / ours.Median, other.Median / ours.Median >= target.Bound, note),
            GoalKind.SecondsMore => Bounded(target, ours.Median - other.Median) with { Note = note },
            _ => Bounded(target, ours.Median / other.Median) with { Note = note },
        };
    }

    // Of all work on all corpora, the worst. Any failure of ours would make the rest look better than it is: no figure then.
    private Verdict Peak(Target target)
    {
        List<Measurement> ours = results.Measurements.Where(m => m.Tool == ToolNames.Varve).ToList();
        if (ours.Any(m => m.Failure is not null) || ours.MaxBy(m => m.PeakBytes) is not { PeakBytes: > 0 } worst)
        {
            return NotMeasured(target);
        }
        MeasuredCorpus corpus = results.Corpora[worst.Corpus];
        return Bounded(target,
            worst.PeakBytes) with
        { Note = $"{worst.Row.Title}, {corpus.Key}, {Figures.Count(corpus.Size.Files)} {corpus.Unit}" };
    }

    // Row by row: a row that grows is not to hide behind one that is larger anyway.
    private Verdict Growth(Target target)
    {
        if (Find(target.Corpus!, target.Files) is not { } large || Find(target.Corpus!, target.Files / 10) is not { } small)
        {
            return NotMeasured(target);
        }
        (Row Row, double Ratio)? worst = null;
        foreach (Row row in Row.All.Where(r => (target.Row ?? r) == r && large.Rows.Contains(r) && small.Rows.Contains(r)))
        {
            if (Failed(large, row) || Failed(small, row)) { return NotMeasured(target); }
            if (results.Value(large, row, ToolNames.Varve) is not { PeakBytes: > 0 } most
                || results.Value(small, row, ToolNames.Varve) is not { PeakBytes: > 0 } least)
            {
                continue;
            }
            double ratio = (double)most.PeakBytes / least.PeakBytes;
            if (worst is null || ratio > worst.Value.Ratio) { worst = (row, ratio); }
        }

        return worst is { } found ? Bounded(target, found.Ratio) with { Note = target.Row is null ? found.Row.Title : "" }
            : NotMeasured(target);
    }

    private bool Failed(MeasuredCorpus corpus, Row row) =>
        results.Measurements.Any(m => m.Corpus == corpus.Index && m.Row == row && m.Tool == ToolNames.Varve && m.Failure is not null);

    private MeasuredCorpus? Find(string key, long files) =>
        results.Corpora.FirstOrDefault(c => c.Key == key && (files == 0 || c.Size.Files == files));

    private MeasuredCorpus? Largest(string key) => results.Corpora.Where(c => c.Key == key).MaxBy(c => c.Size.Files);

    private static Verdict Bounded(Target target, double? value) => new(target, value, value <= target.Bound, "");

    private static Verdict NotMeasured(Target target) => new(target, null, false, "");
}
