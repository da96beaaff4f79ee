using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Delta;

/// <summary>
/// The signature of an earlier state of a file: its cells, and where its content is stored. Sections are loaded when they are asked for and
/// forgotten soon: a few are in memory whatever the file's size. A damaged section knows of nothing. Not thread-safe.
/// </summary>
internal sealed class SignatureReader : IDisposable
{
    private const int Cached = 4;

    private readonly long _length;
    private readonly IncrementalHash _hash;
    private readonly byte[] _header, _table;
    private readonly int _sections;
    private readonly List<SignatureSection> _recent = []; // the last used first
    private byte[] _buffer = [];
    private SafeFd _file;

    private SignatureReader(SafeFd file, long length, IncrementalHash hash, byte[] header, byte[] table)
    {
        (_file, _length, _hash, _header, _table) = (file, length, hash, header, table);
        _sections = (table.Length - 8) / SignatureFormat.TableEntry;
        CellSize = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        Size = BinaryPrimitives.ReadInt64LittleEndian(table.AsSpan(table.Length - 8));
    }

    /// <summary>Bytes of a cell that is not cut short.</summary>
    public int CellSize { get; }

    /// <summary>Bytes the file had.</summary>
    public long Size { get; }

    internal int Sections => _sections;

    /// <summary>Opens a signature; null if there is none or it is damaged.</summary>
    internal static SignatureReader? TryOpen(PrivateDirectory directory, string name, DeltaKeys keys)
    {
        if (Posix.OpenAt(directory.Fd, Encoding.ASCII.GetBytes(name), Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOFOLLOW,
            out SafeFd file) != 0)
        {
            return null;
        }
        IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys.Files);
        SignatureReader? opened = Open(file, hash);
        if (opened is null)
        {
            file.Close();
            hash.Dispose();
        }

