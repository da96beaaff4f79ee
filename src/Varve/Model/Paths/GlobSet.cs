namespace Varve.Model.Paths;

/// <summary>
/// Patterns of which any may match, and which of them ever did. Thread-safe: what is remembered only ever turns true. A path that none
/// matches costs their matching and nothing else.
/// </summary>
internal sealed class GlobSet
{
    private readonly Glob[] _globs;
    private readonly bool[] _matched;

    /// <summary>The patterns, for paths relative to <paramref name="root"/>.</summary>
    /// <exception cref="VarveException">Usage: one is not valid.</exception>
    internal GlobSet(IReadOnlyList<string> patterns, ReadOnlySpan<byte> root)
    {
        _globs = new Glob[patterns.Count];
        for (int i = 0; i < _globs.Length; i++) { _globs[i] = Glob.Parse(patterns[i]).Below(root); }
        _matched = new bool[_globs.Length];
    }

    /// <summary>Whether there are none.</summary>
    internal bool IsEmpty => _globs.Length == 0;

    /// <summary>Those that matched nothing so far, as written.</summary>
    internal IReadOnlyList<string> Unmatched =>
        [.. _globs.Where((_, i) => !Volatile.Read(ref _matched[i])).Select(static g => g.Pattern).Distinct()];

    /// <summary>Whether any matches a path; <paramref name="mayBeDirectory"/>: it is a directory, or that is not known.</summary>
    internal bool Matches(ReadOnlySpan<byte> path, bool mayBeDirectory)
    {
        int first = First(path, mayBeDirectory);
        if (first >= 0) { Remember(path, mayBeDirectory, first); }
        return first >= 0;
    }

    /// <summary>The first that matches a path, or -1. It is not remembered.</summary>
    internal int First(ReadOnlySpan<byte> path, bool mayBeDirectory)
    {
        for (int i = 0; i < _globs.Length; i++)
        {
            if (IsMatch(i, path, mayBeDirectory)) { return i; }
        }

        return -1;
    }

    /// <summary>Notes which match a path, where it does not matter whether any does.</summary>
    internal void Remember(ReadOnlySpan<byte> path, bool mayBeDirectory) => Remember(path, mayBeDirectory, -1);

    private void Remember(ReadOnlySpan<byte> path, bool mayBeDirectory, int known)
    {
        for (int i = Math.Max(0, known); i < _globs.Length; i++)
        {
            if (Volatile.Read(ref _matched[i])) { continue; }
            if (i == known || IsMatch(i, path, mayBeDirectory)) { Volatile.Write(ref _matched[i], true); }
        }
    }

    private bool IsMatch(int i, ReadOnlySpan<byte> path, bool mayBeDirectory) =>
        (mayBeDirectory || !_globs[i].DirectoriesOnly) && _globs[i].IsMatch(path);
}
