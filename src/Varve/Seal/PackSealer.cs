using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Seal;

/// <summary>
/// Seals the blocks of one new pack (docs/format.md, 6). Invariants: each pack has its own random key, which leaves this object only
/// sealed to the repository's public key; a block number, hence a nonce, serves once. Not thread-safe: one writer per pack.
/// No allocation per block.
/// </summary>
internal sealed class PackSealer : IDisposable
{
    /// <summary>Length of <see cref="Header"/>.</summary>
    public const int HeaderSize = PackLayout.HeaderLength;

    /// <summary>How much longer a sealed block is than its payload.</summary>
    public const int BlockOverhead = SealLayout.TagLength;

    private readonly RepositoryId _repository;
    private readonly byte[] _header;
    private readonly AesGcm _aes;
    private ulong _nextNumber;

    private PackSealer(RepositoryId repository, byte[] header, AesGcm aes)
    {
        _repository = repository;
        _header = header;
        _aes = aes;
    }

    /// <summary>The pack's first 145 bytes: also the context of its footer (<see cref="ObjectType.Footer"/>).</summary>
    public ReadOnlyMemory<byte> Header => _header;

    /// <summary>Starts a pack of a kind with a fresh key.</summary>
    /// <exception cref="VarveException">Damaged: <paramref name="publicKey"/> is no P-256 point.</exception>
    public static PackSealer Create(RepositoryId repository, PackKind kind, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> random = stackalloc byte[PackLayout.RandomLength], key = stackalloc byte[SealLayout.KeyLength];
        RandomNumberGenerator.Fill(random);
        RandomNumberGenerator.Fill(key);
        try
        {
            using ECDiffieHellman ephemeral = P256.Generate();
            return Create(repository, kind, publicKey, random, key, ephemeral);
        }
        finally { CryptographicOperations.ZeroMemory(key); }
    }

    /// <summary>The same with given random bytes and keys, which must never serve twice.</summary>
    internal static PackSealer Create(
        RepositoryId repository,
        PackKind kind,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> random,
        ReadOnlySpan<byte> key,
        ECDiffieHellman ephemeral)
    {
        var header = new byte[HeaderSize];
        PackHeader.Write(header, kind, random);
        ReadOnlySpan<byte> clear = header.AsSpan(0, PackLayout.SealedKeyOffset);
        byte[] sealedKey = Hpke.Seal(ephemeral, publicKey, PackBinding.KeyInfo(repository), clear, key);
        sealedKey.CopyTo(header, PackLayout.SealedKeyOffset);
        return new PackSealer(repository, header, new AesGcm(key, SealLayout.TagLength));
    }

    /// <summary>
    /// Seals a block's payload into <paramref name="destination"/> and returns its length there: the payload's and
    /// <see cref="BlockOverhead"/>. Numbers ascend from call to call; <paramref name="rawLength"/> is in bytes.
    /// </summary>
    /// <exception cref="InvalidOperationException">This number or a higher one was used before: its nonce would repeat.</exception>
    public int SealBlock(uint number, Codec codec, uint rawLength, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        int length = payload.Length + BlockOverhead;
        if (destination.Length < length) { throw new ArgumentException($"needs {length} bytes", nameof(destination)); }

        if (number < _nextNumber)
        {
            throw new InvalidOperationException($"Block {number} follows block {_nextNumber - 1}: its nonce could repeat.");
        }

        // Spent before it is used: an encryption that fails half-way does not free its nonce.
        _nextNumber = number + 1UL;
        Span<byte> nonce = stackalloc byte[SealLayout.NonceLength];
        Span<byte> aad = stackalloc byte[PackBinding.BlockAadLength];
        PackBinding.WriteNonce(number, nonce);
        PackBinding.WriteBlockAad(_repository, _header, number, codec, rawLength, aad);
        _aes.Encrypt(nonce, payload, destination[..payload.Length], destination[payload.Length..length], aad);
        return length;
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _aes.Dispose();
}
