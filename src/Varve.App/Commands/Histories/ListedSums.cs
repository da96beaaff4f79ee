namespace Varve.App.Commands.Histories;

/// <summary>
/// Adds up what directories hold, of entries that come depth-first, each directory before what is in it. Memory grows with the entries that
/// are kept. Not thread-safe.
/// </summary>
/// <param name="isRecursive">All entries are kept, and not only those of the directory that is listed.</param>
/// <param name="depth">How many components the path of that directory has.</param>
internal sealed class ListedSums(bool isRecursive, int depth)
{
    private readonly List<(ListedEntry Entry, long Sum)> _kept = [];
    private readonly Stack<int> _open = []; // the directories that the last entry lies in, and itself

    /// <summary>The entries that are kept, in the order they came, with their sums; of what is no directory its size.</summary>
    internal IEnumerable<(ListedEntry Entry, long Sum)> Entries => _kept;

    /// <summary>Takes the next entry.</summary>
    internal void Add(ListedEntry entry)
    {
        int level = entry.Path.AsSpan().Count((byte)'/') + 1 - depth;
        int kept = Math.Max(0, isRecursive ? level - 1 : Math.Min(level - 1, 1)); // what is listed may be a file itself
        while (_open.Count > kept) { _open.Pop(); }
        long size = entry.Kind == EntryKind.File ? entry.Size : 0;
        foreach (int above in _open) { _kept[above] = _kept[above] with { Sum = Model.Bounds.Saturating.Sum([_kept[above].Sum, size]) }; }
        if (!isRecursive && level > 1) { return; }
        if (entry.Kind == EntryKind.Directory) { _open.Push(_kept.Count); }
        _kept.Add((entry, entry.Kind == EntryKind.Directory ? 0 : entry.Size));
    }
}
