using System.Text;
using Varve.Model;

namespace Varve.Backup.Passes;

/// <summary>
/// The child directories of a directory that is visited again, as they were seen before, by name. Used by the thread that visits it.
/// </summary>
internal sealed class SeenChildren
{
    private readonly SeenDirectories _seen;
    private readonly Dictionary<string, int> _children = new(StringComparer.Ordinal);

    internal SeenChildren(SeenDirectories seen, SeenTree tree, int parent)
    {
        _seen = seen;
        for (int child = tree.FirstChild(parent); child >= 0; child = tree.NextSibling(child))
        {
            _children[Encoding.Latin1.GetString(seen.Name(child))] = child;
        }
    }

    /// <summary>
    /// The number of the one that is there still, under its name and made up as before; -1 if there is none. Whoever gets a number keeps
    /// it.
    /// </summary>
    internal int Take(ReadOnlySpan<byte> name, in EntryStat stat, bool isMerged)
    {
        string key = Encoding.Latin1.GetString(name);
        if (!_children.TryGetValue(key, out int child) || _seen.IsOther(child, in stat)
            || (_seen.State(child) & SeenState.Merged) != 0 != isMerged)
        {
            return -1;
        }
        _children.Remove(key);
        return child;
    }

    /// <summary>
    /// Those that nobody took are not where they were: forgets them. <paramref name="isSaved"/>: whether the snapshot has what is called so
    /// all the same.
    /// </summary>
    internal void Leave(Predicate<byte[]> isSaved)
    {
        foreach ((string name, int child) in _children) { _seen.Forget(child, isSaved(Encoding.Latin1.GetBytes(name))); }
    }
}
