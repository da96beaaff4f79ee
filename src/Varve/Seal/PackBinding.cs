using System.Buffers.Binary;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Seal;

/// <summary>What a pack's key and its blocks are bound to (docs/format.md, 6): shared by sealer and opener. Stateless.</summary>
internal static class PackBinding
{
    /// <summary>Length of what a block's tag covers besides its payload.</summary>
    internal const int BlockAadLength = LabelLength + RepositoryId.Size + PackLayout.SealedKeyOffset + sizeof(uint) + sizeof(byte)
        + sizeof(uint);

    private const int LabelLength = 13;

    /// <summary>HPKE's info for the pack key.</summary>
    internal static byte[] KeyInfo(RepositoryId repository) => [.. "varve/1 pack key"u8, .. repository.ToArray()];

    /// <summary>The nonce of a block: unique under the pack's key because block numbers are.</summary>
    internal static void WriteNonce(uint number, Span<byte> nonce)
    {
        nonce[..8].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], number);
    }

    /// <summary>
    /// What a block's tag covers besides its payload; <paramref name="header"/> begins with the clear part of the pack's.
    /// </summary>
    internal static void WriteBlockAad(RepositoryId repository, ReadOnlySpan<byte> header, uint number, Codec codec, uint rawLength,
        Span<byte> aad)
    {
        "varve/1 block"u8.CopyTo(aad);
        aad = aad[LabelLength..];
        repository.CopyTo(aad);
        aad = aad[RepositoryId.Size..];
        header[..PackLayout.SealedKeyOffset].CopyTo(aad);
        aad = aad[PackLayout.SealedKeyOffset..];
        BinaryPrimitives.WriteUInt32LittleEndian(aad, number);
        aad[sizeof(uint)] = (byte)codec;
        BinaryPrimitives.WriteUInt32LittleEndian(aad[(sizeof(uint) + sizeof(byte))..], rawLength);
    }
}
