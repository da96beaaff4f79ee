using System.Runtime.InteropServices;
using Varve.Backup.Run;
using Varve.Model;

namespace Varve.Backup.Visit;

/// <summary>
/// The regular files of one directory that must be read: index in its listing, and in the known rows (-1: none). Kept by a walker and
/// reused. Not thread-safe.
/// </summary>
internal sealed class FileList
{
    private readonly List<(int Now, int Known)> _items = [];
    private readonly List<ulong> _inodes = [];

    /// <summary>Of those that belong together: each is read as one.</summary>
    internal List<FileGroup> Groups { get; } = [];

    internal int Count => _items.Count;

    internal (int Now, int Known) this[int i] => _items[i];

    internal void Add(int now, int known) => _items.Add((now, known));

    internal void Clear()
    {
        _items.Clear();
        Groups.Clear();
    }

    /// <summary>Into inode order: on a disk that is the order of their places, more or less.</summary>
    internal void Sort(EntryTable listing)
    {
        _inodes.Clear();
        foreach ((int now, int _) in _items) { _inodes.Add(listing.Stat(now).Inode); }
        CollectionsMarshal.AsSpan(_inodes).Sort(CollectionsMarshal.AsSpan(_items));
    }
}
