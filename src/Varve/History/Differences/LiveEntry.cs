using Varve.History.Content;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Tree.Details;

namespace Varve.History.Differences;

/// <summary>
/// Reads what a stat does not tell of entries of this machine, in the form that snapshots have it, so that both are compared alike. Not
/// thread-safe.
/// </summary>
/// <param name="content">Compares content by its bytes; null: content is the same if size and time of modification are.</param>
internal sealed class LiveEntry(FileEquality? content)
{
    private readonly ByteWriter _writer = new();

    /// <summary>
    /// Whether an entry is as it was by its stat: what changed it in any way gave it another time of change. Content has to be compared
    /// all the same where that is asked for.
    /// </summary>
    internal bool IsAsItWas(in EntryStat before, in EntryStat now) => before.Kind == now.Kind && before.Inode == now.Inode
        && before.Ctime == now.Ctime && before.Mtime == now.Mtime && before.Size == now.Size
        && (content is null || now.Kind != EntryKind.File);

    /// <summary>
    /// The details of an entry with that stat, in an open directory; with the content of <paramref name="before"/>, if there is such a
    /// state and the content is the same. Returns 0, or the error number and which operation failed.
    /// </summary>
    /// <exception cref="VarveException">Damaged, NotFound: the content of the snapshot's file.</exception>
    internal int Read(int directory, ReadOnlySpan<byte> name, in EntryStat stat, EntryState? before, out byte[] details,
        out FailedOperation operation)
    {
        details = [];
        operation = FailedOperation.Metadata;
        byte[]? target = null;
        if (stat.Kind == EntryKind.Symlink)
        {
            int unread = EntryReader.ReadLink(directory, name, out target);
            if (unread != 0) { return unread; }
        }

        int errno = EntryReader.ReadXattrsAt(directory, name, out Xattr[] xattrs, out _);
        if (errno is not (0 or Errno.ENOSYS)) { return errno; }
        operation = FailedOperation.Read;
        errno = HasContentOf(directory, name, in stat, before, out bool isSame);
        if (errno != 0) { return errno; }
        _writer.Clear();
        var fields = new DetailsWriter(_writer);
        if (isSame) { CopyContent(ref fields, before!.Details); }
        if (target is not null) { fields.SymlinkTarget(target); }
        if (stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice) { fields.Device(stat.RdevMajor, stat.RdevMinor); }
        foreach (Xattr xattr in xattrs) { fields.Xattr(xattr.Name, xattr.Value); }
        fields.BirthAndAttributes(in stat);
        details = _writer.Written.ToArray();
        return 0;
    }

    /// <summary>
    /// A state that was read without one before it, of the file at an absolute path: with the content of <paramref name="before"/>, if it
    /// is the same. Returns 0, or the error number of reading it.
    /// </summary>
    /// <exception cref="VarveException">Damaged, NotFound: the content of the snapshot's file.</exception>
    internal int Complete(ReadOnlySpan<byte> path, EntryState before, ref EntryState now)
    {
        EntryStat stat = now.Stat;
        int errno = HasContentOf(Posix.AT_FDCWD, path, in stat, before, out bool isSame);
        if (errno != 0 || !isSame) { return errno; }
        _writer.Clear();
        var fields = new DetailsWriter(_writer);
        CopyContent(ref fields, before.Details); // the first of all tags
        now = now with { Details = [.. _writer.Written, .. now.Details] };
        return 0;
    }

    private int HasContentOf(int directory, ReadOnlySpan<byte> name, in EntryStat stat, EntryState? before, out bool isSame)
    {
        isSame = false;
        if (stat.Kind != EntryKind.File || before?.Stat.Kind != EntryKind.File || before.Stat.Size != stat.Size) { return 0; }
        isSame = before.Stat.Mtime == stat.Mtime;
        if (content is null) { return 0; }
        int errno = EntryReader.OpenFile(directory, name, out SafeFd file);
        if (errno == 0) { errno = content.Compare(file, before.Details, stat.Size, out isSame); }
        file.Close();
        return errno;
    }

    private static void CopyContent(ref DetailsWriter fields, ReadOnlySpan<byte> details)
    {
        if (DetailsCodec.TryGet(details, DetailTag.Extents, out ReadOnlySpan<byte> extents)) { fields.Extents(extents); }
        else if (DetailsCodec.ExtentList(details) is { IsNone: false } list) { fields.ExtentList(list); }
    }
}
