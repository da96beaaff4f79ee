using System.Globalization;
using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Run;

/// <summary>Why a path could not be saved.</summary>
internal static class ReadFailure
{
    /// <summary>In words.</summary>
    internal static string Of(int errno) => errno switch
    {
        Errno.ENOENT => "vanished while the backup ran",
        Errno.EINTR => "the system says each time that a signal came",
        _ => Errno.Message(errno),
    };

    /// <summary>Entry <paramref name="now"/> of a directory is stored, but not all of its extended attributes could be read.</summary>
    internal static Failure Xattrs(DirectoryNode node, int now, in UnreadXattrs unread)
    {
        string name = unread.First is null ? "" : PathText.Of(unread.First);
        string more = unread.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" and {unread.Count - 1} more") : "";
        string what = unread.First is null ? "its extended attributes cannot be listed"
            : unread.Count > 1 ? $"its extended attributes {name}{more} cannot be read" : $"its extended attribute {name} cannot be read";
        return new Failure(node.Path(node.Listing.Name(now)), FailedOperation.Metadata, unread.Errno,
            $"{what}: {Of(unread.Errno)}; the rest is saved")
        {
            Attribute = unread.First is null ? "xattrs" : "xattr " + name,
        };
    }

    /// <summary>Something in a directory was renamed each time it was listed, or where it cannot be listed again.</summary>
    internal static Failure Renamed(byte[] directory) => new(
        directory, FailedOperation.Changed, 0, "its entries were renamed while it was read: one that was there may be missing");

    /// <summary>The root is not where it was, so that nobody can say what moved in it.</summary>
    internal static Failure RootGone() => new(
        [], FailedOperation.Changed, 0, "was moved or removed while it was read: what was moved in it meanwhile may be missing");

    /// <summary>The target of symlink <paramref name="now"/> of a directory cannot be read.</summary>
    internal static Failure Target(DirectoryNode node, int now, int errno) =>
        new(node.Path(node.Listing.Name(now)), FailedOperation.Metadata, errno,
            errno == Errno.ENOENT ? Of(errno) : $"its target cannot be read: {Of(errno)}")
        {
            Attribute = "target",
        };

    /// <summary>Entry <paramref name="now"/> of a directory is stored, but never held still.</summary>
    internal static Failure Torn(DirectoryNode node, int now) =>
        new(node.Path(node.Listing.Name(now)), FailedOperation.Changed, 0, "changed each time it was read; stored with the flag 'torn'");

    /// <summary>
    /// Entry <paramref name="now"/> is stored, but not as of one moment with <paramref name="other"/>, which belongs to it.
    /// </summary>
    internal static Failure Torn(DirectoryNode node, int now, ReadOnlySpan<byte> other) => new(
        node.Path(node.Listing.Name(now)), FailedOperation.Changed, 0,
        $"never held still together with {PathText.Of(other)}; stored with the flag 'torn'");
}
