using Varve.Store.Wire;

namespace Varve.Store.Sftp;

/// <summary>
/// Files that stay open between reads, each by its key, the one that was used longest ago closed first. A handle is of its channel: with
/// that it ends. Thread-safe.
/// </summary>
internal sealed class SftpHandles
{
    private const int Most = 32;

    private readonly Dictionary<string, Entry> _open = new(StringComparer.Ordinal); // guarded by itself
    private long _uses;

    internal sealed class Entry(string key, SftpFiles files, byte[] handle)
    {
        internal string Key => key;
        internal SftpFiles Files => files;
        internal byte[] Handle => handle;
        internal int Readers { get; set; } = 1;
        internal long LastUse { get; set; }
        internal bool IsKept { get; set; } = true;
    }

    /// <summary>The open file, or null. The caller gives it back by <see cref="Release"/>.</summary>
    internal Entry? TryAcquire(string key, SftpFiles files)
    {
        lock (_open)
        {
            if (!_open.TryGetValue(key, out Entry? entry)) { return null; }
            if (entry.Files != files)
            {
                Forget(entry); // of a line that is lost
                return null;
            }

            entry.Readers++;
            entry.LastUse = ++_uses;
            return entry;
        }
    }

    /// <summary>Takes over an opened file and hands it to the caller, who gives it back by <see cref="Release"/>.</summary>
    internal Entry Add(string key, SftpFiles files, byte[] handle)
    {
        var entry = new Entry(key, files, handle);
        lock (_open)
        {
            if (_open.TryGetValue(key, out Entry? other)) { Forget(other); }
            entry.LastUse = ++_uses;
            _open[key] = entry;
            if (_open.Count > Most) { Forget(_open.Values.MinBy(static e => e.LastUse)!); }
        }

        return entry;
    }

    /// <summary>Ends one use.</summary>
    internal void Release(Entry entry)
    {
        lock (_open)
        {
            entry.Readers--;
            CloseUnused(entry);
        }
    }

    /// <summary>Takes a file out; it is closed when its last reader is done.</summary>
    internal void Remove(string key)
    {
        lock (_open)
        {
            if (_open.TryGetValue(key, out Entry? entry)) { Forget(entry); }
        }
    }

    private void Forget(Entry entry)
    {
        _open.Remove(entry.Key);
        entry.IsKept = false;
        CloseUnused(entry);
    }

    private static void CloseUnused(Entry entry)
    {
        if (entry is { IsKept: false, Readers: 0 }) { _ = SftpFiles.Quietly(entry.Files.Close(entry.Handle)); }
    }
}
