using Varve.Catalog;
using Varve.Catalog.Rows;

namespace Varve.History.Revisions;

/// <summary>
/// Which snapshots lack an entry because it, or a directory above it, could not be saved. Asked directory by directory. Not thread-safe.
/// </summary>
internal sealed class FailedSnapshots(CatalogReader catalog, long source)
{
    private readonly bool _any = catalog.Gaps.Any(source);
    private readonly List<GapRow> _above = [];
    private long _directory = -1;

    /// <summary>The gaps of an entry and of all directories above it.</summary>
    internal IReadOnlyList<GapRow> Of(long directory, ReadOnlySpan<byte> name)
    {
        if (!_any) { return []; }
        if (directory != _directory)
        {
            _directory = directory;
            _above.Clear();
            for (long at = directory; catalog.TryLocate(at, out long parent, out byte[] own); at = parent) { Take(parent, own, _above); }
        }

        var gaps = new List<GapRow>(_above);
        Take(directory, name, gaps);
        return gaps;
    }

    /// <summary>Whether a snapshot is in one of them.</summary>
    internal static bool IsIn(IReadOnlyList<GapRow> gaps, long number)
    {
        foreach (GapRow gap in gaps)
        {
            if (number >= gap.First && number < gap.Last) { return true; }
        }

        return false;
    }

    private void Take(long directory, ReadOnlySpan<byte> name, List<GapRow> into)
    {
        foreach (GapRow gap in catalog.Gaps.Of(directory, name))
        {
            if (gap.Kind == GapKind.Failed) { into.Add(gap); }
        }
    }
}
