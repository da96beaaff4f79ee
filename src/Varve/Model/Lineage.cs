using System.Security.Cryptography;

namespace Varve.Model;

/// <summary>
/// A source as one writer recorded it (docs/format.md, 9.2): what is a history by itself. <paramref name="Writer"/> is the id of the
/// identity that signed, zero for what is not signed, <see cref="NoWriter"/> for what is signed falsely.
/// </summary>
internal readonly record struct Lineage(Bytes32 Source, Bytes32 Writer)
{
    /// <summary>Length as bytes.</summary>
    internal const int Size = 2 * Bytes32.Size;

    private static readonly byte[] s_ones = [.. Enumerable.Repeat((byte)0xFF, Bytes32.Size)];

    /// <summary>Stands for the writer of what is signed falsely, whoever that was.</summary>
    internal static Bytes32 NoWriter { get; } = new(s_ones);

    /// <summary>One id for both; that of the source alone for what is not signed.</summary>
    internal Bytes32 Id => Writer.IsZero ? Source : new Bytes32(SHA256.HashData([.. "varve/1 lineage"u8, .. ToArray()]));

    /// <summary>That of a snapshot's source and signature.</summary>
    internal static Lineage Of(Bytes32 source, SignatureState signature, WriterIdentity? writer) =>
        new(source, signature == SignatureState.Invalid ? NoWriter : writer?.Uid ?? default);

    /// <summary>Reads one of 64 bytes.</summary>
    internal static Lineage Read(ReadOnlySpan<byte> bytes) => new(new Bytes32(bytes), new Bytes32(bytes[Bytes32.Size..]));

    /// <summary>A new array of the 64 bytes.</summary>
    internal byte[] ToArray() => [.. Source.ToArray(), .. Writer.ToArray()];
}
