using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Seal;

/// <summary>
/// Seals what only the full key opens again: packs, and the private parts of records. Has of a repository's secrets the key pair and no
/// more. Thread-safe.
/// </summary>
internal sealed class ContentSealer(RepositoryId repository, byte[] publicKey, byte[]? privateKey)
{
    /// <summary>Whether it has the private key: without it, it only seals.</summary>
    internal bool CanOpen => privateKey is not null;

    /// <summary>A new pack's key, sealed into the pack's header.</summary>
    internal PackSealer NewPack(PackKind kind) => PackSealer.Create(repository, kind, publicKey);

    /// <summary>Opens a pack's key from its header; only if <see cref="CanOpen"/>.</summary>
    /// <inheritdoc cref="PackOpener.Open"/>
    internal PackOpener OpenPack(ReadOnlySpan<byte> header, Subject pack) => PackOpener.Open(repository, header, Private, publicKey, pack);

    /// <summary>Seals the part of a record that names things (<see cref="PrivatePart"/>).</summary>
    internal byte[] SealPrivate(RecordKind kind, ReadOnlySpan<byte> publicBytes, ReadOnlySpan<byte> plaintext) =>
        PrivatePart.Seal(kind, repository, publicKey, publicBytes, plaintext);

    /// <summary>Opens the private part of a record; only if <see cref="CanOpen"/>.</summary>
    /// <inheritdoc cref="PrivatePart.Open"/>
    internal byte[] OpenPrivate(RecordKind kind, ReadOnlySpan<byte> publicBytes, ReadOnlySpan<byte> sealedPart) =>
        PrivatePart.Open(kind, repository, Private, publicKey, publicBytes, sealedPart);

    private byte[] Private => privateKey ?? throw new InvalidOperationException("needs the full key");
}
