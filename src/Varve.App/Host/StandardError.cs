using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Host;

/// <summary>
/// File descriptor 2 as a stream. What cannot be said there cannot be said at all, and is no reason not to do the work: errors are dropped.
/// </summary>
/// <param name="isGiven">Whether the process was started with it; otherwise the descriptor of that number is somebody else's.</param>
internal sealed class StandardError(bool isGiven) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (isGiven) { _ = Posix.WriteAll(StandardDescriptors.Error, buffer); }
    }
}
