using System.Text;
using Varve.Model;
using Varve.Platform;

namespace Varve.Store;

/// <summary>Lists what lies below a store's root. Thread-safe.</summary>
internal sealed class ObjectLister(StoreRoot root)
{
    /// <summary>What it means that a directory is not there.</summary>
    internal enum Absent { IsEmpty, IsError }

    /// <summary>See <see cref="IStore.List"/>.</summary>
    /// <remarks>
    /// One directory's names are in memory at a time. Files whose names cannot be keys (of file managers, <c>lost+found</c>) are not
    /// objects.
    /// </remarks>
    internal IEnumerable<StoreObject> List(string prefix)
    {
        StoreKey.CheckPrefix(prefix);
        _ = root.Descriptor; // complains at once, not at the first object
        return Enumerate(prefix[..(prefix.LastIndexOf('/') + 1)], prefix);
    }

    private IEnumerable<StoreObject> Enumerate(string directory, string prefix)
    {
        // The root is there; a directory below it that is not, has never had an object put.
        Absent missing = directory.Length == 0 ? Absent.IsError : Absent.IsEmpty;
        foreach ((string name, EntryStat stat) in ReadDirectory(directory.TrimEnd('/'), missing))
        {
            string key = directory + name;
            if (!key.StartsWith(prefix, StringComparison.Ordinal) || !StoreKey.IsValid(key)) { continue; }
            if (stat.Kind == EntryKind.File) { yield return new StoreObject(key, stat.Size); }
            if (stat.Kind != EntryKind.Directory) { continue; }
            foreach (StoreObject found in Enumerate(key + "/", prefix)) { yield return found; }
        }
    }

    /// <summary>The names of a directory that could be components of keys, with their stats. All of them, or an exception.</summary>
    internal List<(string Name, EntryStat Stat)> ReadDirectory(string directory, Absent missing)
    {
        List<(string Name, EntryStat Stat)> entries = [];
        byte[] path = directory.Length == 0 ? "."u8.ToArray() : Encoding.ASCII.GetBytes(directory);
        int openErrno = Posix.OpenAt(root.Descriptor, path, Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd fd);
        if (openErrno != 0)
        {
            if (missing == Absent.IsError) { throw root.Error(openErrno, "listed", directory + "/"); }
            root.RequireAbsence(openErrno, "listed", directory);
            return entries;
        }

        try
        {
            if (directory != StoreKey.MutableDirectory) { return ReadNames(fd.Value, directory); }

            // The lock keeps Exchange out. Where there are none (NFS), what one reading overlooks, the other sees.
            bool locked = Posix.Lock(fd.Value, Posix.LOCK_EX) == 0;
            entries = ReadNames(fd.Value, directory);
            return locked ? entries : [.. entries.UnionBy(ReadNames(fd.Value, directory), e => e.Name)];
        }
        finally { fd.Close(); }
    }

    private List<(string Name, EntryStat Stat)> ReadNames(int fd, string directory)
    {
        var entries = new List<(string, EntryStat)>();
        var reader = new DirectoryReader();
        int errno = reader.Begin(fd);
        while (errno == 0 && reader.Next(out ReadOnlySpan<byte> name, out _, out _, out errno))
        {
            string text = Encoding.Latin1.GetString(name); // what is no ASCII is no component then
            if (!StoreKey.IsComponent(text)) { continue; }
            int statErrno = Posix.StatAt(fd, name, out EntryStat stat);
            if (statErrno == 0) { entries.Add((text, stat)); }
            else if (statErrno != Errno.ENOENT) { throw root.Error(statErrno, "listed", directory + "/"); } // ENOENT: deleted meanwhile
            if (stat.Kind == EntryKind.Symlink) { throw root.Error(Errno.ELOOP, "listed", directory + "/"); }
        }

        return errno == 0 ? entries : throw root.Error(errno, "listed", directory + "/");
    }
}
