namespace Varve.App.Output.Daemon;

/// <summary>Where a run stands.</summary>
internal sealed class JobProgressPart
{
    public string? Phase { get; init; }
    public long Files { get; init; }
    public long Bytes { get; init; }
    public long BytesStored { get; init; }
    public long Failed { get; init; }
    public long? ExpectedFiles { get; init; }
    public long? ExpectedBytes { get; init; }
}
