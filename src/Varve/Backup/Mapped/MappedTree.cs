using System.Text;

namespace Varve.Backup.Mapped;

/// <summary>
/// The directories of a source as they are recorded, found out from those that are there. A directory is in it if anything lies in it, or
/// if one that is it is empty: what all entries were mapped out of is not. Memory is for directories, not for files. Used by one thread at
/// a time.
/// </summary>
internal sealed class MappedTree
{
    private readonly List<ActualDirectory> _actual = [];

    /// <summary>The source's root.</summary>
    internal MappedDirectory Root { get; } = new(null, []);

    /// <summary>Whether something could not be listed, so that nobody knows what lies where.</summary>
    internal bool IsIncomplete { get; set; }

    /// <summary>Adds a directory that was listed.</summary>
    /// <param name="actual">It.</param>
    /// <param name="isEmpty">Whether it has no entry.</param>
    /// <param name="hasOwn">Whether it has entries, no directories that are entered, which lie in what it is.</param>
    /// <param name="elsewhere">The places of those that lie in others: each the directory's path.</param>
    internal void Add(ActualDirectory actual, bool isEmpty, bool hasOwn, IReadOnlyCollection<byte[]> elsewhere)
    {
        _actual.Add(actual);
        if ((isEmpty || hasOwn) && actual.Canonical is { } canonical) { Get(canonical).Add(actual); }
        foreach (byte[] path in elsewhere) { Get(path).Add(actual); }
    }

    /// <summary>All were added: says which directories are which.</summary>
    internal void Finish()
    {
        foreach (ActualDirectory actual in _actual)
        {
            // What is a directory of the source is listed in the one above it.
            if (actual.Canonical is { } path && Find(path) is { } found)
            {
                found.Own.Add(actual);
                if (actual.Parent is not null && found.Parent is { } above) { above.Add(actual.Parent); }
            }
        }

        var parts = new HashSet<ActualDirectory>();
        var all = new List<MappedDirectory> { Root };
        for (int i = 0; i < all.Count; i++)
        {
            parts.UnionWith(all[i].Parts);
            all.AddRange(all[i].Children.Values);
        }

        // What is in none is watched all the same: something may be moved into it.
        foreach (ActualDirectory actual in _actual)
        {
            if (!parts.Contains(actual)) { (actual.Canonical is { } path && Find(path) is { } own ? own : Root).Add(actual); }
        }

        for (int i = all.Count - 1; i >= 0; i--) { all[i].Judge(); }
    }

    private MappedDirectory Get(ReadOnlySpan<byte> path)
    {
        MappedDirectory at = Root;
        foreach (Range part in path.Split((byte)'/'))
        {
            if (path[part].IsEmpty) { continue; }
            string name = Encoding.Latin1.GetString(path[part]);
            if (!at.Children.TryGetValue(name, out MappedDirectory? next))
            {
                at.Children.Add(name, next = new MappedDirectory(at, path[part].ToArray()));
            }

            at = next;
        }

        return at;
    }

    private MappedDirectory? Find(ReadOnlySpan<byte> path)
    {
        MappedDirectory? at = Root;
        foreach (Range part in path.Split((byte)'/'))
        {
            if (!path[part].IsEmpty) { at = at?.Children.GetValueOrDefault(Encoding.Latin1.GetString(path[part])); }
        }

        return at;
    }
}
