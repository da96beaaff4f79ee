using System.Diagnostics;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Locks;

namespace Varve.Store;

/// <summary>Lists what lies below a store's root. Thread-safe.</summary>
internal sealed class ObjectLister(StoreRoot root)
{
    /// <summary>What it means that a directory is not there.</summary>
    internal enum Absent { IsEmpty, IsError }

    /// <summary>
    /// See <see cref="IStore.List(string)"/>; directories below which nothing can be listed go to <paramref name="unreadable"/>, if there
    /// is one, and are errors otherwise.
    /// </summary>
    /// <remarks>
    /// One directory's names are in memory at a time. Files whose names cannot be keys (of file managers, <c>lost+found</c>) are not
    /// objects. What stands where an object should and is none (a symlink, a directory) is listed with length 0: whoever reads it hears
    /// what it is.
    /// </remarks>
    internal IEnumerable<StoreObject> List(string prefix, Action<VarveException>? unreadable)
    {
        StoreKey.CheckPrefix(prefix);
        _ = root.Descriptor; // complains at once, not at the first object
        return Enumerate(prefix[..(prefix.LastIndexOf('/') + 1)], prefix, unreadable);
    }

    private IEnumerable<StoreObject> Enumerate(string directory, string prefix, Action<VarveException>? unreadable)
    {
        // The root is there; a directory below it that is not, has never had an object put.
        Absent missing = directory.Length == 0 ? Absent.IsError : Absent.IsEmpty;
        foreach ((string name, EntryStat stat) in ReadDirectory(directory.TrimEnd('/'), missing, unreadable))
        {
            string key = directory + name;
            if (!key.StartsWith(prefix, StringComparison.Ordinal) || !StoreKey.IsValid(key)) { continue; }
            bool isDirectory = stat.Kind == EntryKind.Directory && name.Length <= StoreKey.MaxDirectoryLength;
            if (stat.Kind == EntryKind.File) { yield return new StoreObject(key, stat.Size); }
            else if (name.Length > StoreKey.MaxDirectoryLength) { yield return new StoreObject(key, 0); }
            if (!isDirectory) { continue; }
            foreach (StoreObject found in Enumerate(key + "/", prefix, unreadable)) { yield return found; }
        }
    }

    /// <summary>The names of a directory that could be components of keys, with their stats. All of them, or an exception.</summary>
    private List<(string Name, EntryStat Stat)> ReadDirectory(string directory, Absent missing, Action<VarveException>? unreadable)
    {
        List<(string Name, EntryStat Stat)> entries = [];
        int errno = root.Open(directory, Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd fd);
        if (errno == Errno.ENOENT && missing == Absent.IsEmpty)
        {
            root.RequireAbsence(errno, "listed", directory);
            return entries;
        }

        if (errno == 0)
        {
            try { errno = Read(fd, directory, entries, unreadable); }
            finally { fd.Close(); }
        }

        if (errno == 0) { return entries; }
        if (unreadable is null || missing == Absent.IsError) { throw root.Error(errno, "listed", directory + "/"); }
        VarveException e = root.Unreadable(errno, "listed", directory + "/");
        if (e.Kind != ErrorKind.Damaged) { throw e; }
        unreadable(e);
        return [];
    }

    private int Read(
        SafeFd fd, string directory, List<(string Name, EntryStat Stat)> entries, Action<VarveException>? unreadable)
    {
        if (directory != StoreKey.MutableDirectory) { return ReadNames(fd.Value, directory, entries, unreadable); }

        // The lock keeps Exchange out. Without it (NFS, a holder that is stopped), or where Exchange may have lost its patience with this
        // one, what one reading overlooks, the other sees.
        bool locked = BriefLock.Take(fd.Value, Posix.LOCK_EX) == 0;
        long began = Stopwatch.GetTimestamp();
        int errno = ReadNames(fd.Value, directory, entries, unreadable);
        if (locked) { BriefLock.Release(fd.Value); }
        if (errno != 0 || (locked && Stopwatch.GetElapsedTime(began) < BriefLock.Patience / 2)) { return errno; }
        List<(string Name, EntryStat Stat)> again = [];
        errno = ReadNames(fd.Value, directory, again, unreadable);
        entries.AddRange(again.ExceptBy(entries.ConvertAll(static e => e.Name), static e => e.Name));
        return errno;
    }

    private int ReadNames(int fd, string directory, List<(string, EntryStat)> entries, Action<VarveException>? unreadable)
    {
        var reader = new DirectoryReader();
        int errno = reader.Begin(fd);
        while (errno == 0 && reader.Next(out ReadOnlySpan<byte> name, out _, out EntryKind kind, out errno))
        {
            string text = Encoding.Latin1.GetString(name); // what is no ASCII is no component then
            if (!StoreKey.IsComponent(text)) { continue; }
            int statErrno = Posix.StatAt(fd, name, out EntryStat stat);
            if (statErrno == Errno.ENOENT) { continue; } // deleted meanwhile
            if (statErrno != 0)
            {
                // It is there, and whoever reads it hears why that is not possible; unless it is not it, but the store.
                if (root.Unreadable(statErrno, "listed", Key(directory, text)) is { Kind: not ErrorKind.Damaged } e) { throw e; }
                stat.Kind = kind == EntryKind.None ? EntryKind.File : kind;
            }

            if (stat.Kind != EntryKind.Symlink || text.Length > StoreKey.MaxDirectoryLength) { entries.Add((text, stat)); }
            else if (unreadable is null) { throw root.LinkError(Key(directory, text), ErrorKind.Storage); }
            else { unreadable(root.LinkError(Key(directory, text), ErrorKind.Damaged)); }
        }

        return errno;
    }

    private static string Key(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";
}
