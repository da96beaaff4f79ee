using Varve.Model;

namespace Varve.Backup.Read;

/// <summary>
/// The content of files with several names, so that the second name need not be read, and is told like the first: a restore makes one file
/// only of names whose extents are equal, and one name may be cut anew while the other refers to parts of what was stored before. Bounded:
/// beyond the bound names are simply read again, and deduplicate. Thread-safe.
/// </summary>
internal sealed class LinkCache
{
    private const int MaxEntries = 65_536;

    // An inline list has at most 64 extents of 45 bytes.
    private const int MaxContentBytes = 3_000;

    private readonly Dictionary<(ulong Device, ulong Inode), (long Size, FileTime Mtime, FileTime Ctime, byte[] Details)> _known = [];

    /// <summary>The details of a name of the same file in the same state; null if none is known.</summary>
    internal byte[]? Find(in EntryStat stat)
    {
        if (stat.Links < 2) { return null; }
        lock (_known)
        {
            return _known.TryGetValue((stat.Device, stat.Inode), out var hit) && hit.Size == stat.Size && hit.Mtime == stat.Mtime
                && hit.Ctime == stat.Ctime
                ? hit.Details : null;
        }
    }

    /// <summary>
    /// What is to be recorded of a name that was read: its own details, or those of another name of the same state that was through first,
    /// for two threads may have read both at once.
    /// </summary>
    internal ReadOnlySpan<byte> Settle(in EntryStat stat, ReadOnlySpan<byte> details)
    {
        if (stat.Links < 2 || details.Length > MaxContentBytes) { return details; }
        lock (_known)
        {
            if (Find(in stat) is { } first) { return first; }
            if (_known.Count >= MaxEntries) { _known.Clear(); }
            _known[(stat.Device, stat.Inode)] = (stat.Size, stat.Mtime, stat.Ctime, details.ToArray());
            return details;
        }
    }
}