        return opened;
    }

    private static SignatureReader? Open(SafeFd file, IncrementalHash hash)
    {
        if (Posix.Stat(file.Value, out EntryStat stat) != 0 || stat.Kind != EntryKind.File) { return null; }
        long length = stat.Size;
        if (length < SignatureFormat.HeaderLength + SignatureFormat.EndLength + SignatureFormat.SealLength + 8) { return null; }
        var header = new byte[SignatureFormat.HeaderLength];
        Span<byte> end = stackalloc byte[SignatureFormat.EndLength];
        if (!ReadExactly(file, 0, header) || !ReadExactly(file, length - end.Length, end)) { return null; }
        long tableLength = BinaryPrimitives.ReadUInt32LittleEndian(end);
        if (!header.AsSpan(0, 8).SequenceEqual(SignatureFormat.Magic) || !end[4..].SequenceEqual(SignatureFormat.Magic)
            || tableLength < SignatureFormat.SealLength + 8 || tableLength > length - SignatureFormat.HeaderLength - end.Length
            || (tableLength - SignatureFormat.SealLength - 8) % SignatureFormat.TableEntry != 0
            || tableLength > SignatureFormat.MostSealed
            || BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)) is < 1 or > SignatureFormat.MaxCell)
        {
            return null;
        }

        var table = new byte[tableLength];
        if (!ReadExactly(file, length - end.Length - tableLength, table)) { return null; }
        return SignatureFormat.IsSealed(hash, header, SignatureFormat.TableNumber, table)
            ? new SignatureReader(file, length, hash, header, table[..^SignatureFormat.SealLength]) : null;
    }

    private static bool ReadExactly(SafeFd file, long offset, Span<byte> destination)
    {
        for (int done = 0, read; done < destination.Length; done += read)
        {
            if (Posix.ReadAt(file.Value, destination[done..], offset + done, out read) != 0 || read == 0) { return false; }
        }

        return true;
    }

    /// <summary>The first cell at or behind an offset of the file as it was, or a place behind the last.</summary>
    internal CellPlace FindCell(long offset)
    {
        int section = SectionOf(offset, 8);
        int index = Section(section).FirstCell(offset);
        return Normal(section, index);
    }

    /// <summary>The cell that ends at an offset; false if none does.</summary>
    internal bool TryBefore(long offset, out CellRecord cell)
    {
        int section = SectionOf(offset, 8), index = Section(section).FirstCell(offset);
        if (index == 0 && section > 0) { index = Section(--section).Cells.Length; }
        return TryGet(new CellPlace(section, index - 1), out cell) && cell.End == offset;
    }

    /// <summary>The place of the next cell.</summary>
    internal CellPlace Next(CellPlace place) => Normal(place.Section, place.Index + 1);

    /// <summary>The cell at a place; false behind the last.</summary>
    internal bool TryGet(CellPlace place, out CellRecord cell)
    {
        cell = default;
        if (place.Section >= _sections || place.Index < 0) { return false; }
        ReadOnlySpan<CellRecord> cells = Section(place.Section).Cells;
        if (place.Index >= cells.Length) { return false; }
        cell = cells[place.Index];
        return true;
    }

    /// <summary>The section whose cells begin at or before an offset.</summary>
    internal int SectionOf(long offset) => SectionOf(offset, 8);

    /// <summary>
    /// Adds to <paramref name="extents"/> the slices that a range of the file as it was is stored in. False if that is not known, or part
    /// of it was a hole.
    /// </summary>
    public bool TryResolve(long offset, long length, List<MappedExtent> extents)
    {
        for (long end = offset + length; offset < end;)
        {
            SignatureSection section = Section(SectionOf(offset, 16));
            int i = section.LastExtent(offset);
            if (i < 0) { return false; }
            for (; i < section.Extents.Length && offset < end; i++)
            {
                MappedExtent whole = section.Extents[i];
                long skip = offset - whole.Offset, take = Math.Min(end, whole.End) - offset;
                if (skip < 0 || take <= 0 || whole.Extent.IsHole) { return false; }
                extents.Add(
                    new MappedExtent(offset, whole.Extent with { Offset = (uint)(whole.Extent.Offset + skip), Length = take },
                    whole.ChunkLength));
                offset += take;
            }
        }

        return true;
    }

    /// <summary>A section, valid until a few others were asked for.</summary>
    internal SignatureSection Section(int number)
    {
        int i = _recent.FindIndex(s => s.Number == number);
        if (i == 0) { return _recent[0]; }
        SignatureSection section = i > 0 ? _recent[i] : _recent.Count < Cached ? new SignatureSection() : _recent[^1];
        if (i < 0) { Load(section, number); }
        _recent.Remove(section);
        _recent.Insert(0, section);
        return section;
    }

    private void Load(SignatureSection section, int number)
    {
        ReadOnlySpan<byte> body = default;
        if (number < _sections)
        {
            long start = Entry(number, 0), end = number + 1 < _sections ? Entry(number + 1, 0)
                : _length - SignatureFormat.EndLength - SignatureFormat.SealLength - _table.Length;
            bool fits = start >= SignatureFormat.HeaderLength && end <= _length && end - start is >= SignatureFormat.SealLength
                and <= SignatureFormat.MostSealed;
            int length = fits ? (int)(end - start) : 0;
            if (_buffer.Length < length) { _buffer = new byte[length]; }
            // What cannot be read is as if it were damaged.
            Span<byte> sealedBody = _buffer.AsSpan(0, length);
            if (fits && ReadExactly(_file, start, sealedBody) && SignatureFormat.IsSealed(_hash, _header, (uint)number, sealedBody))
            {
                body = sealedBody[..^SignatureFormat.SealLength];
            }
        }

        section.Set(number, body);
    }

    private CellPlace Normal(int section, int index)
    {
        while (section < _sections && index >= Section(section).Cells.Length) { (section, index) = (section + 1, 0); }
        return new CellPlace(section, index);
    }

    private int SectionOf(long offset, int field)
    {
        int low = 0, high = _sections;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (Entry(middle, field) <= offset) { low = middle + 1; } else { high = middle; }
        }

        return Math.Max(0, low - 1);
    }

    private long Entry(int number, int field) =>
        BinaryPrimitives.ReadInt64LittleEndian(_table.AsSpan((number * SignatureFormat.TableEntry) + field));

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Close();
        _file = default;
        _hash.Dispose();
    }
}
