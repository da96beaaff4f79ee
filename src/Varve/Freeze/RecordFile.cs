using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Locks;

namespace Varve.Freeze;

/// <summary>
/// The record of one snapshot on disk, locked for as long as its maker lives: the kernel drops the lock when the process ends, however it
/// ends. Durable before the snapshot is made, removed after it is gone. Not thread-safe.
/// </summary>
internal sealed class RecordFile
{
    private const string Extension = ".record";
    private readonly PrivateDirectory _folder;
    private readonly SafeFd _file;
    private readonly string _name;

    private RecordFile(PrivateDirectory folder, string name, SafeFd file, FreezeRecord? record)
    {
        _folder = folder;
        _name = name;
        _file = file;
        Record = record;
    }

    /// <summary>The record; null if the file holds none.</summary>
    public FreezeRecord? Record { get; }

    /// <summary>The file.</summary>
    public string Location => Path.Combine(_folder.Path, _name);

    /// <summary>
    /// Writes a record to the directory, which is created with mode 0700 when it is missing, and makes the snapshot's own directory beside
    /// it.
    /// </summary>
    /// <exception cref="VarveException">Storage.</exception>
    public static RecordFile Create(FreezeRecord record)
    {
        string path = Path.GetDirectoryName(record.MountPlace)!, name = record.Name + Extension;
        PrivateDirectory folder = PrivateDirectory.TryOpen(path, out string reason) ?? throw Failed(path, reason);
        int errno = DurableFile.CreateLocked(folder.Fd, Encoding.UTF8.GetBytes(name), Modes.PrivateFile, out SafeFd file);
        if (errno == 0) { errno = Posix.WriteAll(file.Value, record.Encode()); }
        if (errno == 0) { errno = Posix.Sync(file.Value); }
        if (errno == 0) { errno = DurableFile.SyncDirectory(folder.Fd, default); }
        if (errno == 0) { errno = Posix.MakeDirectoryAt(folder.Fd, Encoding.UTF8.GetBytes(record.Name), Modes.PrivateDirectory); }
        if (errno == 0) { return new RecordFile(folder, name, file, record); }
        file.Close();
        folder.Dispose();
        throw Failed(Path.Combine(path, name), Errno.Message(errno));
    }

    /// <summary>The records whose makers are gone, locked by the caller from now on.</summary>
    public static List<RecordFile> Abandoned(string folder)
    {
        var found = new List<RecordFile>();
        using PrivateDirectory? all = PrivateDirectory.OpenExisting(folder);
        if (all is null || all.List(out List<string> names) != 0) { return found; }
        foreach (string name in names.Where(static n => n.EndsWith(Extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (!OwnerLock.TryTakeOver(all.Fd, Encoding.UTF8.GetBytes(name), out SafeFd file)) { continue; }
            if (PrivateDirectory.OpenExisting(folder) is { } own) { found.Add(new RecordFile(own, name, file, Read(file))); }
            else { file.Close(); }
        }

        return found;
    }

    /// <summary>The snapshot is gone: so are its directory and its record.</summary>
    public void Remove()
    {
        if (Record is not null) { _ = Posix.UnlinkAt(_folder.Fd, Encoding.UTF8.GetBytes(Record.Name), Posix.AT_REMOVEDIR); }
        _ = _folder.Remove(_name);
        Leave();
    }

    /// <summary>The snapshot is still there: the record stays for a later run.</summary>
    public void Leave()
    {
        _file.Close();
        _folder.Dispose();
    }

    private static FreezeRecord? Read(SafeFd file)
    {
        var bytes = new byte[16 << 10];
        _ = Posix.ReadAt(file.Value, bytes, 0, out int length);
        return length == 0 ? null : FreezeRecord.Decode(bytes.AsSpan(0, length));
    }

    private static VarveException Failed(string path, string why) =>
        new(ErrorKind.Storage, Subject.Cache(path), $"is the snapshot's record and cannot be made: {why}", Advice.ChooseCache);
}
