using System.Text;
using Varve.Compare.Measure;

namespace Varve.Compare.Report;

/// <summary>The report for a terminal, or as Markdown to paste into a document.</summary>
internal static class TextReport
{
    /// <summary>Everything that was measured, then the targets.</summary>
    public static string Write(Results results, IReadOnlyList<Pair> pairs, IReadOnlyList<Verdict> verdicts, MachineInfo machine,
        bool markdown)
    {
        var text = new StringBuilder();
        string heading = markdown ? "### " : "", code = markdown ? "`" : "";
        text.AppendLine($"{machine.Summary}. Command: {code}{("bench/compare " + machine.Arguments).TrimEnd()}{code}");
        text.AppendLine();
        foreach ((string program, string version) in machine.Versions) { text.AppendLine($"- {program}: {version}"); }
        foreach (MeasuredCorpus corpus in results.Corpora)
        {
            Add(text, heading + Tables.Heading(corpus), Tables.Of(results, corpus), markdown);
        }

        if (pairs.Count > 0) { Add(text, heading + Tables.PairsHeading, Tables.Of(pairs), markdown); }
        foreach (string missing in results.Missing) { text.AppendLine().AppendLine(missing); }
        if (verdicts.Count > 0) { Add(text, heading + "Targets", Tables.Of(verdicts), markdown); }
        return text.ToString();
    }

    private static void Add(StringBuilder text, string heading, Table table, bool markdown) =>
        text.AppendLine().AppendLine(heading).AppendLine().Append(markdown ? table.ToMarkdown() : table.ToText());
}
