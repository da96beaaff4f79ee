using System.Globalization;
using Varve.Compare.Corpora;
using Varve.Compare.Run;

namespace Varve.Compare.Measure;

/// <summary>One turn of every tool on a corpus, and where its samples go.</summary>
/// <param name="Runner">Runs the commands.</param>
/// <param name="Corpus">The tree.</param>
/// <param name="Measured">The same for the results.</param>
/// <param name="Results">Takes the samples.</param>
/// <param name="Number">Counted from 1; 0 and less are warm-ups, whose figures are not counted.</param>
/// <param name="Scratch">A folder that does not exist between uses, for what a tool writes.</param>
/// <param name="Log">Takes a line for people.</param>
internal sealed record Round(
    CommandRunner Runner, Corpus Corpus, MeasuredCorpus Measured, Results Results, int Number, string Scratch, Action<string> Log)
{
    // A quick piece of work is repeated within its turn, until there are samples enough or it has had its time.
    private const int QuickSamples = 5;
    private static readonly TimeSpan _quickTime = TimeSpan.FromSeconds(1);

    /// <summary>True if the figures count.</summary>
    public bool Counts => Number > 0;

    /// <summary>The rows that the tool whose turn it is takes part in.</summary>
    public required IReadOnlySet<Row> Rows { get; init; }

    /// <summary>True if the row is to be measured on this corpus, with this tool.</summary>
    public bool Wants(Row row) => Measured.Rows.Contains(row) && Rows.Contains(row);

    /// <summary>Runs a command and notes what it used in each row that is wanted. False if it failed.</summary>
    public bool Measure(string tool, Command command, params IReadOnlyList<Row> rows)
    {
        CommandResult result = Runner.Run(command);
        foreach (Row row in rows.Where(Wants)) { Results.Of(Measured, row, tool).Add(result, Counts); }
        string figure = result.Succeeded ? $"{result.Wall.TotalSeconds:0.000} s" : $"{result.Failure} ({command})";
        Log($"{Measured.Key}, {(Counts ? "round " + Number : "warm-up")}: {tool} {rows[0].Title}: {figure}");
        return result.Succeeded;
    }

    /// <summary>The same once, after the system's caches were written and dropped. False if that or the command failed.</summary>
    public bool MeasureCold(string tool, Command command, Row row)
    {
        var drop = new Command("sh", "-c", "sync && echo 3 >/proc/sys/vm/drop_caches");
        return Prepare(tool, drop, row) && Measure(tool, command, row);
    }

    /// <summary>The same for a command that may be repeated and is called anew for each time. False at the first failure.</summary>
    public bool MeasureQuick(string tool, Func<Command> command, Row row)
    {
        TimeSpan spent = TimeSpan.Zero;
        for (int i = 0; i < QuickSamples && spent < _quickTime; i++)
        {
            long start = TimeProvider.System.GetTimestamp();
            if (!Measure(tool, command(), row)) { return false; }
            spent += TimeProvider.System.GetElapsedTime(start);
        }

        return true;
    }

    /// <summary>
    /// Runs a command that measures itself: each row takes, as seconds, the number behind its name in a line of the output.
    /// </summary>
    public void MeasureWithin(string tool, Command command, params IReadOnlyList<(Row Row, string Name)> figures)
    {
        CommandResult result = Runner.Run(command);
        foreach ((Row row, string name) in figures.Where(f => Wants(f.Row)))
        {
            string? line = result.Output.Split('\n').FirstOrDefault(l => l.StartsWith(name + " ", StringComparison.Ordinal));
            if (result.Succeeded && line is null) { Results.Of(Measured, row, tool).Fail($"it printed no {name}"); }
            else
            {
                Results.Of(Measured, row, tool)
                    .Add(result, Counts, line is null ? 0 : double.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture));
            }
            Log($"{Measured.Key}, {(Counts ? "round " + Number : "warm-up")}: {tool} {row.Title}: {line ?? result.Failure}");
        }
    }

    /// <summary>Runs a command that is not measured. False if it failed; the failure goes to each row that is wanted.</summary>
    public bool Prepare(string tool, Command command, params IReadOnlyList<Row> rows)
    {
        CommandResult result = Runner.Run(command);
        if (result.Succeeded) { return true; }
        Log($"{Measured.Key}: {tool}: {command}: {result.Failure}");
        foreach (Row row in rows.Where(Wants)) { Results.Of(Measured, row, tool).Fail(result.Failure); }
        return false;
    }

    /// <summary>Removes a tree, if it is there, off the clock.</summary>
    public void Remove(string path) => Runner.Run(new Command("rm", "-rf", "--", path));

    /// <summary>A restored or copied tree that is not what it should be fails the row, in whichever round.</summary>
    public void Verify(string tool, Row row, string tree)
    {
        TreeSize found = TreeSize.Of(tree), expected = Corpus.Size;
        if (found.Files == expected.Files && found.Bytes == expected.Bytes) { return; }
        string reason = $"wrote {found.Files} files of {found.Bytes} bytes instead of {expected.Files} of {expected.Bytes}";
        Log($"{Measured.Key}: {tool} {row.Title}: {reason}");
        Results.Of(Measured, row, tool).Fail(reason);
    }
}
