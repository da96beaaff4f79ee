using Varve.Compare.Measure;
using Varve.Compare.Tools;

namespace Varve.Compare.Report;

/// <summary>One piece of work as both Varve programs did it: after divided by before.</summary>
/// <param name="Corpus">What it was done on.</param>
/// <param name="Row">The work.</param>
/// <param name="Before">The figures of the program of --before; null if it failed.</param>
/// <param name="After">The figures of the other; null if it failed.</param>
internal sealed record Pair(MeasuredCorpus Corpus, Row Row, Measurement? Before, Measurement? After)
{
    /// <summary>Medians that differ by no more than this part are taken for equal.</summary>
    public const double Noise = 0.03;

    /// <summary>Of the medians of wall time, or of bytes.</summary>
    public double? Value => Quotient(Before?.Median, After?.Median);

    /// <summary>Of the medians of processor time; null for rows of bytes.</summary>
    public double? Cpu => Quotient(Before?.Cpu, After?.Cpu);

    /// <summary>Of the peaks of memory; null for rows of bytes.</summary>
    public double? Peak => Quotient(Before?.PeakBytes, After?.PeakBytes);

    /// <summary>
    /// What lies beyond noise in either direction; memory is shown and not judged, since it is a peak of all rounds and no median.
    /// </summary>
    public string Verdict
    {
        get
        {
            if (Before is null || After is null) { return "not measured"; }
            var found = new List<string>();
            Note(found, Row.IsBytes ? ("MORE BYTES", "fewer bytes") : ("SLOWER", "faster"), Value);
            Note(found, ("MORE CPU", "less CPU"), Cpu);
            return found.Count == 0 ? "equal" : string.Join(", ", found);
        }
    }

    /// <summary>Every row that the program of --before took part in, in the order of the report.</summary>
    public static List<Pair> Of(Results results)
    {
        var pairs = new List<Pair>();
        foreach (MeasuredCorpus corpus in results.Corpora)
        {
            foreach (Row row in Row.All.Where(
                r => results.Measurements.Any(m => m.Corpus == corpus.Index && m.Row == r && m.Tool == ToolNames.Before)))
            {
                pairs.Add(new Pair(corpus, row, results.Value(corpus, row, ToolNames.Before), results.Value(corpus, row, ToolNames.Varve)));
            }
        }

        return pairs;
    }

    private static void Note(List<string> found, (string Worse, string Better) words, double? ratio)
    {
        if (ratio > 1 + Noise) { found.Add(words.Worse); }
        if (ratio < 1 - Noise) { found.Add(words.Better); }
    }

    private static double? Quotient(double? before, double? after) => before > 0 && after > 0 ? after / before : null;
}
