using Varve.Model.Paths;

namespace Varve.Restore.Plan;

/// <summary>
/// Which paths a restore is to write; they are relative to <paramref name="root"/>, the absolute path of what is restored. Thread-safe.
/// </summary>
internal sealed class RestoreFilter(IReadOnlyList<string> includes, IReadOnlyList<string> excludes, ReadOnlySpan<byte> root)
{
    private readonly GlobSet _includes = new(includes, root);
    private readonly GlobSet _excludes = new(excludes, root);

    /// <summary>Which paths of the root are restored at all; null if all are.</summary>
    internal PathSelection? Selection { get; init; }

    /// <summary>Whether it leaves nothing out, so that nobody need build a path.</summary>
    internal bool TakesAll => _includes.IsEmpty && _excludes.IsEmpty;

    /// <summary>Without includes, everything is wanted from the root on.</summary>
    internal bool WantsRoot => _includes.IsEmpty;

    /// <summary>The patterns of what to take that matched nothing.</summary>
    internal IReadOnlyList<string> UnmatchedIncludes => _includes.Unmatched;

    /// <summary>The patterns of what to leave out that matched nothing.</summary>
    internal IReadOnlyList<string> UnmatchedExcludes => _excludes.Unmatched;

    /// <summary>Whether an entry is wanted, given whether the directory it is in is.</summary>
    internal bool Wants(ReadOnlySpan<byte> path, bool isDirectory, bool parentWanted)
    {
        if (!parentWanted) { return _includes.Matches(path, isDirectory); }
        _includes.Remember(path, isDirectory);
        return true;
    }

    /// <summary>Whether a path is wanted, given all that lies above it. What it is itself is not known.</summary>
    internal bool Takes(ReadOnlySpan<byte> path)
    {
        bool wanted = WantsRoot;
        PathSelection? way = Selection;
        for (int at = 0; way is { IsNamed: false } && at < path.Length;)
        {
            int slash = path[at..].IndexOf((byte)'/');
            int end = slash < 0 ? path.Length : at + slash;
            way = way.Find(path[at..end]);
            if (way is null) { return false; }
            at = end + 1;
        }

        if (way is { IsNamed: false }) { return false; }
        for (int end = 0; end < path.Length && !TakesAll; end++)
        {
            int slash = path[(end + 1)..].IndexOf((byte)'/');
            end = slash < 0 ? path.Length : end + 1 + slash;
            if (Drops(path[..end], isDirectory: true)) { return false; }
            wanted = Wants(path[..end], isDirectory: true, wanted);
        }

        return wanted;
    }

    /// <summary>Whether an entry, and all below it, is left out.</summary>
    internal bool Drops(ReadOnlySpan<byte> path, bool isDirectory) => _excludes.Matches(path, isDirectory);
}
