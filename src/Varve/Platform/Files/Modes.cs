namespace Varve.Platform.Files;

/// <summary>Permission bits and file types by name: C# has no octal numbers.</summary>
internal static class Modes
{
    /// <summary>0700: a directory for its owner alone.</summary>
    internal const uint PrivateDirectory = 0x1c0;

    /// <summary>
    /// 01700: the same, and not complete. Sticky means nothing where only the owner may write, so nobody else makes such directories.
    /// </summary>
    internal const uint UnfinishedDirectory = PrivateDirectory | Sticky;

    /// <summary>0600: a file for its owner alone.</summary>
    internal const uint PrivateFile = 0x180;

    /// <summary>0400: an object that nobody changes by accident.</summary>
    internal const uint ReadOnlyFile = 0x100;

    /// <summary>0777: what the umask leaves of it.</summary>
    internal const uint Everything = 0x1ff;

    /// <summary>0022: somebody but the owner may write. With an ACL the group's bit is the mask of all that it names.</summary>
    internal const uint WritableByOthers = 0x12;

    /// <summary>0044: somebody but the owner may read.</summary>
    internal const uint ReadableByOthers = 0x24;

    /// <summary>06000: set-user-id and set-group-id.</summary>
    internal const uint SetIds = 0xc00;

    /// <summary>01000: in such a directory nobody takes away what is another's.</summary>
    internal const uint Sticky = 0x200;

    /// <summary>07000: these and the sticky bit.</summary>
    internal const uint Special = 0xe00;

    /// <summary>07777: all that is no type.</summary>
    internal const uint Permissions = 0xfff;

    /// <summary>S_IFIFO.</summary>
    internal const uint Fifo = 0x1000;

    /// <summary>S_IFCHR.</summary>
    internal const uint CharDevice = 0x2000;

    /// <summary>S_IFBLK.</summary>
    internal const uint BlockDevice = 0x6000;

    /// <summary>S_IFSOCK.</summary>
    internal const uint Socket = 0xc000;
}
