using Varve.App.Output;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Host;

/// <summary>
/// File descriptor 1 as a stream that tells when its reader has gone (<see cref="BrokenPipeException"/>), and when nothing can be written
/// there: a dump into <c>head</c> must not go on to the end, nor a list that nobody gets count as told.
/// </summary>
/// <param name="isGiven">Whether the process was started with it; otherwise the descriptor of that number is somebody else's.</param>
internal sealed class StandardOutput(bool isGiven) : WriteOnlyStream
{
    private const int BrokenPipe = 32; // EPIPE

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int errno = isGiven ? Posix.WriteAll(StandardDescriptors.Output, buffer) : Errno.EBADF;
        if (errno == 0) { return; }
        if (errno == BrokenPipe) { throw new BrokenPipeException(); }
        string why = isGiven ? Errno.Message(errno) : "it is closed";
        throw new VarveException(ErrorKind.Storage, Subject.None, $"cannot write to standard output: {why}");
    }
}
