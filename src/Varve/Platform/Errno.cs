using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <summary>Linux error numbers the code decides on, and the system's words for any of them.</summary>
internal static class Errno
{
    public const int EPERM = 1, ENOENT = 2, EINTR = 4, EIO = 5, ENXIO = 6, EBADF = 9, EAGAIN = 11, ENOMEM = 12, EACCES = 13, EBUSY = 16,
        EEXIST = 17, EXDEV = 18, ENODEV = 19, ENOTDIR = 20, EISDIR = 21, EINVAL = 22, ENFILE = 23, EMFILE = 24, ENOTTY = 25, EFBIG = 27,
        ENOSPC = 28, EROFS = 30, EMLINK = 31, ERANGE = 34, ENAMETOOLONG = 36, ENOSYS = 38, ENOTEMPTY = 39, ELOOP = 40, ENODATA = 61,
        EOVERFLOW = 75, ENOTSUP = 95, ESTALE = 116, EDQUOT = 122;

    /// <summary>The system's words for an error number as a part of a sentence, such as "permission denied".</summary>
    public static string Message(int errno) => Part(Marshal.GetPInvokeErrorMessage(errno));

    /// <summary>The runtime's words for what it threw, as a part of a sentence.</summary>
    public static string Message(Exception error) => Part(error.Message);

    /// <summary>Somebody's sentence as the end of one of ours: without capital, unless it is a name's, and without full stop.</summary>
    internal static string Part(string sentence)
    {
        string text = sentence.TrimEnd('.', ' ', '\n');
        bool isWord = text.Length > 1 && char.IsAsciiLetterUpper(text[0]) && !char.IsAsciiLetterUpper(text[1]);
        return isWord ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
