using System.Buffers.Binary;
using System.Numerics;

namespace Varve.Catalog.Sql;

/// <summary>
/// The CRC-32C that guards a row: over all its columns in the table's order, the key's included; bytes are preceded by their length.
/// </summary>
internal struct RowSum
{
    private uint _crc;

    /// <summary>Starts a sum; <paramref name="table"/> keeps a row of one table from passing for one of another.</summary>
    public RowSum(byte table) => _crc = BitOperations.Crc32C(uint.MaxValue, table);

    /// <summary>The sum so far, as it is stored.</summary>
    public readonly int Value => (int)_crc;

    /// <summary>Adds an integer.</summary>
    public RowSum Add(long value)
    {
        _crc = BitOperations.Crc32C(_crc, (ulong)value);
        return this;
    }

    /// <summary>Adds bytes.</summary>
    public RowSum Add(ReadOnlySpan<byte> bytes)
    {
        uint crc = BitOperations.Crc32C(_crc, (uint)bytes.Length);
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte b in bytes) { crc = BitOperations.Crc32C(crc, b); }
        _crc = crc;
        return this;
    }

    /// <summary>Adds 32 bytes.</summary>
    public RowSum Add(in Model.Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Model.Bytes32.Size];
        value.CopyTo(bytes);
        return Add(bytes);
    }
}
