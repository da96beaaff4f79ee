using Varve.Compare.Measure;
using Varve.Compare.Tools;

namespace Varve.Compare.Report;

/// <summary>Holds the results against the targets.</summary>
internal sealed class Judge(Results results)
{
    /// <summary>The verdict on one target.</summary>
    public Verdict On(Target target)
    {
        if (target.Kind == GoalKind.PeakMemory) { return Bounded(target, Peak(results.Corpora)); }
        MeasuredCorpus? corpus = Find(target.Corpus!, target.Files) ?? Largest(target.Corpus!);
        if (corpus is null) { return NotMeasured(target); }
        if (target.Kind == GoalKind.PeakGrowth) { return Growth(target); }
        string note = target.Files > 0 && corpus.Size.Files != target.Files ? $"at {Figures.Count(corpus.Size.Files)} files" : "";
        if (results.Value(corpus, target.Row!, ToolNames.Varve) is not { } ours) { return NotMeasured(target); }
        if (target.Kind == GoalKind.Seconds) { return Bounded(target, ours.Median) with { Note = note }; }
        if (results.Value(corpus, target.AgainstRow ?? target.Row!, target.Against) is not { } other) { return NotMeasured(target); }
        return target.Kind == GoalKind.TimesAsFast
            ? new Verdict(target, other.Median / ours.Median, other.Median / ours.Median >= target.Bound, note)
            : Bounded(target, ours.Median / other.Median) with { Note = note };
    }

    private Verdict Growth(Target target)
    {
        double? large = Find(target.Corpus!, target.Files) is { } whole ? Peak([whole]) : null;
        double? small = Find(target.Corpus!, target.Files / 10) is { } tenth ? Peak([tenth]) : null;
        return large is null || small is null ? NotMeasured(target) : Bounded(target, large / small);
    }

    private MeasuredCorpus? Find(string key, long files) => results.Corpora.FirstOrDefault(c => c.Key == key && (files == 0 || c.Size.Files == files));

    private MeasuredCorpus? Largest(string key) => results.Corpora.Where(c => c.Key == key).MaxBy(c => c.Size.Files);

    // Any failure of ours would make the rest look better than it is: no figure then.
    private double? Peak(IEnumerable<MeasuredCorpus> corpora)
    {
        var chosen = corpora.Select(c => c.Index).ToHashSet();
        List<Measurement> ours = results.Measurements.Where(m => m.Tool == ToolNames.Varve && chosen.Contains(m.Corpus)).ToList();
        return ours.Any(m => m.Failure is not null) || !ours.Any(m => m.PeakBytes > 0) ? null : ours.Max(m => m.PeakBytes);
    }

    private static Verdict Bounded(Target target, double? value) => new(target, value, value <= target.Bound, "");

    private static Verdict NotMeasured(Target target) => new(target, null, false, "");
}
