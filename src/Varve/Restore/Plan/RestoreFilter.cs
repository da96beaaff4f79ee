using Varve.Model.Paths;

namespace Varve.Restore.Plan;

/// <summary>Which paths a restore is to write. Thread-safe.</summary>
internal sealed class RestoreFilter(IReadOnlyList<string> includes, IReadOnlyList<string> excludes)
{
    private readonly Glob[] _includes = [.. includes.Select(static p => Glob.Parse(p))];
    private readonly Glob[] _excludes = [.. excludes.Select(static p => Glob.Parse(p))];

    /// <summary>Whether it leaves nothing out, so that nobody need build a path.</summary>
    internal bool TakesAll => _includes.Length == 0 && _excludes.Length == 0;

    /// <summary>Without includes, everything is wanted from the root on.</summary>
    internal bool WantsRoot => _includes.Length == 0;

    /// <summary>Whether an entry is wanted, given whether the directory it is in is.</summary>
    internal bool Wants(ReadOnlySpan<byte> path, bool parentWanted)
    {
        if (parentWanted) { return true; }
        foreach (Glob glob in _includes)
        {
            if (glob.IsMatch(path)) { return true; }
        }

        return false;
    }

    /// <summary>Whether an entry, and all below it, is left out.</summary>
    internal bool Drops(ReadOnlySpan<byte> path)
    {
        foreach (Glob glob in _excludes)
        {
            if (glob.IsMatch(path)) { return true; }
        }

        return false;
    }
}
