using System.Text;

namespace Varve.Restore.Plan;

/// <summary>
/// Paths of a snapshot of which a restore is, as a tree of their names: what is named is restored with all below it, what leads there only
/// as far as it is needed. Immutable once it is built.
/// </summary>
internal sealed class PathSelection
{
    private readonly Dictionary<string, PathSelection> _below = new(StringComparer.Ordinal);

    /// <summary>It is restored itself.</summary>
    internal bool IsNamed { get; private set; }

    /// <summary>Of relative paths.</summary>
    internal static PathSelection Of(IEnumerable<byte[]> paths)
    {
        var root = new PathSelection();
        foreach (byte[] path in paths)
        {
            PathSelection at = root;
            foreach (string name in Encoding.Latin1.GetString(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!at._below.TryGetValue(name, out PathSelection? next)) { at._below[name] = next = new PathSelection(); }
                at = next;
            }

            at.IsNamed = true;
        }

        return root;
    }

    /// <summary>What a name leads to; null if to nothing that is restored.</summary>
    internal PathSelection? Find(ReadOnlySpan<byte> name) => _below.GetValueOrDefault(Encoding.Latin1.GetString(name));
}
