using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Run;

/// <summary>Why a path could not be saved.</summary>
internal static class ReadFailure
{
    /// <summary>In words.</summary>
    internal static string Of(int errno) => errno == Errno.ENOENT ? "vanished while the backup ran" : Errno.Message(errno);

    /// <summary>Entry <paramref name="now"/> of a directory is stored, but never held still.</summary>
    internal static Failure Torn(DirectoryNode node, int now) =>
        new(node.Path(node.Listing.Name(now)), FailedOperation.Changed, 0, "changed each time it was read; stored with the flag 'torn'");
}
