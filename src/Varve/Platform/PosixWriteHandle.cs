using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <summary>A descriptor that several threads write through. It closes after the last write under way, and keeps what close said.</summary>
internal sealed class PosixWriteHandle : SafeHandle
{
    public PosixWriteHandle(int fd) : base(-1, ownsHandle: true) => SetHandle(fd);

    public override bool IsInvalid => handle < 0;

    /// <summary>The descriptor; valid while the handle is not disposed.</summary>
    public int Descriptor => (int)handle;

    /// <summary>The error number of close: some network file systems tell only then that a write failed.</summary>
    public int CloseError { get; private set; }

    protected override bool ReleaseHandle()
    {
        CloseError = PosixWrite.Close((int)handle);
        return CloseError == 0;
    }
}
