using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Varve.Delta;

/// <summary>One section of a signature in memory: cells and extents in the order of the file. Reused.</summary>
internal sealed class SignatureSection
{
    private readonly List<CellRecord> _cells = [];
    private readonly List<MappedExtent> _extents = [];

    /// <summary>Which one, or -1 for none.</summary>
    internal int Number { get; private set; } = -1;

    internal ReadOnlySpan<CellRecord> Cells => CollectionsMarshal.AsSpan(_cells);

    internal ReadOnlySpan<MappedExtent> Extents => CollectionsMarshal.AsSpan(_extents);

    /// <summary>
    /// Takes the bytes of a section whose seal was good, without the seal; none for one that was damaged, which then knows nothing.
    /// </summary>
    internal void Set(int number, ReadOnlySpan<byte> body)
    {
        Number = number;
        _cells.Clear();
        _extents.Clear();
        if (body.IsEmpty) { return; }
        int cells = BinaryPrimitives.ReadInt32LittleEndian(body), extents = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
        int at = 8;
        for (int i = 0; i < cells; i++, at += SignatureFormat.CellLength) { _cells.Add(SignatureFormat.ReadCell(body[at..])); }
        for (int i = 0; i < extents; i++, at += SignatureFormat.ExtentLength) { _extents.Add(SignatureFormat.ReadExtent(body[at..])); }
    }

    /// <summary>The first cell at or behind an offset of the file; <c>Cells.Length</c> for none.</summary>
    internal int FirstCell(long offset)
    {
        int low = 0, high = _cells.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_cells[middle].Offset < offset) { low = middle + 1; } else { high = middle; }
        }

        return low;
    }

    /// <summary>The last extent that begins at or before an offset; -1 for none.</summary>
    internal int LastExtent(long offset)
    {
        int low = 0, high = _extents.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_extents[middle].Offset <= offset) { low = middle + 1; } else { high = middle; }
        }

        return low - 1;
    }
}
