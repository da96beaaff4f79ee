namespace Varve.App.Daemon.Watch;

/// <summary>A source on the list as it lies on the disk: what was said of it, in the words of the command line.</summary>
internal sealed class WatchData
{
    public string? Name { get; init; }

    /// <summary>Its path, if that is text.</summary>
    public string? Path { get; init; }

    /// <summary>Its path, if that is no text.</summary>
    public byte[]? PathBytes { get; init; }
    public string? Every { get; init; }
    public string? Cron { get; init; }
    public string? Window { get; init; }

    /// <summary>Of one that is backed up when it changes.</summary>
    public string? Settle { get; init; }
    public string? AtMost { get; init; }
    public string? To { get; init; }
    public string? Archive { get; init; }
    public int? Keep { get; init; }
    public string? AlertAfter { get; init; }
}
