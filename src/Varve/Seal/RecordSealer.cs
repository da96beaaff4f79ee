using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Seal;

/// <summary>
/// Records, as they lie in the store: magic, and sealed under the index key a public part, a private one and a signature over both
/// (docs/format.md, 5.2). <paramref name="signer"/> is null for a slot without identity, which does not sign. Thread-safe.
/// </summary>
internal sealed class RecordSealer(ObjectSealer objects, ContentSealer content, ObjectSigner? signer, SignatureVerifier signatures)
{
    private static readonly Subject s_what = Subject.PartOnly("the content");

    /// <summary>As whom it signs; null if it does not.</summary>
    internal WriterIdentity? Writer => signer?.Writer;

    /// <summary>Whether private parts can be opened.</summary>
    internal bool CanOpenPrivate => content.CanOpen;

    /// <summary>Seals and signs: the object's bytes, and the name they give it.</summary>
    internal (ObjectName Name, byte[] Bytes) Seal(RecordKind kind, ReadOnlySpan<byte> publicPart, ReadOnlySpan<byte> privatePart)
    {
        byte[] parts = Parts(publicPart, content.SealPrivate(kind, publicPart, privatePart));
        byte[] body = objects.Seal(kind.Type, kind.Magic, WithSignature(parts, signer is null ? [] : signer.Sign(kind.Magic, parts)));
        byte[] bytes = [.. kind.Magic, .. body];
        return (new ObjectName(SHA256.HashData(bytes)), bytes);
    }

    /// <summary>Opens the record of that name.</summary>
    /// <exception cref="VarveException">Damaged, without a name.</exception>
    internal OpenedRecord Open(RecordKind kind, ObjectName name, ReadOnlySpan<byte> bytes)
    {
        if (new ObjectName(SHA256.HashData(bytes)) != name)
        {
            throw VarveException.Damaged(Subject.None, "its bytes do not hash to its name");
        }

        if (!bytes.StartsWith(kind.Magic)) { throw VarveException.Damaged(Subject.None, $"it does not start as {kind.Name}"); }
        byte[] plain = objects.Open(kind.Type, kind.Magic, bytes[ObjectMagic.Length..]);
        int signed = Unwrap(plain, out ReadOnlySpan<byte> open, out ReadOnlySpan<byte> secret, out ReadOnlySpan<byte> signature);
        return new OpenedRecord(open.ToArray(), content.CanOpen ? content.OpenPrivate(kind, open, secret) : null,
            signatures.Verify(kind.Magic, plain.AsSpan(0, signed), signature));
    }

    /// <summary>The parts that are signed.</summary>
    internal static byte[] Parts(ReadOnlySpan<byte> publicPart, ReadOnlySpan<byte> privateSealed)
    {
        var writer = new ByteWriter(publicPart.Length + privateSealed.Length + 8);
        writer.Bytes(publicPart);
        writer.Bytes(privateSealed);
        return writer.ToArray();
    }

    /// <summary>A record's plaintext; without a signature if that is empty.</summary>
    internal static byte[] WithSignature(ReadOnlySpan<byte> parts, ReadOnlySpan<byte> signature)
    {
        if (signature.IsEmpty) { return parts.ToArray(); }
        var writer = new ByteWriter(parts.Length + signature.Length + 4);
        writer.Raw(parts);
        writer.Bytes(signature);
        return writer.ToArray();
    }

    /// <summary>
    /// Takes a record's plaintext apart, in slices of it; further parts are passed over. Returns how much of it is signed.
    /// </summary>
    /// <exception cref="VarveException">Damaged, without a name.</exception>
    internal static int Unwrap(ReadOnlySpan<byte> plaintext, out ReadOnlySpan<byte> publicPart, out ReadOnlySpan<byte> privateSealed,
        out ReadOnlySpan<byte> signature)
    {
        var reader = new ByteReader(plaintext, s_what);
        publicPart = reader.Bytes();
        privateSealed = reader.Bytes();
        int signed = reader.Position;
        signature = reader.Remaining > 0 ? reader.Bytes() : [];
        while (reader.Remaining > 0) { reader.Bytes(); }
        return signed;
    }
}
