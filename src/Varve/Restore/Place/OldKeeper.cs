using Varve.Model;
using Varve.Platform;
using Varve.Restore.Target;

namespace Varve.Restore.Place;

/// <summary>
/// Gives what would be replaced or deleted its name with a suffix. Nothing that bears such a name is touched: what cannot be kept is not
/// replaced. Stateless.
/// </summary>
internal static class OldKeeper
{
    /// <summary>A file gets that name besides its own, so that there is one at any time. What has no further names is renamed.</summary>
    internal static int Keep(int directory, ReadOnlySpan<byte> name, in EntryStat there, ReadOnlySpan<byte> suffix)
    {
        byte[] kept = [.. name, .. suffix];
        if (there.Kind == EntryKind.Directory) { return Posix.RenameAt(directory, name, directory, kept, Posix.RENAME_NOREPLACE); }
        int error = Posix.HoldAt(directory, name, out SafeFd held);
        if (error == 0) { error = Posix.LinkHeld(held.Value, directory, kept); }
        held.Close();
        if (error == Errno.EEXIST)
        {
            // An earlier run came so far.
            return Posix.StatAt(directory, kept, out EntryStat old) == 0 && TargetFileId.Of(in old) == TargetFileId.Of(in there) ? 0 : error;
        }

        return error is Errno.EPERM or Errno.EMLINK or Errno.ENOTSUP or Errno.ENOSYS
            ? Posix.RenameAt(directory, name, directory, kept, Posix.RENAME_NOREPLACE) : error;
    }

    /// <summary>What is not to be there any more loses its name for that one.</summary>
    internal static int Move(int directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix) =>
        Posix.RenameAt(directory, name, directory, [.. name, .. suffix], Posix.RENAME_NOREPLACE);
}
