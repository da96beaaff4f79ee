using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Delta;

/// <summary>
/// Writes the signature of a file while it is cut, section by section (<see cref="SignatureFormat"/>). Cells come from any thread and in
/// any order, all other calls from one. Memory: one section, whose bounds <see cref="IsSectionFull"/> tells. A file that cannot be written
/// is a signature that is not kept, no failure of the backup.
/// </summary>
internal sealed class SignatureWriter : IDisposable
{
    /// <summary>File bytes, extents and cells at which a section ends: what a reader holds of one.</summary>
    public const long SectionBytes = 128 << 20;

    /// <inheritdoc cref="SectionBytes"/>
    public const int SectionExtents = 16_384;

    private readonly IncrementalHash _hash;
    private readonly byte[] _header = new byte[SignatureFormat.HeaderLength];
    private readonly List<MappedExtent> _extents = [];
    private readonly ByteWriter _bytes = new(), _table = new();
    private readonly PrivateDirectory _directory;
    private SafeFd _file;
    private long _length;
    private uint _sections;
    private bool _failed, _moved;

    // Guarded by itself.
    private readonly List<CellRecord> _cells = [];

    internal SignatureWriter(PrivateDirectory directory, string name, DeltaKeys keys, int cellSize)
    {
        _directory = directory;
        Name = name;
        CellSize = cellSize;
        _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys.Files);
        SignatureFormat.Magic.CopyTo(_header);
        BinaryPrimitives.WriteInt32LittleEndian(_header.AsSpan(8), cellSize);
        RandomNumberGenerator.Fill(_header.AsSpan(12));
        // Marked, so that those who clean up tell that the writer lives.
        _failed = DurableFile.CreateLocked(directory.Fd, Encoding.ASCII.GetBytes(name), Modes.PrivateFile, out _file) != 0;
        Write(_header);
    }

    /// <summary>Bytes of a cell that is not cut short.</summary>
    public int CellSize { get; }

    /// <summary>Bytes of the file that the extents so far cover.</summary>
    public long Position { get; private set; }

    /// <summary>Whether <see cref="CloseSection"/> is due.</summary>
    public bool IsSectionFull => _extents.Count >= SectionExtents || (_extents.Count > 0 && Position - _extents[0].Offset >= SectionBytes);

    /// <summary>Its name while it is written.</summary>
    internal string Name { get; }

    internal long Length => _length;

    /// <summary>Adds a cell. Thread-safe.</summary>
    public void Add(in CellRecord cell)
    {
        lock (_cells) { _cells.Add(cell); }
    }

    /// <summary>
    /// Adds the full cells that content at an offset of the file begins with, and returns the bytes they have. Thread-safe.
    /// </summary>
    public int AddCells(CellHasher hasher, long offset, ReadOnlySpan<byte> content)
    {
        int done = 0;
        for (; content.Length - done >= CellSize; done += CellSize) { Add(hasher.Record(offset + done, content.Slice(done, CellSize))); }
        return done;
    }

    /// <summary>Adds a stretch of new content as cells, the last one as long as what is left. Thread-safe.</summary>
    public void AddRun(CellHasher hasher, long offset, ReadOnlySpan<byte> content)
    {
        int done = AddCells(hasher, offset, content);
        if (done < content.Length) { Add(hasher.Record(offset + done, content[done..])); }
    }

    /// <summary>Adds the next extent of the file.</summary>
    public void Add(in Extent extent, uint chunkLength)
    {
        _extents.Add(new MappedExtent(Position, extent, chunkLength));
        Position += extent.Length;
    }

    /// <summary>Writes the section. All its cells must be there.</summary>
    public void CloseSection()
    {
        lock (_cells)
        {
            Span<CellRecord> cells = CollectionsMarshal.AsSpan(_cells);
            if (_extents.Count == 0 && cells.IsEmpty) { return; }
            cells.Sort(static (a, b) => a.Offset.CompareTo(b.Offset));
            long extentsStart = _extents.Count > 0 ? _extents[0].Offset : Position;
            _table.U64((ulong)_length);
            _table.U64((ulong)(cells.IsEmpty ? extentsStart : cells[0].Offset));
            _table.U64((ulong)extentsStart);
            _bytes.Clear();
            _bytes.U32((uint)cells.Length);
            _bytes.U32((uint)_extents.Count);
            foreach (ref CellRecord cell in cells) { SignatureFormat.WriteCell(_bytes, in cell); }
            foreach (MappedExtent extent in _extents) { SignatureFormat.WriteExtent(_bytes, in extent); }
            WriteSealed(_sections++);
            _cells.Clear();
            _extents.Clear();
        }
    }

    /// <summary>Writes what is left. False if the signature could not be written.</summary>
    internal bool Finish()
    {
        CloseSection();
        _bytes.Clear();
        _bytes.Raw(_table.Written);
        _bytes.U64((ulong)Position);
        uint length = (uint)_bytes.Length + SignatureFormat.SealLength;
        WriteSealed(SignatureFormat.TableNumber);
        _bytes.Clear();
        _bytes.U32(length);
        _bytes.Raw(SignatureFormat.Magic);
        Write(_bytes.Written);
        return !_failed;
    }

    /// <summary>Notes that the file has got another name, and so is not removed.</summary>
    internal void Moved() => _moved = true;

    private void WriteSealed(uint number)
    {
        Span<byte> seal = stackalloc byte[SignatureFormat.SealLength];
        SignatureFormat.Seal(_hash, _header, number, _bytes.Written, seal);
        Write(_bytes.Written);
        Write(seal);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (_failed) { return; }
        _failed = Posix.WriteAll(_file.Value, bytes) != 0;
        _length += bytes.Length;
    }

    /// <summary>Removes the file unless it was kept.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        if (_file.IsOpen && !_moved) { _ = _directory.Remove(Name); } // else left for the next run to remove
        _file.Close();
        _file = default;
    }
}
