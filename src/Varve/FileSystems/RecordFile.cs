using System.Text;
using Varve.Model;
using Varve.Platform;

namespace Varve.FileSystems;

/// <summary>
/// The record of one snapshot on disk, locked for as long as its maker lives: the kernel drops the lock when the process ends, however it ends. Durable before the
/// snapshot is made, removed after it is gone. Not thread-safe.
/// </summary>
public sealed class RecordFile
{
    private const string Extension = ".record";
    private readonly SafeFd _file;

    private RecordFile(string path, SafeFd file, SnapshotRecord? record)
    {
        Location = path;
        _file = file;
        Record = record;
    }

    /// <summary>The record; null if the file holds none.</summary>
    public SnapshotRecord? Record { get; }

    /// <summary>The file.</summary>
    public string Location { get; }

    /// <summary>Writes a record to the directory, which is created with mode 0700 when it is missing, and makes the snapshot's own directory beside it.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    public static RecordFile Create(SnapshotRecord record)
    {
        string folder = Path.GetDirectoryName(record.MountPlace)!;
        string path = Path.Combine(folder, record.Name + Extension);
        try { Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Failed(folder, e.Message); }
        int errno = DurableFile.CreateLocked(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), 0x180, out SafeFd file);
        if (errno == 0 && Posix.WriteAll(file.Value, record.Encode()) < 0) { errno = Posix.LastError; }
        if (errno == 0 && Posix.Sync(file.Value) < 0) { errno = Posix.LastError; }
        if (errno == 0) { errno = DurableFile.SyncDirectory(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(folder)); }
        if (errno == 0 && Posix.MakeDirectoryAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(record.MountPlace), 0x1C0) < 0) { errno = Posix.LastError; }
        if (errno == 0) { return new RecordFile(path, file, record); }
        file.Close();
        throw Failed(path, Errno.Message(errno));
    }

    /// <summary>The records whose makers are gone, locked by the caller from now on.</summary>
    public static List<RecordFile> Abandoned(string folder)
    {
        var found = new List<RecordFile>();
        if (!Directory.Exists(folder)) { return found; }
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal))
        {
            var file = new SafeFd(Posix.OpenAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK | Posix.O_CLOEXEC));
            if (!file.IsOpen) { continue; }
            // Alone, and only while it has its name: another run may have cleaned up between open and lock.
            if (Posix.Lock(file.Value, Posix.LOCK_EX | Posix.LOCK_NB) < 0 || Posix.Stat(file.Value, out EntryStat stat) < 0 || stat.Links == 0) { file.Close(); }
            else { found.Add(new RecordFile(path, file, Read(file))); }
        }

        return found;
    }

    /// <summary>The snapshot is gone: so are its directory and its record.</summary>
    public void Remove()
    {
        if (Record is not null) { _ = Posix.UnlinkAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(Record.MountPlace), Posix.AT_REMOVEDIR); }
        _ = Posix.UnlinkAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(Location));
        _file.Close();
    }

    /// <summary>The snapshot is still there: the record stays for a later run.</summary>
    public void Leave() => _file.Close();

    private static SnapshotRecord? Read(SafeFd file)
    {
        var bytes = new byte[16 << 10];
        long length = Posix.ReadAt(file.Value, bytes, 0);
        return length <= 0 ? null : SnapshotRecord.Decode(bytes.AsSpan(0, (int)length));
    }

    private static VarveException Failed(string path, string why) =>
        new(ErrorKind.Storage, Subject.Cache(path), $"is the snapshot's record and cannot be made: {why}", Advice.ChooseCache);
}
