namespace Varve.Delta;

/// <summary>
/// Finds blocks by their rolling sum: those of a few neighbouring sections of a signature, which is where bytes that an insertion or deletion moved come from. So its
/// size, 3.5 MB, does not depend on the file's. A small filter in front answers nearly all of the questions. Built when first asked. Not thread-safe.
/// </summary>
internal sealed class BlockTable
{
    private const int SlotBits = 18, FilterBits = 20, MaxProbes = 24, MaxEntries = 1 << (SlotBits - 1);
    private const uint Mix = 0x9E37_79B1, OtherMix = 0x85EB_CA6B;

    private readonly ulong[] _slots = new ulong[1 << SlotBits]; // the sum above, entry + 1 below; 0 for none
    private readonly ulong[] _filter = new ulong[1 << (FilterBits - 6)];
    private readonly List<BlockPlace> _entries = [];
    private (SignatureReader? Reader, int Centre) _built;

    /// <summary>Makes it hold the blocks of a section and of those beside it.</summary>
    internal void Build(SignatureReader reader, int centre)
    {
        if (_built == (reader, centre)) { return; }
        _built = (reader, centre);
        _entries.Clear();
        Array.Clear(_slots);
        Array.Clear(_filter);
        for (int section = Math.Max(0, centre - 1); section <= Math.Min(reader.Sections - 1, centre + 1); section++)
        {
            ReadOnlySpan<BlockRecord> blocks = reader.Section(section).Blocks;
            for (int i = 0; i < blocks.Length && _entries.Count < MaxEntries; i++)
            {
                // Short blocks are found where they are expected, not by searching.
                if (blocks[i].Length == reader.BlockSize) { Add(reader, in blocks[i], new BlockPlace(section, i)); }
            }
        }
    }

    /// <summary>Whether a block may have this sum.</summary>
    internal bool MayHave(uint weak)
    {
        uint bit = (weak * Mix) >> (32 - FilterBits);
        if ((_filter[bit >> 6] >> (int)(bit & 63) & 1) == 0) { return false; }
        bit = (weak * OtherMix) >> (32 - FilterBits);
        return (_filter[bit >> 6] >> (int)(bit & 63) & 1) != 0;
    }

    /// <summary>
    /// The block that these bytes are. <paramref name="hashed"/> tells whether a block of the same sum was there, so that the strong hash had to be computed.
    /// </summary>
    internal bool TryFind(uint weak, ReadOnlySpan<byte> bytes, SignatureReader reader, BlockHasher hasher, out BlockPlace place, out BlockRecord block, out bool hashed)
    {
        UInt128 strong = default;
        hashed = false;
        uint slot = (weak * Mix) >> (32 - SlotBits);
        for (int probe = 0; probe < MaxProbes && _slots[slot] != 0; probe++, slot = (slot + 1) & ((1 << SlotBits) - 1))
        {
            if ((uint)(_slots[slot] >> 32) != weak) { continue; }
            place = _entries[(int)(uint)_slots[slot] - 1];
            if (!reader.TryGet(place, out block)) { continue; }
            if (!hashed)
            {
                strong = hasher.Strong(bytes);
                hashed = true;
            }

            if (block.Strong == strong) { return true; }
        }

        (place, block) = (default, default);
        return false;
    }

    private void Add(SignatureReader reader, in BlockRecord block, BlockPlace place)
    {
        uint slot = (block.Weak * Mix) >> (32 - SlotBits);
        for (int probe = 0; probe < MaxProbes; probe++, slot = (slot + 1) & ((1 << SlotBits) - 1))
        {
            if (_slots[slot] == 0)
            {
                _entries.Add(place);
                _slots[slot] = ((ulong)block.Weak << 32) | (uint)_entries.Count;
                Mark((block.Weak * Mix) >> (32 - FilterBits));
                Mark((block.Weak * OtherMix) >> (32 - FilterBits));
                return;
            }

            // Repeated content, zeros above all, is there once.
            if ((uint)(_slots[slot] >> 32) == block.Weak && reader.TryGet(_entries[(int)(uint)_slots[slot] - 1], out BlockRecord known) && known.Strong == block.Strong) { return; }
        }
    }

    private void Mark(uint bit) => _filter[bit >> 6] |= 1UL << (int)(bit & 63);
}
