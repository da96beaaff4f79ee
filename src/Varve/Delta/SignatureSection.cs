using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Varve.Format;
using Varve.Model;

namespace Varve.Delta;

/// <summary>One section of a signature in memory: cells and extents in the order of the file. Reused.</summary>
internal sealed class SignatureSection
{
    private const int CountsLength = 8;

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
        if (body.Length < CountsLength) { return; }
        uint cells = BinaryPrimitives.ReadUInt32LittleEndian(body), extents = BinaryPrimitives.ReadUInt32LittleEndian(body[4..]);
        long length = CountsLength + (cells * (long)SignatureFormat.CellLength) + (extents * (long)SignatureFormat.ExtentLength);
        if (length != body.Length) { return; }
        int at = CountsLength;
        for (uint i = 0; i < cells; i++, at += SignatureFormat.CellLength) { _cells.Add(SignatureFormat.ReadCell(body[at..])); }
        for (uint i = 0; i < extents; i++, at += SignatureFormat.ExtentLength) { _extents.Add(SignatureFormat.ReadExtent(body[at..])); }
        if (FollowEachOther()) { return; }
        _cells.Clear();
        _extents.Clear();
    }

    /// <summary>
    /// A seal says who wrote it, not that it makes sense: extents that do not are of no use, and nothing else here is either.
    /// </summary>
    private bool FollowEachOther()
    {
        long end = _extents.Count > 0 ? _extents[0].Offset : 0;
        if (end < 0) { return false; }
        foreach (MappedExtent extent in _extents)
        {
            long length = extent.Extent.Length;
            if (extent.Offset != end || length <= 0 || length > long.MaxValue - end) { return false; }
            if (!extent.Extent.IsHole && length > Limits.MaxChunk - (long)extent.Extent.Offset) { return false; }
            end += length;
        }

        return true;
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
