using System.Text;
using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Seal;

namespace Varve.Vault.Objects;

/// <summary>
/// Records that were opened and verified once, kept on this machine so that the next time costs two symmetric keys instead of two
/// operations on a curve, some 0.6 ms. What every key reads, and who signed, is sealed under a key that each of them can derive; the
/// private part under one that takes the private key. So nobody reads or forges here what he could not in the repository. Thread-safe.
/// </summary>
/// <param name="files">Where they lie.</param>
/// <param name="type">What they are.</param>
/// <param name="shared">Seals what every key reads.</param>
/// <param name="own">Seals private parts; null without the full key.</param>
internal sealed class OpenedRecords(ObjectCache files, ObjectType type, ObjectSealer shared, ObjectSealer? own)
{
    private const byte Version = 1;

    private static readonly Subject s_what = Subject.PartOnly("a record in the cache");

    /// <summary>A record that lies at a key; null if it is not here, or without a private part that this key could open.</summary>
    internal OpenedRecord? TryGet(string key, ObjectName name)
    {
        if (files.TryGet(key, name) is not { } bytes) { return null; }
        byte[] context = name.Value.ToArray();
        try
        {
            var halves = new ByteReader(bytes, s_what);
            ReadOnlySpan<byte> first = halves.Bytes(), second = halves.Bytes();
            if (own is not null && second.IsEmpty) { return null; }
            byte[]? secret = own?.Open(type, context, second);
            var reader = new ByteReader(shared.Open(type, context, first), s_what);
            if (reader.U8() != Version) { return null; }
            var state = (SignatureState)reader.U8();
            WriterIdentity? writer = null;
            if (reader.U8() != 0) { writer = new WriterIdentity(reader.Id32(), (KeyLevel)reader.U8(), Encoding.UTF8.GetString(reader.Bytes())); }
            return new OpenedRecord(reader.Bytes().ToArray(), secret, new Signature(state, writer));
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            files.Remove(key, name);
            return null;
        }
    }

    /// <summary>Adds one that was opened, if there is room.</summary>
    internal void Add(string key, ObjectName name, OpenedRecord record)
    {
        byte[] context = name.Value.ToArray();
        var open = new ByteWriter(record.Public.Length + 128);
        open.U8(Version);
        open.U8((byte)record.Signature.State);
        open.U8(record.Signature.Writer is null ? (byte)0 : (byte)1);
        if (record.Signature.Writer is { } writer)
        {
            open.Id32(writer.Uid);
            open.U8((byte)writer.Level);
            open.Text(writer.Label);
        }

        open.Bytes(record.Public);
        var halves = new ByteWriter(open.Length + 256);
        halves.Bytes(shared.Seal(type, context, open.Written));
        halves.Bytes(own is null ? [] : own.Seal(type, context, record.Private));
        files.Add(key, name, halves.Written, anew: true);
    }

    /// <inheritdoc cref="ObjectCache.Keep"/>
    internal void Keep(IReadOnlyList<string> keys) => files.Keep(keys);
}
