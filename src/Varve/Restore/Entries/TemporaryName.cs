using System.Globalization;
using Varve.Platform;

namespace Varve.Restore.Entries;

/// <summary>
/// The name that a file bears until it is whole, where it cannot be without one: made of the restore's number and its own name, so that the
/// run that goes on finds what an earlier one left, and no name in the snapshot can be the same. Stateless.
/// </summary>
internal static class TemporaryName
{
    /// <summary>Bytes of one.</summary>
    internal const int Length = 40;

    /// <summary>Writes that of <paramref name="name"/> in the restore of that number.</summary>
    internal static void Of(ulong restore, ReadOnlySpan<byte> name, Span<byte> destination)
    {
        ulong hash = 14695981039346656037; // FNV-1a: whoever makes two names meet has one of the two files fail
        foreach (byte b in name) { hash = (hash ^ b) * 1099511628211; }
        ".varve-0123456789abcdef-"u8.CopyTo(destination);
        restore.TryFormat(destination[7..], out _, "x16", CultureInfo.InvariantCulture);
        hash.TryFormat(destination[24..], out _, "x16", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Gives a file its name, which nothing may have unless it is to be replaced: 0, EEXIST or another error number.
    /// </summary>
    internal static int Publish(int directory, ReadOnlySpan<byte> temporary, ReadOnlySpan<byte> name, bool replaces = false)
    {
        if (replaces) { return Posix.RenameAt(directory, temporary, directory, name, 0); }
        int error = Posix.RenameAt(directory, temporary, directory, name, Posix.RENAME_NOREPLACE);
        if (error is not (Errno.EINVAL or Errno.ENOTSUP) && !Posix.IsUnknown(error)) { return error; }
        error = Posix.LinkAt(directory, temporary, directory, name);
        if (error == 0) { return Posix.UnlinkAt(directory, temporary); }
        if (error == Errno.EEXIST) { return error; }

        // Neither: then what comes between looking and renaming is lost.
        error = Posix.StatAt(directory, name, out _);
        return error == 0 ? Errno.EEXIST : error == Errno.ENOENT ? Posix.RenameAt(directory, temporary, directory, name, 0) : error;
    }
}
