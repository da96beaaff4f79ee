using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Daemon;

/// <summary>How everything stands that the daemon does. The daemon sends it in this form, and it is read back from it.</summary>
internal sealed class StatusReport : IReport<StatusReport>
{
    static JsonTypeInfo<StatusReport> IReport<StatusReport>.Shape => DaemonShapes.Default.StatusReport;

    public string Type { get; } = "status";
    public bool Running { get; init; }
    public int? Process { get; init; }
    public string? Since { get; init; }
    public string? Program { get; init; }
    public bool Paused { get; init; }
    public string? WaitsFor { get; init; }
    public required string StateDirectory { get; init; }
    public IReadOnlyList<string> Problems { get; init; } = [];
    public IReadOnlyList<JobReport> Jobs { get; init; } = [];

    /// <summary>What is typed to have a daemon.</summary>
    internal string Start { get; init; } = "varve daemon";

    /// <summary>Whether somebody should look at something.</summary>
    internal bool IsWrong => !Running || Problems.Count > 0 || Jobs.Any(static j => j.IsWrong);

    public void Print(Page page)
    {
        string head = !Running ? page.Ink.Bad("no daemon is running") + ": nothing is protected until there is one"
            : $"the daemon runs (process {Process}{(Since is { } since ? ", since " + page.ZonedTime(since) : "")})";
        page.Line(head + (Paused ? page.Ink.Odd("; paused") : "") + (WaitsFor is { } what ? page.Ink.Odd($"; waits: {what}") : ""));
        if (!Running) { page.Line($"  start it: {Start} install, or in the foreground: {Start}"); }
        foreach (string problem in Problems) { page.Line("  " + page.Ink.Bad("wrong") + ": " + NameText.Printable(problem)); }
        foreach (JobReport job in Jobs) { Print(page, job); }
        if (Jobs.Count == 0) { page.Line("nothing is on the list; put something on it: varve add PATH"); }
        int wrong = Jobs.Count(static j => j.IsWrong) + Problems.Count;
        if (Jobs.Count > 0)
        {
            bool isWell = Running && Jobs.All(static j => j.LastGood is not null && j.State is JobStates.Good or JobStates.Running);
            page.Line(wrong > 0 ? page.Ink.Bad(Human.Count(wrong, "thing needs", "things need") + " a look")
                : isWell ? page.Ink.Good("all is well") : "nothing is wrong");
        }
    }

    private static void Print(Page page, JobReport job)
    {
        page.Line("");
        string place = job.Place is { Length: > 0 } path ? $"  {path}" : "";
        page.Line($"{NameText.Escape(job.Name)}  {job.Painted(page.Ink)}{place}{(job.To is { } to ? " -> " + NameText.Escape(to) : "")}");
        string last = job.LastGood is { } good ? "last good " + page.ZonedTime(good)
            : job.Kind is "backup" or "archive" ? "never saved yet" : "never done yet";
        string next = job.State == JobStates.Running ? "running" : job.Next is { } at ? "next " + page.ZonedTime(at) : "no next time";
        page.Line($"  {last}{(job.Overdue ? page.Ink.Bad(", too long ago") : "")}; {next} ({NameText.Escape(job.Schedule)})");
        if (job is { Kind: "drill", Files: { } files, Bytes: { } bytes })
        {
            page.Line($"  {Human.Count(files, "file")}, {Human.Size(bytes)} restored and compared");
        }
        if (job.Watch is { } watch) { page.Line("  " + NameText.Printable(watch)); }
        if (job.Progress is { } p)
        {
            string share = p.ExpectedBytes is > 0 and var all ? $" of {Human.Size(all)}" : "";
            string failed = p.Failed > 0 ? $", {Human.Count(p.Failed)} failed" : "";
            page.Line($"  {p.Phase}: {Human.Count(p.Files, "file")}, {Human.Size(p.Bytes)}{share}{failed}");
        }

        string? message = job.Message;
        if (message is { Length: > 0 })
        {
            page.Line($"  {(job.Failures > 1 ? $"failed {job.Failures} times: " : "")}{NameText.Printable(message)}");
            if (job.Hint is { } hint) { page.Line("  " + NameText.Printable(hint)); }
        }
    }
}
