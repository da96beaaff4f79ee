using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>The list of what cost people data elsewhere: each line names a report, and a test that exists or that it can happen.</summary>
internal static partial class ImmunityRule
{
    /// <summary>A line of the list, taken apart.</summary>
    internal sealed record Entry(string Report, string What, string Here);

    /// <summary>The lines of its tables, but for their heads.</summary>
    internal static IReadOnlyList<Entry> Entries(string text) =>
        [.. Row().Matches(text).Select(static m => new Entry(m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value))
            .Where(static e => e.Report != "report" && !e.Report.StartsWith("---", StringComparison.Ordinal))];

    /// <summary>What is wrong with a list, given the tests there are as Class.Method.</summary>
    internal static IEnumerable<string> Wrong(IReadOnlyList<Entry> entries, IReadOnlySet<string> tests)
    {
        foreach (IGrouping<string, Entry> same in entries.GroupBy(static e => e.Report).Where(static g => g.Count() > 1))
        {
            yield return $"{same.Key} is there twice";
        }

        foreach (Entry entry in entries)
        {
            if (!Report().IsMatch(entry.Report)) { yield return $"{entry.Report} is no repository with the number of a report"; }
            if (entry.What.Length < 20) { yield return $"{entry.Report}: what happened?"; }
            string[] named = [.. Test().Matches(entry.Here).Select(static m => m.Groups[1].Value)];
            bool isSaid = entry.Here.StartsWith("It can: ", StringComparison.Ordinal)
                || (entry.Here.StartsWith("No: ", StringComparison.Ordinal) && named.Length > 0);
            if (!isSaid) { yield return $"{entry.Report}: neither a test nor 'It can'"; }
            foreach (string test in named.Where(t => !tests.Contains(t))) { yield return $"{entry.Report}: there is no test {test}"; }
        }
    }

    /// <summary>The tests of a file that is named after its class.</summary>
    internal static IEnumerable<string> Tests(string path, string text)
    {
        string name = Path.GetFileName(path).Split('.')[0];
        return Method().Matches(text).Select(m => $"{name}.{m.Groups[1].Value}");
    }

    [GeneratedRegex(@"^\| (.+?) \| (.+?) \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^[\w.-]+/[\w.-]+#[1-9][0-9]*$")]
    private static partial Regex Report();

    [GeneratedRegex(@"`(\w+\.\w+_\w+)`")]
    private static partial Regex Test();

    [GeneratedRegex(@"\[(?:Fact|Theory)\b(?:(?!\bpublic\b).)*?\bpublic (?:async Task|void) (\w+)\(", RegexOptions.Singleline)]
    private static partial Regex Method();
}
