namespace Varve.Backup.Passes;

/// <summary>
/// The directories that were seen, from above, and which of them are to be visited again: those that are out of date, and all on the way to
/// them. Filled by one thread, then not changed.
/// </summary>
internal sealed class SeenTree
{
    private readonly SeenDirectories _seen;
    private readonly int[] _firstChild, _nextSibling;
    private readonly bool[] _isVisited;

    internal SeenTree(SeenDirectories seen)
    {
        _seen = seen;
        int count = seen.Count;
        (_firstChild, _nextSibling, _isVisited) = (new int[count], new int[count], new bool[count]);
        Array.Fill(_firstChild, -1);
        // Parents come before their children.
        for (int i = count - 1; i >= 0; i--)
        {
            int parent = seen.Parent(i);
            if (parent < 0 || (seen.State(i) & SeenState.Gone) != 0) { continue; }
            (_nextSibling[i], _firstChild[parent]) = (_firstChild[parent], i);
        }
    }

    /// <summary>The first child of a directory; -1 if it has none.</summary>
    internal int FirstChild(int index) => _firstChild[index];

    /// <summary>The child after that one; -1 if it was the last.</summary>
    internal int NextSibling(int index) => _nextSibling[index];

    /// <summary>Whether a directory is to be visited again.</summary>
    internal bool IsVisited(int index) => _isVisited[index];

    /// <summary>A directory is to be visited again, and all above it.</summary>
    internal void Visit(int index)
    {
        for (int at = index; at >= 0 && !_isVisited[at]; at = _seen.Parent(at)) { _isVisited[at] = true; }
    }
}
