namespace Varve.Backup.Dirty;

/// <summary>
/// Directories that the next run looks at whatever was seen of them: what was changed just before this one looked may be changed again
/// without another stamp. Bounded; thread-safe.
/// </summary>
internal sealed class StillDirty
{
    /// <summary>So many at most; beyond it is cheaper to look at everything.</summary>
    internal const int Most = 65_536;

    private readonly List<byte[]> _paths = []; // guarded by itself

    /// <summary>Whether there are more.</summary>
    internal bool IsTooMany { get; private set; }

    /// <summary>Notes one, by its path in the source.</summary>
    internal void Add(byte[] path)
    {
        lock (_paths)
        {
            IsTooMany |= _paths.Count == Most;
            if (!IsTooMany) { _paths.Add(path); }
        }
    }

    /// <summary>All of them.</summary>
    internal IReadOnlyList<byte[]> All
    {
        get { lock (_paths) { return [.. _paths]; } }
    }
}
