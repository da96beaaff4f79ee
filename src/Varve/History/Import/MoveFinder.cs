using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Tree.Details;

namespace Varve.History.Import;

/// <summary>
/// Finds out which directory a directory was before it was moved or renamed. One for each thread, since it uses that thread's catalog.
/// <para>A directory is the one of before only if it has the same inode number on the same file system (told by the mounts' keys, because
/// device numbers change) and the same birth time, or, where the file system keeps none, the same mtime, which a rename leaves alone: an
/// inode number that was given to another directory is not mistaken for it.</para>
/// <para>Of the catalog it asks what stood when the snapshot in the making began, however much of that it has ended meanwhile.</para>
/// </summary>
internal sealed class MoveFinder(CatalogReader catalog, long source, long running, bool onlyByBirth)
{
    private const int MaxMounts = 4096;
    private readonly Dictionary<long, ulong?> _mounts = [];

    /// <summary>
    /// The directory's id in the catalog, or 0. <paramref name="own"/> is the one it has now, <paramref name="isLink"/> whether a snapshot
    /// has it under the other: what a killed run recorded is of use, but nothing to lead back to.
    /// </summary>
    internal long Find(in EntryStat now, ReadOnlySpan<byte> details, ulong mountKey, long own, out bool isLink)
    {
        long found = 0;
        isLink = false;
        foreach (KnownDirectory known in catalog.FindDirectories(source, now.Inode, running))
        {
            if (!IsSame(in now, details, in known) || MountOf(in known) != mountKey) { continue; }
            if (!catalog.TryGetDirectory(known.Parent, known.Name, out DirectoryRow row) || row.Id == own) { continue; }
            isLink = known.First < running;
            found = row.Id;
            if (isLink) { break; }
        }

        return found;
    }

    /// <summary>
    /// Whether what the catalog knows of a directory's parent says that it stands where it stood, so that there is nothing to find.
    /// </summary>
    internal static bool Stays(EntryTable? known, ReadOnlySpan<byte> name, ulong inode, long running)
    {
        int k = known?.Find(name) ?? -1;
        if (k < 0) { return false; }
        return At(k) || At(k - 1) || At(k + 1); // a name has two states at most

        bool At(int i) =>
            i >= 0 && i < known!.Count && known.First(i) < running && known.Stat(i).Inode == inode
            && known.Stat(i).Kind == EntryKind.Directory
            && known.Name(i).SequenceEqual(known.Name(k));
    }

    private bool IsSame(in EntryStat now, ReadOnlySpan<byte> details, in KnownDirectory known)
    {
        bool born = DetailsCodec.TryGet(details, DetailTag.Birth, out ReadOnlySpan<byte> birth);
        bool knownBorn = DetailsCodec.TryGet(known.Details, DetailTag.Birth, out ReadOnlySpan<byte> knownBirth);
        return born && knownBorn ? birth.SequenceEqual(knownBirth) : !born && !knownBorn && !onlyByBirth && now.Mtime == known.Stat.Mtime;
    }

    private ulong? MountOf(in KnownDirectory known)
    {
        ulong own = DetailsCodec.Mount(known.Details);
        return own != 0 ? own : MountOf(known.Parent);
    }

    /// <summary>
    /// The key of the file system a directory lay on; null if the states that may be meant do not agree. Paths have no limit, so this is no
    /// recursion.
    /// </summary>
    private ulong? MountOf(long directory)
    {
        if (_mounts.Count >= MaxMounts) { _mounts.Clear(); }
        ulong? key = null;
        var way = new List<long>();
        for (long at = directory; ; way.Add(at), at = Above(at, out key))
        {
            if (key is not null || at < 0) { break; }
            if (_mounts.TryGetValue(at, out key)) { break; }
        }

        foreach (long passed in way) { _mounts[passed] = key; }
        return key;
    }

    /// <summary>
    /// The directory above one that lies on the same file system; or the key, if it begins there or at the root; -1 without a key if that
    /// cannot be told.
    /// </summary>
    private long Above(long directory, out ulong? key)
    {
        key = null;
        if (!catalog.TryLocate(directory, out long parent, out byte[] name))
        {
            key = 0;
            return -1;
        }

        List<KnownDirectory> states = catalog.FindDirectory(parent, name, running);
        if (states.Count == 0) { return -1; }
        ulong own = DetailsCodec.Mount(states[0].Details);
        if (!states.TrueForAll(s => DetailsCodec.Mount(s.Details) == own)) { return -1; }
        if (own != 0) { key = own; }
        return own != 0 ? -1 : parent;
    }
}
