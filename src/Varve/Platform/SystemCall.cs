using Varve.Platform.Files;

namespace Varve.Platform;

/// <summary>The sorts of system calls that an observer tells apart; several calls may be of one sort.</summary>
internal enum SystemCall : byte
{
    /// <summary>openat, openat2 for what is there.</summary>
    Open,
    /// <summary>openat, openat2 that makes a file.</summary>
    Create,
    /// <summary>openat2, after it was asked for as what it is to open: ENOSYS is a kernel without it.</summary>
    Resolve,
    /// <summary>close. It cannot be made to fail: the descriptor is gone in any case.</summary>
    Close,
    /// <summary>pread.</summary>
    Read,
    /// <summary>write, pwrite.</summary>
    Write,
    /// <summary>ftruncate.</summary>
    SetLength,
    /// <summary>lseek.</summary>
    Seek,
    /// <summary>fsync, syncfs.</summary>
    Sync,
    /// <summary>flock.</summary>
    Lock,
    /// <summary>statx, fstatfs.</summary>
    Stat,
    /// <summary>getdents64.</summary>
    List,
    /// <summary>readlinkat.</summary>
    ReadLink,
    /// <summary>mkdirat.</summary>
    MakeDirectory,
    /// <summary>mknodat.</summary>
    MakeNode,
    /// <summary>symlinkat.</summary>
    MakeSymlink,
    /// <summary>unlinkat.</summary>
    Unlink,
    /// <summary>linkat.</summary>
    Link,
    /// <summary>renameat, renameat2.</summary>
    Rename,
    /// <summary>fchown, fchownat.</summary>
    SetOwner,
    /// <summary>fchmod, fchmodat.</summary>
    SetMode,
    /// <summary>futimens, utimensat.</summary>
    SetTime,
    /// <summary>FS_IOC_SETFLAGS.</summary>
    SetFlags,
    /// <summary>flistxattr, fgetxattr and their kin.</summary>
    GetXattr,
    /// <summary>fsetxattr, setxattr.</summary>
    SetXattr,
    /// <summary>fremovexattr.</summary>
    RemoveXattr,
    /// <summary>FICLONE.</summary>
    Clone,
    /// <summary>F_SETLEASE.</summary>
    Lease,
    /// <summary>posix_fadvise that asks for what will be read. It cannot be made to fail.</summary>
    Ask,
}
