using Varve.App.Output.Json;
using Varve.Model.Snapshots;

namespace Varve.App.Output.Parts;

/// <summary>That a snapshot is pinned.</summary>
internal sealed class PinPart
{
    private readonly SnapshotPin _pin;

    private PinPart(SnapshotPin pin) => _pin = pin;

    public TimeText? Until => _pin.Until is { } until ? new TimeText(until) : null;
    public TimeText At => new(_pin.At);
    public WriterPart By => WriterPart.Of(_pin.By)!;
    public string Reason => _pin.Why;

    /// <summary>Null for what is not pinned at that moment.</summary>
    internal static PinPart? Of(SnapshotPin? pin, FileTime now) => pin?.HoldsAt(now) == true ? new PinPart(pin) : null;

    /// <summary>For people: "pinned", and perhaps until when.</summary>
    internal string Words(Func<FileTime, string> time) => _pin.Until is { } until ? $"pinned until {time(until)}" : "pinned";
}
