using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Seal;

/// <summary>What is signed of an object: which repository, which kind, and its content (docs/format.md, 5.1).</summary>
internal static class SignedMessage
{
    internal const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>Its SHA-256.</summary>
    internal static void Hash(RepositoryId repository, ReadOnlySpan<byte> magic, ReadOnlySpan<byte> content, Span<byte> hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData("varve/1 signed"u8);
        sha.AppendData(repository.ToArray());
        sha.AppendData(magic);
        sha.AppendData(content);
        sha.GetHashAndReset(hash);
    }
}
