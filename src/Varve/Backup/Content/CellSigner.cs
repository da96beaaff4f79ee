using Varve.Delta;
using Varve.Model;

namespace Varve.Backup.Content;

/// <summary>
/// Makes the signature of a file out of the stretches of chunks it is cut into. Cells follow each other from the start of a stretch,
/// whatever the chunks are: those within a chunk are hashed by whoever stores it, those across two chunks here.
/// </summary>
internal sealed class CellSigner(SignatureWriter writer, HasherPool hashers)
{
    private readonly byte[] _across = new byte[writer.CellSize];
    private long _acrossOffset;
    private int _acrossLength;

    /// <summary>
    /// The next chunk of the stretch: takes what of it belongs to a cell across its edges, and returns from where on it holds cells of its
    /// own.
    /// </summary>
    internal int Pass(long offset, ReadOnlySpan<byte> chunk)
    {
        int head = 0;
        if (_acrossLength > 0)
        {
            head = Math.Min(_across.Length - _acrossLength, chunk.Length);
            Keep(chunk[..head]);
            if (_acrossLength < _across.Length) { return head; }
            EndRun();
        }

        ReadOnlySpan<byte> rest = chunk[head..];
        int whole = rest.Length - (rest.Length % _across.Length);
        _acrossOffset = offset + head + whole;
        Keep(rest[whole..]);
        return head;
    }

    /// <summary>The stretch is over: what is left is a cell, if a short one.</summary>
    internal void EndRun()
    {
        if (_acrossLength == 0) { return; }
        SignRun(_acrossOffset, _across.AsSpan(0, _acrossLength));
        _acrossLength = 0;
    }

    /// <summary>Signs the whole cells that content begins with. Thread-safe.</summary>
    internal void SignCells(long offset, ReadOnlySpan<byte> content)
    {
        CellHasher hasher = hashers.Take();
        writer.AddCells(hasher, offset, content);
        hashers.Give(hasher);
    }

    /// <summary>Signs a whole run. Thread-safe.</summary>
    internal void SignRun(long offset, ReadOnlySpan<byte> content)
    {
        CellHasher hasher = hashers.Take();
        writer.AddRun(hasher, offset, content);
        hashers.Give(hasher);
    }

    /// <summary>Cells that are known already.</summary>
    internal void Add(List<CellRecord> cells)
    {
        foreach (CellRecord cell in cells) { writer.Add(in cell); }
    }

    /// <summary>The next extent of the file.</summary>
    internal void Add(in Extent extent, uint chunkLength) => writer.Add(in extent, chunkLength);

    /// <summary>Whether a section is due.</summary>
    internal bool IsSectionFull => writer.IsSectionFull;

    /// <summary>Ends a section: all of its cells are there.</summary>
    internal void CloseSection() => writer.CloseSection();

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_across.AsSpan(_acrossLength));
        _acrossLength += bytes.Length;
    }
}
