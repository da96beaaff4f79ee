using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Chunks;

namespace Varve.History.Content;

/// <summary>
/// Tells of files of snapshots whether they have the content of a file of this machine. One that is a single chunk is compared by the
/// chunk's id, any other by its bytes up to the first difference, and each content once. Not thread-safe.
/// </summary>
internal sealed class SameContent : IDisposable
{
    private const int LargestKept = Limits.MaxChunk;
    private readonly IChunkSource _chunks;
    private readonly FileEquality _equality;
    private readonly SafeFd _file;
    private readonly byte[]? _whole;
    private readonly Dictionary<string, bool> _known = [];

    private SameContent(IChunkSource chunks, FetchMeta meta, SafeFd file, long size, byte[]? whole, CancellationToken cancellationToken)
    {
        (_chunks, _file, Size, _whole) = (chunks, file, size, whole);
        _equality = new FileEquality(new ContentReader(chunks, meta), cancellationToken);
    }

    /// <summary>The file's size.</summary>
    internal long Size { get; }

    /// <summary>Opens the file, following symlinks.</summary>
    /// <exception cref="VarveException">NotFound or Storage: it cannot be read. Usage: it is no regular file.</exception>
    internal static SameContent Of(byte[] path, IChunkSource chunks, FetchMeta meta, CancellationToken cancellationToken)
    {
        Subject subject = Subject.Path(PathText.Of(path));
        int errno = Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOCTTY, out SafeFd file);
        EntryStat stat = default;
        if (errno == 0) { errno = Posix.Stat(file.Value, out stat); }
        byte[]? whole = null;
        if (errno == 0 && stat.Kind == EntryKind.File && stat.Size <= LargestKept) { errno = ReadAll(file, stat.Size, out whole); }
        if (errno == 0 && stat.Kind == EntryKind.File) { return new SameContent(chunks, meta, file, stat.Size, whole, cancellationToken); }
        file.Close();
        throw errno != 0
            ? new VarveException(errno == Errno.ENOENT ? ErrorKind.NotFound : ErrorKind.Storage, subject,
                $"cannot be read: {Errno.Message(errno)}", Advice.CheckPath)
            : new VarveException(ErrorKind.Usage, subject, "is not a regular file", Advice.CheckPath);
    }

    /// <summary>Whether a file of that size with those details has the content.</summary>
    /// <exception cref="VarveException">Storage: the file of this machine cannot be read. Damaged, NotFound: that of the
    /// snapshot.</exception>
    internal bool IsOf(long size, ReadOnlySpan<byte> details)
    {
        if (size != Size) { return false; }
        if (size == 0) { return true; }
        ExtentReader extents = DetailsCodec.InlineExtents(details);
        bool isOne = extents.MoveNext() && extents.Current is { Offset: 0, IsHole: false } one && one.Length == size;
        if (isOne && _whole is not null && _chunks.TryLocate(extents.Current.Chunk, out ChunkLocation location) && location.Length == size)
        {
            return _chunks.IsChunk(extents.Current.Chunk, _whole);
        }

        string key = DetailsCodec.TryGet(details, DetailTag.Extents, out ReadOnlySpan<byte> list) ? Convert.ToBase64String(list)
            : DetailsCodec.ExtentList(details).ToString();
        if (_known.TryGetValue(key, out bool isSame)) { return isSame; }
        int errno = _equality.Compare(_file, details, size, out isSame);
        if (errno != 0)
        {
            throw new VarveException(
                ErrorKind.Storage, Subject.Request("the file that is looked for"), $"cannot be read: {Errno.Message(errno)}");
        }

        return _known[key] = isSame;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Close();

    private static int ReadAll(SafeFd file, long size, out byte[] bytes)
    {
        bytes = new byte[size];
        int errno = 0;
        for (int done = 0; errno == 0 && done < bytes.Length;)
        {
            errno = Posix.ReadAt(file.Value, bytes.AsSpan(done), done, out int got);
            if (got == 0) { break; } // it was cut short: then nothing is the same
            done += got;
        }

        return errno;
    }
}
