using System.Buffers.Binary;
using Varve.Platform.Crypto;

namespace Varve.Delta;

/// <summary>
/// The strong hash of cells: GMAC (NIST SP 800-38D) with AES-256 under a secret key and one fixed nonce, 128 bits. With the nonce fixed it
/// is a universal hash (Carter and Wegman
/// 1979): two different cells of up to 64 KiB, whoever chose them, collide with a probability below 2^-115 over the key. That needs the key
/// and the hashes kept secret, which they are: the cache is private and the key is derived from the repository's. A fifth of the time of a
/// SHA-256. One for each thread at a time; no allocation per cell.
/// </summary>
internal sealed class CellHasher(DeltaKeys keys) : IDisposable
{
    private readonly Gmac _gmac = new(keys.Cells);

    /// <summary>The hash of these bytes.</summary>
    public UInt128 Strong(ReadOnlySpan<byte> cell)
    {
        Span<byte> value = stackalloc byte[Gmac.Size];
        _gmac.Compute(cell, value);
        return BinaryPrimitives.ReadUInt128LittleEndian(value);
    }

    /// <summary>All that a signature says of a cell.</summary>
    public CellRecord Record(long offset, ReadOnlySpan<byte> cell) => new(offset, cell.Length, RollingSum.Of(cell), Strong(cell));

    /// <summary>Whether these are the bytes of a cell.</summary>
    public bool Matches(in CellRecord record, ReadOnlySpan<byte> bytes) => bytes.Length == record.Length && Strong(bytes) == record.Strong;

    /// <inheritdoc/>
    public void Dispose() => _gmac.Dispose();
}
