namespace Varve.Delta;

/// <summary>
/// Finds cells by their rolling sum: those of a few neighbouring sections of a signature, which is where bytes that an insertion or
/// deletion moved come from. So its size, 3.5 MB, does not depend on the file's. A small filter in front answers nearly all of the
/// questions. Built when first asked. Not thread-safe.
/// </summary>
internal sealed class CellTable
{
    private const int SlotBits = 18, FilterBits = 20, MaxProbes = 24, MaxEntries = 1 << (SlotBits - 1);
    private const uint Mix = 0x9E37_79B1, OtherMix = 0x85EB_CA6B;

    private readonly ulong[] _slots = new ulong[1 << SlotBits]; // the sum above, entry + 1 below; 0 for none
    private readonly ulong[] _filter = new ulong[1 << (FilterBits - 6)];
    private readonly List<CellPlace> _entries = [];
    private (SignatureReader? Reader, int Centre) _built;

    /// <summary>Makes it hold the cells of a section and of those beside it.</summary>
    internal void Build(SignatureReader reader, int centre)
    {
        if (_built == (reader, centre)) { return; }
        _built = (reader, centre);
        _entries.Clear();
        Array.Clear(_slots);
        Array.Clear(_filter);
        for (int section = Math.Max(0, centre - 1); section <= Math.Min(reader.Sections - 1, centre + 1); section++)
        {
            ReadOnlySpan<CellRecord> cells = reader.Section(section).Cells;
            for (int i = 0; i < cells.Length && _entries.Count < MaxEntries; i++)
            {
                // Short cells are found where they are expected, not by searching.
                if (cells[i].Length == reader.CellSize) { Add(reader, in cells[i], new CellPlace(section, i)); }
            }
        }
    }

    /// <summary>Whether a cell may have this sum.</summary>
    internal bool MayHave(uint weak)
    {
        uint bit = (weak * Mix) >> (32 - FilterBits);
        if ((_filter[bit >> 6] >> (int)(bit & 63) & 1) == 0) { return false; }
        bit = (weak * OtherMix) >> (32 - FilterBits);
        return (_filter[bit >> 6] >> (int)(bit & 63) & 1) != 0;
    }

    /// <summary>
    /// The cell that these bytes are. <paramref name="hashed"/> tells whether a cell of the same sum was there, so that the strong hash had
    /// to be computed.
    /// </summary>
    internal bool TryFind(uint weak, ReadOnlySpan<byte> bytes, SignatureReader reader, CellHasher hasher, out CellPlace place,
        out CellRecord cell, out bool hashed)
    {
        UInt128 strong = default;
        hashed = false;
        uint slot = (weak * Mix) >> (32 - SlotBits);
        for (int probe = 0; probe < MaxProbes && _slots[slot] != 0; probe++, slot = (slot + 1) & ((1 << SlotBits) - 1))
        {
            if ((uint)(_slots[slot] >> 32) != weak) { continue; }
            place = _entries[(int)(uint)_slots[slot] - 1];
            if (!reader.TryGet(place, out cell)) { continue; }
            if (!hashed)
            {
                strong = hasher.Strong(bytes);
                hashed = true;
            }

            if (cell.Strong == strong) { return true; }
        }

        (place, cell) = (default, default);
        return false;
    }

    private void Add(SignatureReader reader, in CellRecord cell, CellPlace place)
    {
        uint slot = (cell.Weak * Mix) >> (32 - SlotBits);
        for (int probe = 0; probe < MaxProbes; probe++, slot = (slot + 1) & ((1 << SlotBits) - 1))
        {
            if (_slots[slot] == 0)
            {
                _entries.Add(place);
                _slots[slot] = ((ulong)cell.Weak << 32) | (uint)_entries.Count;
                Mark((cell.Weak * Mix) >> (32 - FilterBits));
                Mark((cell.Weak * OtherMix) >> (32 - FilterBits));
                return;
            }

            // Repeated content, zeros above all, is there once.
            if ((uint)(_slots[slot] >> 32) == cell.Weak && reader.TryGet(_entries[(int)(uint)_slots[slot] - 1], out CellRecord known)
                && known.Strong == cell.Strong)
            {
                return;
            }
        }
    }

    private void Mark(uint bit) => _filter[bit >> 6] |= 1UL << (int)(bit & 63);
}
