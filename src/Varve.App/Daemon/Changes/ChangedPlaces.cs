using Varve.Freeze;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Watching;

namespace Varve.App.Daemon.Changes;

/// <summary>
/// Where in a tree something happened, by handles of directories, which stay the same however they are renamed; and numbers of files with
/// several names, which may have changed under another. Used under its owner's lock.
/// </summary>
internal sealed class ChangedPlaces
{
    private readonly Dictionary<byte[], long> _directories = new(BytesComparer.Instance);
    private readonly Dictionary<ulong, long> _inodes = [];

    /// <summary>Numbers of files with several names.</summary>
    internal IReadOnlyCollection<ulong> Inodes => _inodes.Keys;

    /// <summary>
    /// Takes what events told, as far as it concerns the tree; false if that cannot be told of all: then anything may have changed.
    /// </summary>
    /// <param name="events">They are forgotten.</param>
    /// <param name="mount">The root of the tree, open.</param>
    /// <param name="root">Its path.</param>
    /// <param name="ours">Places that no run saves, and one that each run changes.</param>
    /// <param name="now">When they were read, at the latest.</param>
    /// <param name="isNews">Whether any of it is a reason for a run.</param>
    internal bool Take(
        NewEvents events, int mount, byte[] root, (IReadOnlyList<byte[]> LeftOut, byte[] Quiet) ours, long now, out bool isNews)
    {
        bool isSure = !events.IsOver;
        isNews = false;
        var directories = new HashSet<byte[]>(events.Directories, BytesComparer.Instance);
        foreach ((byte[] handle, FileNews news) in events.Files)
        {
            int errno = FileHandles.Hold(mount, handle, out SafeFd held);
            EntryStat stat = default;
            if (errno == 0) { errno = Posix.Stat(held.Value, out stat); }
            held.Close();
            isSure &= errno is 0 or Errno.ESTALE;
            if (stat.Links == 0) { continue; }
            directories.UnionWith(news.Directories);
            if (stat.Links == 1 && !news.IsAlone) { continue; }
            _inodes[stat.Inode] = now;
            isNews = true;
        }

        foreach (byte[] handle in directories)
        {
            int errno = Find(mount, handle, out byte[] path);
            isSure &= errno is 0 or Errno.ESTALE;
            if (!IsMeant(path, root, ours.LeftOut)) { continue; }
            _directories[handle] = now;
            isNews |= !Paths.IsAtOrBelow(path, ours.Quiet);
        }

        events.Clear();
        return isSure;
    }

    /// <summary>Adds what others are, keeping when it happened last.</summary>
    internal void Add(ChangedPlaces others)
    {
        foreach ((byte[] handle, long time) in others._directories)
        {
            _directories[handle] = Math.Max(time, _directories.GetValueOrDefault(handle));
        }

        foreach ((ulong inode, long time) in others._inodes) { _inodes[inode] = Math.Max(time, _inodes.GetValueOrDefault(inode)); }
    }

    /// <summary>What happened at a moment or after it.</summary>
    internal ChangedPlaces Since(long moment)
    {
        var late = new ChangedPlaces();
        foreach ((byte[] handle, long time) in _directories.Where(d => d.Value >= moment)) { late._directories[handle] = time; }
        foreach ((ulong inode, long time) in _inodes.Where(i => i.Value >= moment)) { late._inodes[inode] = time; }
        return late;
    }

    /// <summary>
    /// The directories as they are called in the tree now; null if that cannot be told. What is gone, or elsewhere, is left out.
    /// </summary>
    internal List<byte[]>? PathsIn(int mount, byte[] root, IReadOnlyList<byte[]> leftOut)
    {
        var paths = new List<byte[]>();
        foreach (byte[] handle in _directories.Keys)
        {
            int errno = Find(mount, handle, out byte[] path);
            if (errno is not (0 or Errno.ESTALE)) { return null; }
            if (IsMeant(path, root, leftOut)) { paths.Add(Paths.Below(path, root).ToArray()); }
        }

        return paths;
    }

    private static bool IsMeant(byte[] path, byte[] root, IReadOnlyList<byte[]> own)
    {
        if (path.Length == 0 || !Paths.IsAtOrBelow(path, root)) { return false; }
        return !own.Any(place => Paths.IsAtOrBelow(path, place));
    }

    private static int Find(int mount, byte[] handle, out byte[] path)
    {
        path = [];
        int errno = FileHandles.Hold(mount, handle, out SafeFd held);
        if (errno != 0) { return errno; }
        errno = FileHandles.PathOf(held.Value, out path);
        held.Close();
        return errno;
    }
}
