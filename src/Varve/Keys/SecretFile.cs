using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Varve.Format;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Keys;

/// <summary>Files with a key in them, as text that nobody else may change and nobody else should read. Stateless.</summary>
internal static class SecretFile
{
    /// <summary>The longest, in bytes.</summary>
    internal const int MaxLength = Limits.MaxSmallObject;

    /// <summary>
    /// The text of one. <paramref name="warn"/> hears that it is no secret, <paramref name="otherwise"/> makes the error of why it is no
    /// such file. With <paramref name="sync"/> it is durable when this returns, whoever wrote it: something is about to need it.
    /// </summary>
    /// <exception cref="VarveException">WrongKey: it does not exist. Storage: it cannot be read, or others could change it.</exception>
    internal static string Read(string path, Subject subject, Action<Notice>? warn, bool sync, Func<string, VarveException> otherwise)
    {
        var buffer = new byte[MaxLength + 1];
        try
        {
            using TrustedFile file = TrustedFile.Open(path, isSecret: true);
            if (file.Errno is Errno.ENOENT or Errno.ENOTDIR)
            {
                throw new VarveException(ErrorKind.WrongKey, subject, "does not exist", Advice.CheckPath);
            }

            if (file.Problem is { } problem) { throw Refused(subject, problem); }
            int length = 0, errno = file.Errno;
            if (errno == 0) { errno = file.Read(buffer, out length); }
            if (errno == 0 && sync) { errno = Sync(file.Fd, path); }
            if (errno != 0)
            {
                throw new VarveException(ErrorKind.Storage, subject, $"cannot be read: {Errno.Message(errno)}", Advice.CheckPermissions);
            }

            if (length > MaxLength) { throw otherwise($"it is longer than {MaxLength} bytes"); }
            if (!Utf8.IsValid(buffer.AsSpan(0, length))) { throw otherwise("it is not UTF-8 text"); }
            if (file.Remark is { } remark) { warn?.Invoke(new Notice(subject, $"is not safe: {remark}", null, Advice.CloseToOthers)); }
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally { CryptographicOperations.ZeroMemory(buffer); }
    }

    /// <summary>
    /// Writes one, readable by its owner only, in a directory that is there; file and name are durable when this returns. Never overwrites;
    /// leaves nothing behind when it fails. Zeroes <paramref name="text"/>.
    /// </summary>
    /// <exception cref="VarveException">Usage: something is at that path. Storage: it cannot be written, or others could put another in
    /// its place.</exception>
    internal static void Write(string path, Subject subject, byte[] text)
    {
        if (TrustedFile.ProblemOfPlace(path) is { } problem) { throw Refused(subject, problem); }
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFullPath(path));
        int flags = Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW;
        int errno = Posix.OpenAt(Posix.AT_FDCWD, name, flags, Modes.PrivateFile, out SafeFd file);
        if (errno == Errno.EEXIST)
        {
            throw new VarveException(ErrorKind.Usage, subject, "is there already, and none is overwritten", Advice.ChooseOtherPath);
        }

        if (errno == 0)
        {
            errno = Posix.SetMode(file.Value, Modes.PrivateFile); // the umask may have taken from it
            if (errno == 0) { errno = Posix.WriteAll(file.Value, text); }
            if (errno == 0) { errno = Sync(file.Value, path); }
            file.Close();
            if (errno != 0) { _ = Posix.UnlinkAt(Posix.AT_FDCWD, name); }
        }

        CryptographicOperations.ZeroMemory(text);
        if (errno != 0)
        {
            throw new VarveException(ErrorKind.Storage, subject, $"cannot be written: {Errno.Message(errno)}", Advice.CheckDirectory);
        }
    }

    private static int Sync(int file, string path)
    {
        int errno = Posix.Sync(file);
        if (errno is Errno.EINVAL or Errno.EROFS) { return 0; } // a pipe, or where nothing can be lost
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFullPath(path));
        return errno != 0 ? errno
            : DurableFile.SyncDirectory(Posix.AT_FDCWD, name.AsSpan(0, Math.Max(1, name.AsSpan().LastIndexOf((byte)'/'))));
    }

    private static VarveException Refused(Subject subject, string problem) =>
        new(ErrorKind.Storage, subject, $"is not used: {problem}", Advice.CloseToOthers);
}
