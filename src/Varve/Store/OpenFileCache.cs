using Varve.Platform.Files;
using Varve.Platform;

namespace Varve.Store;

/// <summary>
/// Open files by key, the least recently used closed first; at most 64, or one, beyond those being read right now. Only for
/// objects that never change. Thread-safe.
/// </summary>
internal sealed class OpenFileCache
{
    private static readonly int s_capacity = DescriptorShare.Of(usual: 64, least: 1);

    // Guarded by itself: both fields and the entries' reference counts.
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new(); // most recent first

    /// <summary>A file in the cache: open while it is there or somebody reads it.</summary>
    public sealed class Entry(string key, SafeFd file)
    {
        public string Key { get; } = key;
        public int Fd => File.Value;
        internal SafeFd File { get; } = file;
        internal int References { get; set; } = 1; // the reader that added it; the cache counts as one more
    }

    /// <summary>The open file, or null. The caller gives it back by <see cref="Release"/>.</summary>
    public Entry? TryAcquire(string key)
    {
        lock (_byKey)
        {
            if (!_byKey.TryGetValue(key, out LinkedListNode<Entry>? node)) { return null; }
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            node.Value.References++;
            return node.Value;
        }
    }

    /// <summary>Takes over an opened file and hands it to the caller, who gives it back by <see cref="Release"/>.</summary>
    public Entry Add(string key, SafeFd file)
    {
        var entry = new Entry(key, file);
        lock (_byKey)
        {
            Forget(key); // another reader may have opened it at the same time
            entry.References++;
            _byKey[key] = _byUse.AddFirst(entry);
            if (_byUse.Count > s_capacity) { Forget(_byUse.Last!.Value.Key); }
        }

        return entry;
    }

    /// <summary>Ends one use.</summary>
    public void Release(Entry entry)
    {
        lock (_byKey)
        {
            if (--entry.References == 0) { entry.File.Close(); }
        }
    }

    /// <summary>Takes a file out of the cache; it is closed when its last reader is done.</summary>
    public void Remove(string key)
    {
        lock (_byKey) { Forget(key); }
    }

    /// <summary>Takes all files out of the cache.</summary>
    public void Clear()
    {
        lock (_byKey)
        {
            while (_byUse.Last is { } last) { Forget(last.Value.Key); }
        }
    }

    private void Forget(string key)
    {
        if (!_byKey.Remove(key, out LinkedListNode<Entry>? node)) { return; }
        _byUse.Remove(node);
        Release(node.Value); // the lock is re-entrant
    }
}
