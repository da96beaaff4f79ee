namespace Varve.App.Output.Daemon;

/// <summary>What is drawn each second of what runs are doing; and, where nothing is drawn, whether there is anything new to say.</summary>
internal sealed class FollowedPage
{
    private string _said = "";

    /// <summary>Lines for a terminal: the runs that go on, or what comes next.</summary>
    internal static string[] Lines(StatusReport status)
    {
        var lines = new List<string>();
        foreach (JobReport job in status.Jobs.Where(static j => j.State == JobStates.Running))
        {
            string what = job.Progress is { } p
                ? $"{p.Phase}, {Human.Count(p.Files, "file")}, {Human.Size(p.Bytes)}{Share(p)}"
                + (p.Failed > 0 ? $", {Human.Count(p.Failed)} failed" : "")
                : "running";
            lines.Add($"{NameText.Escape(job.Name)}: {what}");
        }

        if (lines.Count == 0)
        {
            JobReport? next = status.Jobs.Where(static j => j.Next is not null).MinBy(static j => j.Next, StringComparer.Ordinal);
            lines.Add(status.Paused ? "paused" : next is null ? "nothing runs"
                : $"nothing runs; next: {NameText.Escape(next.Name)} at {next.Next}");
        }

        int wrong = status.Jobs.Count(static j => j.IsWrong);
        if (wrong > 0) { lines.Add($"{Human.Count(wrong, "thing needs", "things need")} a look: varve status"); }
        return [.. lines];
    }

    /// <summary>Whether anything but the numbers of a run is other than before.</summary>
    internal bool HasNews(StatusReport status)
    {
        string now = string.Join('\n', status.Jobs.Select(static j => $"{j.Name} {j.State} {j.LastEnd}")) + status.Paused;
        bool isNew = now != _said;
        _said = now;
        return isNew;
    }

    private static string Share(JobProgressPart p) => p.ExpectedBytes is > 0 and var all
        ? $", {Math.Min(99, p.Bytes * 100.0 / all):0}%" : "";
}
