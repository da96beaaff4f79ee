using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Daemon;

/// <summary>
/// Something that the daemon does again and again: a source that it protects, or what it does in a repository. What a daemon says of it is
/// read back from this form.
/// </summary>
internal sealed class JobReport : IReport<JobReport>
{
    private static readonly TableShape s_table = new(
        new TableColumn("NAME"), new TableColumn("LAST"), new TableColumn("LAST GOOD", IsTime: true), new TableColumn("NEXT", IsTime: true),
        new TableColumn("STATE"), new TableColumn("PATH"));

    static JsonTypeInfo<JobReport> IReport<JobReport>.Shape => DaemonShapes.Default.JobReport;

    public required string Name { get; init; }
    public required string Kind { get; init; }
    public ByteText? Path { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes { get; init; }
    public string? To { get; init; }
    public required string Schedule { get; init; }
    public bool Configured { get; init; }

    /// <summary>Of a source that is backed up when it changes: whether and how it is watched.</summary>
    public string? Watch { get; init; }
    public required string State { get; init; }
    public string? Digest { get; init; }
    public string? Snapshot { get; init; }
    public string? LastStart { get; init; }
    public string? LastEnd { get; init; }
    public string? LastGood { get; init; }
    public string? Next { get; init; }
    public int Failures { get; init; }
    public long FailureCount { get; init; }

    /// <summary>Of what was saved last; null if that is not known.</summary>
    public long? Files { get; init; }
    public long? Bytes { get; init; }

    /// <summary>Its last good backup is older than it may be.</summary>
    public bool Overdue { get; init; }
    public string? Message { get; init; }
    public string? Hint { get; init; }
    public string? RunningSince { get; init; }
    public JobProgressPart? Progress { get; init; }

    /// <summary>Its path as people read it; empty for what has none.</summary>
    internal string Place => PathBytes is { } bytes ? NameText.Escape(bytes) : Path is { } path ? NameText.Escape(path.Value) : "";

    /// <summary>Whether somebody should look at it.</summary>
    internal bool IsWrong => Overdue || State is JobStates.Failed or JobStates.Retrying or JobStates.Incomplete or JobStates.Wrong;

    /// <summary>A row of the list.</summary>
    public void Print(Page page)
    {
        string last = (Digest ?? Snapshot) is { Length: > 0 } id ? id[..Math.Min(id.Length, 12)] : "not yet";
        page.Row(s_table, NameText.Escape(Name), last, LastGood is { } good ? page.Time(good) : "never",
            State == JobStates.Running ? "now" : Next is { } next ? page.Time(next) : "never", Painted(page.Ink), Place);
    }

    /// <summary>The same with where its run is.</summary>
    internal JobReport At(JobProgressPart? progress) => progress is null ? this : new()
    {
        Name = Name, Kind = Kind, Path = Path, PathBytes = PathBytes, To = To, Schedule = Schedule, Configured = Configured, State = State,
        Digest = Digest, Snapshot = Snapshot, LastStart = LastStart, LastEnd = LastEnd, LastGood = LastGood, Next = Next,
        Failures = Failures, FailureCount = FailureCount, Files = Files, Bytes = Bytes, Overdue = Overdue, Watch = Watch,
        Message = Message, Hint = Hint, RunningSince = RunningSince, Progress = progress,
    };

    /// <summary>The state in its colour.</summary>
    internal string Painted(Ink ink) => State switch
    {
        JobStates.Good => ink.Good(State),
        JobStates.Failed or JobStates.Wrong => ink.Bad(State),
        JobStates.Retrying or JobStates.Incomplete or JobStates.Paused => ink.Odd(State),
        _ => State,
    };
}
