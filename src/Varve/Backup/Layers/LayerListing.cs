using Varve.Backup.Sources;
using Varve.Model;
using Varve.Walk;

namespace Varve.Backup.Layers;

/// <summary>The listings of one directory in several roots, gone through by name. Owns the tables. Used by one thread.</summary>
internal sealed class LayerListing(EntryTablePool tables, List<(LayerPart Part, EntryTable Table)> listings) : IDisposable
{
    private readonly int[] _at = new int[listings.Count];
    private readonly List<LayerEntry> _entries = [];

    /// <summary>The next name, ascending, and what the roots have under it, in their order. Both are valid until the next call.</summary>
    internal bool Next(out ReadOnlySpan<byte> name, out List<LayerEntry> entries)
    {
        name = default;
        entries = _entries;
        _entries.Clear();
        bool any = false;
        for (int i = 0; i < _at.Length; i++)
        {
            if (_at[i] == listings[i].Table.Count) { continue; }
            ReadOnlySpan<byte> candidate = listings[i].Table.Name(_at[i]);
            if (!any || candidate.SequenceCompareTo(name) < 0) { name = candidate; }
            any = true;
        }

        for (int i = 0; any && i < _at.Length; i++)
        {
            (LayerPart part, EntryTable table) = listings[i];
            if (_at[i] == table.Count || !table.Name(_at[i]).SequenceEqual(name)) { continue; }
            _entries.Add(new LayerEntry(part, table.Stat(_at[i]++), PlaceOf(part, name)));
        }

        return any;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, EntryTable table) in listings) { tables.Return(table); }
    }

    private static SourceRoot? PlaceOf(LayerPart part, ReadOnlySpan<byte> name)
    {
        if (part.IsOnTheWay) { return part.Layer.Root; }
        foreach ((byte[] mounted, SourceRoot? root) in part.Mounts)
        {
            if (root is not null && name.SequenceEqual(mounted)) { return root; }
        }

        return null;
    }
}
