using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <summary>Linux error numbers the code decides on, and the system's words for any of them.</summary>
internal static class Errno
{
    public const int EPERM = 1, ENOENT = 2, EINTR = 4, EIO = 5, ENXIO = 6, EBADF = 9, EAGAIN = 11, ENOMEM = 12, EACCES = 13, EBUSY = 16,
        EEXIST = 17, EXDEV = 18, ENODEV = 19, ENOTDIR = 20, EISDIR = 21, EINVAL = 22, ENFILE = 23, EMFILE = 24, ENOTTY = 25, EFBIG = 27,
        ENOSPC = 28,
        EROFS = 30, ERANGE = 34, ENAMETOOLONG = 36, ENOSYS = 38, ENOTEMPTY = 39, ELOOP = 40, ENODATA = 61, EOVERFLOW = 75, ENOTSUP = 95,
        ESTALE = 116, EDQUOT = 122;

    /// <summary>The system's sentence for an error number, such as "Permission denied".</summary>
    public static string Message(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
