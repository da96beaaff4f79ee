using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Seal;

/// <summary>
/// The named offsets of a pack's first 145 bytes and what is bound to what in it (docs/format.md, 6): shared by sealer and opener.
/// </summary>
internal static class PackHeader
{
    internal const int Size = 145;
    internal const int KeySize = 32;
    internal const int NonceSize = 12;
    internal const int TagSize = 16;

    /// <summary>The bytes that everything in the pack is bound to.</summary>
    internal const int PrefixSize = 32;

    internal const int BlockAadSize = 13 + RepositoryId.Size + PrefixSize + sizeof(uint) + sizeof(byte) + sizeof(uint);

    private const int MagicSize = 8, FormatOffset = 8, KindOffset = 9, ReservedOffset = 10, RandomOffset = 16;
    private const byte Format = 1;

    private static ReadOnlySpan<byte> Magic => "VARVPACK"u8;

    /// <summary>Writes bytes 0 to 31: fresh random ones at their end.</summary>
    internal static void WritePrefix(PackKind kind, Span<byte> prefix)
    {
        Magic.CopyTo(prefix);
        prefix[FormatOffset] = Format;
        prefix[KindOffset] = (byte)kind;
        prefix[ReservedOffset..RandomOffset].Clear();
        RandomNumberGenerator.Fill(prefix[RandomOffset..PrefixSize]);
    }

    /// <summary>Checks the constant bytes and returns the kind.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal static PackKind ReadPrefix(ReadOnlySpan<byte> header, Subject pack)
    {
        if (header.Length != Size || !header[..MagicSize].SequenceEqual(Magic))
        {
            throw VarveException.Damaged(pack.Within("the header"), "it does not start as a pack does");
        }

        var kind = (PackKind)header[KindOffset];
        if (header[FormatOffset] != Format || kind is not (PackKind.Data or PackKind.Meta)
            || header[ReservedOffset..RandomOffset].ContainsAnyExcept((byte)0))
        {
            throw VarveException.Damaged(pack.Within("the header"), "it makes no sense");
        }

        return kind;
    }

    /// <summary>HPKE's info for the pack key.</summary>
    internal static byte[] KeyInfo(RepositoryId repository) => [.. "varve/1 pack key"u8, .. repository.ToArray()];

    /// <summary>The nonce of a block: unique under the pack's key because block numbers are.</summary>
    internal static void WriteNonce(uint number, Span<byte> nonce)
    {
        nonce[..8].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], number);
    }

    /// <summary>What a block's tag covers besides its payload.</summary>
    internal static void WriteBlockAad(
        RepositoryId repository, ReadOnlySpan<byte> prefix, uint number, Codec codec, uint rawLength, Span<byte> aad)
    {
        "varve/1 block"u8.CopyTo(aad);
        aad = aad[13..];
        repository.CopyTo(aad);
        aad = aad[RepositoryId.Size..];
        prefix[..PrefixSize].CopyTo(aad);
        aad = aad[PrefixSize..];
        BinaryPrimitives.WriteUInt32LittleEndian(aad, number);
        aad[4] = (byte)codec;
        BinaryPrimitives.WriteUInt32LittleEndian(aad[5..], rawLength);
    }
}
