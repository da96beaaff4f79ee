using Varve.Archives.Zip;
using Varve.Model;
using Varve.Platform;

namespace Varve.Archives.Extract;

/// <summary>An archive that is open. Owns its descriptor. Thread-safe.</summary>
internal sealed class ArchiveBytes : IRandomBytes, IDisposable
{
    private readonly byte[] _path;
    private readonly SafeFd _file;

    private ArchiveBytes(byte[] path, SafeFd file, long length) => (_path, _file, Length) = (path, file, length);

    /// <inheritdoc/>
    public long Length { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="VarveException">NotFound, Storage. Usage: it is no regular file.</exception>
    internal static ArchiveBytes Open(byte[] path)
    {
        int errno = Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOCTTY, out SafeFd file);
        EntryStat stat = default;
        if (errno == 0) { errno = Posix.Stat(file.Value, out stat); }
        if (errno == 0 && stat.Kind == EntryKind.File) { return new ArchiveBytes(path, file, stat.Size); }
        file.Close();
        if (errno == 0) { throw new VarveException(ErrorKind.Usage, Subject.Path(path), "is no regular file"); }
        throw new VarveException(errno == Errno.ENOENT ? ErrorKind.NotFound : ErrorKind.Storage, Subject.Path(path),
            errno == Errno.ENOENT ? "does not exist" : $"cannot be opened: {Errno.Message(errno)}", Advice.CheckPath);
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            int errno = Posix.ReadAt(_file.Value, into, offset, out int read);
            if (errno != 0)
            {
                throw new VarveException(ErrorKind.Storage, Subject.Path(_path), $"cannot be read: {Errno.Message(errno)}", Advice.CheckPath);
            }

            if (read == 0) { throw VarveException.Damaged(Subject.Path(_path), "it is cut short"); }
            into = into[read..];
            offset += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Close();
}
