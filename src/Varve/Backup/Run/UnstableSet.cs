using Varve.Catalog.Rows;

namespace Varve.Backup.Run;

/// <summary>
/// The unstable files of the source as the run began: read again whatever their stat says. Immutable, hence thread-safe. Bounded: what is
/// beyond the bound is found by its stat like any other file.
/// </summary>
internal sealed class UnstableSet
{
    /// <summary>Files of which a run takes note.</summary>
    internal const int Most = 65_536;

    private readonly Dictionary<long, List<byte[]>> _names = [];

    internal UnstableSet(IEnumerable<UnstableRow> rows)
    {
        foreach (UnstableRow row in rows)
        {
            if (!_names.TryGetValue(row.Directory, out List<byte[]>? names)) { _names[row.Directory] = names = []; }
            names.Add(row.Name);
        }
    }

    internal bool HasAnyIn(long directory) => _names.Count > 0 && _names.ContainsKey(directory);

    internal bool Contains(long directory, ReadOnlySpan<byte> name)
    {
        if (_names.Count == 0 || !_names.TryGetValue(directory, out List<byte[]>? names)) { return false; }
        foreach (byte[] listed in names)
        {
            if (name.SequenceEqual(listed)) { return true; }
        }

        return false;
    }
}
