using Varve.Model;

namespace Varve.Detect;

/// <summary>
/// Decides from two stats whether an entry has to be looked at again. Errs only towards reading: an entry is unchanged if kind, size,
/// mtime, ctime, inode, owner, mode and device number all match and its ctime lies safely before the scan that recorded the known
/// state. A timestamp that does not may hide a later change within the same tick (a racy timestamp). Stateless.
/// </summary>
internal static class ChangePredicate
{
    /// <summary>
    /// Compares an entry with its known state. <see cref="Change.Unchanged"/>: nothing need be read. <see cref="Change.MetadataOnly"/>: the
    /// content cannot differ, but metadata that stat does not show (xattrs) has to be read. <see cref="Change.Changed"/>: content
    /// (of a symlink: the target) has to be read too, and what was read decides. <see cref="Change.New"/>: another kind.
    /// </summary>
    /// <param name="now">The entry as it is.</param>
    /// <param name="known">The entry as recorded.</param>
    /// <param name="safeBefore">Start of the scan that recorded or last confirmed <paramref name="known"/>, less the file system's
    /// granularity.</param>
    /// <param name="rules">What to leave out.</param>
    public static Change Compare(in EntryStat now, in EntryStat known, FileTime safeBefore, ChangeRules rules)
    {
        if (now.Kind != known.Kind) { return Change.New; }
        bool ignoreCtime = (rules & ChangeRules.IgnoreCtime) != 0;
        FileTime newest = ignoreCtime ? now.Mtime : now.Ctime;
        bool sameContent = newest < safeBefore
            && now.Size == known.Size
            && now.Mtime == known.Mtime
            && (ignoreCtime || now.Ctime == known.Ctime)
            && ((rules & ChangeRules.IgnoreInode) != 0 || now.Inode == known.Inode)
            && now.RdevMajor == known.RdevMajor && now.RdevMinor == known.RdevMinor;
        bool sameOwner = now.Mode == known.Mode && now.Uid == known.Uid && now.Gid == known.Gid;
        if (sameContent) { return sameOwner ? Change.Unchanged : Change.MetadataOnly; }
        return now.Kind switch
        {
            EntryKind.File or EntryKind.Symlink => Change.Changed,
            EntryKind.CharDevice or EntryKind.BlockDevice when now.RdevMajor != known.RdevMajor || now.RdevMinor != known.RdevMinor =>
                Change.Changed,
            // These have no content; what differs or may differ is metadata.
            _ => Change.MetadataOnly,
        };
    }
}
