namespace Varve.App.Daemon.Watch;

/// <summary>A run that was begun and not settled, as it lies on the disk.</summary>
internal sealed class RunData
{
    public DateTimeOffset Since { get; init; }

    /// <summary>Its process; 0 before it is known.</summary>
    public int Process { get; init; }
    public long Began { get; init; }
    public string Boot { get; init; } = "";
}
