using System.Globalization;
using Varve.Compare.Measure;
using Varve.Compare.Tools;

namespace Varve.Compare.Report;

/// <summary>The results as tables.</summary>
internal static class Tables
{
    /// <summary>
    /// A line for each tool in each row of a corpus. "to varve" is the median divided by Varve's: how many times as much time or bytes.
    /// </summary>
    public static Table Of(Results results, MeasuredCorpus corpus)
    {
        var table = new Table("work", "tool", "median", "lowest to highest", "to varve", "peak memory", "CPU");
        foreach (Row row in Row.All.Where(corpus.Rows.Contains))
        {
            Measurement? ours = results.Value(corpus, row, ToolNames.Varve);
            string title = row.Title;
            foreach (string tool in ToolNames.Order)
            {
                Measurement? found = results.Measurements.FirstOrDefault(m => m.Corpus == corpus.Index && m.Row == row && m.Tool == tool);
                if (found is null || (!found.HasValue && found.Failure is null)) { continue; }
                table.Add([title, ToolNames.Title(tool), .. Cells(found, ours)]);
                title = "";
            }
        }

        return table;
    }

    /// <summary>The heading of the table of before and after.</summary>
    public static string PairsHeading => string.Create(
        CultureInfo.InvariantCulture,
        $"Before and after: medians, after divided by before; noise is {Pair.Noise * 100:0} % of time or bytes");

    /// <summary>A line for each row that both Varve programs did.</summary>
    public static Table Of(IEnumerable<Pair> pairs)
    {
        var table = new Table("corpus", "work", "before", "after", "ratio", "CPU before", "after", "ratio", "peak before", "after", "ratio",
            "verdict");
        foreach (Pair pair in pairs)
        {
            (Measurement? before, Measurement? after, Row row) = (pair.Before, pair.After, pair.Row);
            table.Add(
                $"{pair.Corpus.Key} {Figures.Count(pair.Corpus.Size.Files)}",
                row.Title,
                before is null ? "failed" : Figures.Value(row, before.Median),
                after is null ? "failed" : Figures.Value(row, after.Median),
                Ratio(pair.Value),
                before is null || row.IsBytes ? "" : Figures.Seconds(before.Cpu),
                after is null || row.IsBytes ? "" : Figures.Seconds(after.Cpu),
                Ratio(pair.Cpu),
                before is not { PeakBytes: > 0 } ? "" : Figures.Bytes(before.PeakBytes),
                after is not { PeakBytes: > 0 } ? "" : Figures.Bytes(after.PeakBytes),
                Ratio(pair.Peak),
                pair.Verdict);
        }

        return table;
    }

    /// <summary>What was to be reached, and whether it was.</summary>
    public static Table Of(IEnumerable<Verdict> verdicts)
    {
        var table = new Table("issue", "work", "must reach", "measured", "reached");
        foreach (Verdict verdict in verdicts)
        {
            table.Add($"{verdict.Target.Issue}", verdict.Target.Work, verdict.Target.Goal, verdict.Measured, verdict.Answer);
        }

        return table;
    }

    /// <summary>The heading of a corpus.</summary>
    public static string Heading(MeasuredCorpus corpus) =>
        $"{corpus.Title} ({corpus.Key}): {Figures.Count(corpus.Size.Files)} {corpus.Unit}"
        + (corpus.Size.Directories > 0 ? $" in {Figures.Count(corpus.Size.Directories)} directories, " : ", ")
        + Figures.Bytes(corpus.Size.Bytes);

    private static string Ratio(double? ratio) => ratio is { } value ? Figures.Ratio(value) : "";

    private static string[] Cells(Measurement found, Measurement? ours)
    {
        if (!found.HasValue) { return ["failed", found.Failure!, "", "", ""]; }
        Row row = found.Row;
        string range = $"{Figures.Value(row, found.Values.Min())} to {Figures.Value(row, found.Values.Max())}";
        string ratio = ours is null ? "" : Figures.Ratio(found.Median / ours.Median);
        string memory = found.PeakBytes == 0 ? "" : Figures.Bytes(found.PeakBytes);
        string cpu = row.IsBytes ? "" : Figures.Seconds(found.Cpu);
        return [Figures.Value(row, found.Median), range, ratio, memory, cpu];
    }
}
