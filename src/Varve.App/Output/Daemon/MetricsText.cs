using System.Globalization;
using System.Text;

namespace Varve.App.Output.Daemon;

/// <summary>
/// How everything stands as Prometheus reads it (text format 0.0.4). Names and labels are a contract: docs/operations.md has all of them.
/// </summary>
internal static class MetricsText
{
    /// <summary>What it is called where it is served.</summary>
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>A metric of each job: its name, what it means, and its value; null: the job has none.</summary>
    private static readonly IReadOnlyList<(string Name, string Help, Func<JobReport, double?> Value)> s_ofJobs =
    [
        ("varve_job_healthy", "Whether the last run went well, and nobody has to look at it.", static j => Flag(!j.IsWrong)),
        ("varve_job_running", "Whether a run goes on.", static j => Flag(j.State == JobStates.Running)),
        ("varve_job_paused", "Whether it is paused.", static j => Flag(j.State == JobStates.Paused)),
        ("varve_job_overdue", "Whether its last good backup is older than alert-after allows.", static j => Flag(j.Overdue)),
        ("varve_job_failures", "How many times in a row it failed.", static j => j.Failures),
        ("varve_job_unsaved_paths", "Paths that could not be saved the last time.", static j => j.FailureCount),
        ("varve_job_files", "Files in what was saved last.", static j => j.Files),
        ("varve_job_bytes", "Bytes in what was saved last.", static j => j.Bytes),
        ("varve_job_last_start_timestamp_seconds", "When a run last began.", static j => Seconds(j.LastStart)),
        ("varve_job_last_end_timestamp_seconds", "When a run last ended.", static j => Seconds(j.LastEnd)),
        ("varve_job_last_good_timestamp_seconds", "When a run last ended in which all was well.", static j => Seconds(j.LastGood)),
        ("varve_job_next_timestamp_seconds", "When it comes next.", static j => Seconds(j.Next)),
    ];

    /// <summary>All metrics there are, with what they mean.</summary>
    internal static IEnumerable<(string Name, string Help)> All =>
    [
        ("varve_info", "The program; its version is a label."),
        ("varve_start_timestamp_seconds", "When the daemon began."),
        ("varve_paused", "Whether everything is paused."),
        ("varve_problems", "Problems that are of no job, such as a damaged record."),
        .. s_ofJobs.Select(static m => (m.Name, m.Help)),
    ];

    /// <summary>The text.</summary>
    internal static string Of(StatusReport status)
    {
        var text = new StringBuilder();
        Head(text, All.First());
        text.Append(CultureInfo.InvariantCulture, $"varve_info{{version=\"{Label(status.Program ?? "")}\"}} 1\n");
        double?[] values = [Seconds(status.Since), Flag(status.Paused), status.Problems.Count];
        foreach (((string, string) metric, double? value) in All.Skip(1).Zip(values))
        {
            if (value is null) { continue; }
            Head(text, metric);
            text.Append(metric.Item1).Append(' ').Append(Number(value.Value)).Append('\n');
        }

        foreach ((string name, string help, Func<JobReport, double?> value) in s_ofJobs)
        {
            bool isFirst = true;
            foreach (JobReport job in status.Jobs)
            {
                if (value(job) is not { } number) { continue; }
                if (isFirst) { Head(text, (name, help)); }
                isFirst = false;
                text.Append(CultureInfo.InvariantCulture, $"{name}{{name=\"{Label(job.Name)}\",kind=\"{Label(job.Kind)}\"}} ")
                    .Append(Number(number)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static void Head(StringBuilder text, (string Name, string Help) metric) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {metric.Name} {metric.Help}\n# TYPE {metric.Name} gauge\n");

    private static string Label(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static double Flag(bool isSo) => isSo ? 1 : 0;

    private static double? Seconds(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            ? at.ToUnixTimeMilliseconds() / 1000.0 : null;
}
