using System.Text;

namespace Varve.Backup.Dirty;

/// <summary>
/// A directory that a run looks at because something in it, or below it, may have changed. Filled by one thread, then not changed.
/// </summary>
internal sealed class DirtyNode
{
    private readonly Dictionary<string, DirtyNode> _children = new(StringComparer.Ordinal);

    /// <summary>Whether its entries are looked at; if not, it is only on the way to such.</summary>
    internal bool IsListed { get; private set; }

    /// <summary>The directories below, by name.</summary>
    internal IEnumerable<(byte[] Name, DirtyNode Node)> Children =>
        _children.Select(static c => (Encoding.Latin1.GetBytes(c.Key), c.Value));

    /// <summary>The directory of that name; null: nothing in it or below it may have changed.</summary>
    internal DirtyNode? Find(ReadOnlySpan<byte> name) => _children.Count == 0 ? null : _children.GetValueOrDefault(KeyOf(name));

    /// <summary>The directory at a path below this one, or this one for the empty path; null as in <see cref="Find"/>.</summary>
    internal DirtyNode? FindBelow(ReadOnlySpan<byte> path)
    {
        DirtyNode? node = this;
        while (node is not null && !path.IsEmpty)
        {
            int slash = path.IndexOf((byte)'/');
            node = node.Find(slash < 0 ? path : path[..slash]);
            path = slash < 0 ? [] : path[(slash + 1)..];
        }

        return node;
    }

    /// <summary>The entries of the directory at a path below this one, or of this one for the empty path, are looked at.</summary>
    internal void Add(ReadOnlySpan<byte> path)
    {
        DirtyNode node = this;
        while (!path.IsEmpty)
        {
            int slash = path.IndexOf((byte)'/');
            string key = KeyOf(slash < 0 ? path : path[..slash]);
            if (!node._children.TryGetValue(key, out DirtyNode? child)) { node._children[key] = child = new DirtyNode(); }
            node = child;
            path = slash < 0 ? [] : path[(slash + 1)..];
        }

        node.IsListed = true;
    }

    // Names are bytes: one character each.
    private static string KeyOf(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(name);
}
