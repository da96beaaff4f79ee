namespace Varve.App.Daemon.Notices;

/// <summary>A notice as it is posted: docs/json.md has its members.</summary>
internal sealed class NoticeBody
{
    public required string Event { get; init; }
    public required string Job { get; init; }
    public required string Kind { get; init; }
    public required string Host { get; init; }
    public required string Time { get; init; }
    public string? Message { get; init; }
    public string? Hint { get; init; }
    public string? LastGood { get; init; }

    /// <summary>All of it for people: what chats show.</summary>
    public required string Text { get; init; }
}
