using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Threads;

namespace Varve.Seal;

/// <summary>
/// Opens the blocks of one pack (docs/format.md, 6). Thread-safe without locks: AesGcm is not, so idle ones wait in a pool, and a thread
/// that finds none makes its own. No allocation per block once as many exist as threads open blocks at a time. Dispose only after the last
/// call.
/// </summary>
internal sealed class PackOpener : IDisposable
{
    private readonly RepositoryId _repository;
    private readonly byte[] _prefix;
    private readonly byte[] _key;
    private readonly IdlePool<AesGcm> _idle = new();
    private volatile bool _disposed;

    private PackOpener(RepositoryId repository, byte[] prefix, byte[] key, Subject pack)
    {
        _repository = repository;
        _prefix = prefix;
        _key = key;
        Pack = pack;
    }

    /// <summary>What errors are about.</summary>
    public Subject Pack { get; }

    /// <summary>Opens the pack key from a pack's first 145 bytes. Errors are about <paramref name="pack"/>.</summary>
    /// <exception cref="VarveException">Damaged: not the header of a pack of this repository.</exception>
    public static PackOpener Open(
        RepositoryId repository, ReadOnlySpan<byte> header, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey,
        Subject? pack = null)
    {
        pack ??= Subject.PartOnly("a pack");
        PackHeader.Parse(header, pack);
        byte[] prefix = header[..PackLayout.SealedKeyOffset].ToArray();
        byte[] key;
        try { key = Hpke.Open(privateKey, publicKey, PackBinding.KeyInfo(repository), prefix, header[PackLayout.SealedKeyOffset..]); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            throw VarveException.Damaged(pack.Within("the header"), "the pack's key cannot be opened", e);
        }

        return new PackOpener(repository, prefix, key, pack);
    }

    /// <summary>
    /// Opens one sealed block into <paramref name="payload"/>, which has exactly its length without <see cref="PackSealer.BlockOverhead"/>,
    /// and may be the beginning of <paramref name="stored"/> itself.
    /// </summary>
    /// <exception cref="VarveException">Damaged: not the block that was sealed with this number, codec and raw length in this pack.
    /// The payload is zero then.</exception>
    public void OpenBlock(uint number, Codec codec, uint rawLength, ReadOnlySpan<byte> stored, Span<byte> payload)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (stored.Length < SealLayout.TagLength)
        {
            throw VarveException.Damaged(Pack.Within($"block {number}"), "it is shorter than its tag");
        }

        if (payload.Length != stored.Length - SealLayout.TagLength)
        {
            throw new ArgumentException($"needs {stored.Length - SealLayout.TagLength} bytes", nameof(payload));
        }

        Span<byte> nonce = stackalloc byte[SealLayout.NonceLength];
        Span<byte> aad = stackalloc byte[PackBinding.BlockAadLength];
        PackBinding.WriteNonce(number, nonce);
        PackBinding.WriteBlockAad(_repository, _prefix, number, codec, rawLength, aad);
        AesGcm aes = _idle.Take() ?? new AesGcm(_key, SealLayout.TagLength);
        try { aes.Decrypt(nonce, stored[..payload.Length], stored[payload.Length..], payload, aad); }
        catch (AuthenticationTagMismatchException)
        {
            throw VarveException.Damaged(Pack.Within($"block {number}"), "its tag does not match");
        }
        finally { _idle.Give(aes); }
    }

    /// <summary>Forgets the key. No other call may be under way.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
        _idle.Dispose();
    }
}
