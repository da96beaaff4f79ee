using Varve.Model;

namespace Varve.Backup.Read;

/// <summary>
/// The content of files with several names, so that the second name need not be read. Bounded: beyond the bound names are simply read
/// again, and deduplicate. Thread-safe.
/// </summary>
internal sealed class LinkCache
{
    private const int MaxEntries = 65_536;

    // An inline list has at most 64 extents of 45 bytes.
    private const int MaxContentBytes = 3_000;

    private readonly Dictionary<(ulong Device, ulong Inode), (long Size, FileTime Mtime, FileTime Ctime, byte[] Details)> _known = [];

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

    internal void Remember(in EntryStat stat, ReadOnlySpan<byte> details)
    {
        if (stat.Links < 2 || details.Length > MaxContentBytes) { return; }
        lock (_known)
        {
            if (_known.Count >= MaxEntries) { _known.Clear(); }
            _known[(stat.Device, stat.Inode)] = (stat.Size, stat.Mtime, stat.Ctime, details.ToArray());
        }
    }
}
