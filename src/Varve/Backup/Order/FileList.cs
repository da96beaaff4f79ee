using Varve.Backup.Run;

namespace Varve.Backup.Order;

/// <summary>
/// The regular files of one directory that must be read: index in its listing, and in the known rows (-1: none). Kept by a walker and
/// reused. Not thread-safe.
/// </summary>
internal sealed class FileList
{
    private readonly List<(int Now, int Known)> _items = [];

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
}
