using Varve.Platform;

namespace Varve.Backup;

/// <summary>Why a path could not be saved, in words.</summary>
internal static class ReadFailure
{
    internal static string Of(int errno) => errno == Errno.ENOENT ? "vanished while the backup ran" : Errno.Message(errno);
}
