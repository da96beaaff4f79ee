using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Varve.Delta;

/// <summary>One section of a signature in memory: blocks and extents in the order of the file. Reused.</summary>
internal sealed class SignatureSection
{
    private readonly List<BlockRecord> _blocks = [];
    private readonly List<MappedExtent> _extents = [];

    /// <summary>Which one, or -1 for none.</summary>
    internal int Number { get; private set; } = -1;

    internal ReadOnlySpan<BlockRecord> Blocks => CollectionsMarshal.AsSpan(_blocks);

    internal ReadOnlySpan<MappedExtent> Extents => CollectionsMarshal.AsSpan(_extents);

    /// <summary>Takes the bytes of a section whose seal was good, without the seal; none for one that was damaged, which then knows nothing.</summary>
    internal void Set(int number, ReadOnlySpan<byte> body)
    {
        Number = number;
        _blocks.Clear();
        _extents.Clear();
        if (body.IsEmpty) { return; }
        int blocks = BinaryPrimitives.ReadInt32LittleEndian(body), extents = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
        int at = 8;
        for (int i = 0; i < blocks; i++, at += SignatureFormat.BlockLength) { _blocks.Add(SignatureFormat.ReadBlock(body[at..])); }
        for (int i = 0; i < extents; i++, at += SignatureFormat.ExtentLength) { _extents.Add(SignatureFormat.ReadExtent(body[at..])); }
    }

    /// <summary>The first block at or behind an offset of the file; <c>Blocks.Length</c> for none.</summary>
    internal int FirstBlock(long offset)
    {
        int low = 0, high = _blocks.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_blocks[middle].Offset < offset) { low = middle + 1; } else { high = middle; }
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
