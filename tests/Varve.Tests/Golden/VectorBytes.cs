using System.Text;

namespace Varve.Tests.Golden;

/// <summary>Bytes as docs/format.md has them, made without the library: what no writer makes can be made too.</summary>
internal static class VectorBytes
{
    internal static byte[] VarInt(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) { bytes.Add((byte)(value | 0x80)); }
        bytes.Add((byte)value);
        return [.. bytes];
    }

    /// <summary>A length and that many bytes.</summary>
    internal static byte[] Sized(params ReadOnlySpan<byte> bytes) => [.. VarInt((ulong)bytes.Length), .. bytes];

    /// <summary>A field of an entry, a snapshot and so on.</summary>
    internal static byte[] Field(int tag, params byte[] value) => [.. VarInt((ulong)tag), .. Sized(value)];

    /// <summary>An entry whose stat is of no interest.</summary>
    internal static byte[] Entry(int kind, string name, int size = 0, params byte[][] fields) =>
        Entry(kind, Encoding.UTF8.GetBytes(name), 0x1A4, [2, 0], 0, size, fields);

    /// <summary>An entry. A time is two seconds, unless another mtime is given.</summary>
    internal static byte[] Entry(int kind, byte[] name, ulong mode, byte[] mtime, ulong flags, int size, params byte[][] fields) =>
        Sized([(byte)kind, .. Sized(name), .. VarInt(mode), 0, 0, .. VarInt((ulong)size), .. mtime, 4, 0, 9, .. VarInt(flags),
            .. fields.SelectMany(static f => f)]);

    /// <summary>A leaf without names of owners.</summary>
    internal static byte[] Leaf(params byte[][] entries) => OwnedLeaf([0, 0], entries);

    /// <summary>A leaf; <paramref name="owners"/> are users and groups with their counts.</summary>
    internal static byte[] OwnedLeaf(byte[] owners, params byte[][] entries) =>
        [1, 1, .. owners, .. VarInt((ulong)entries.Length), .. entries.SelectMany(static e => e)];

    /// <summary>A tree node.</summary>
    internal static byte[] Node(params (byte[] Id, string Name)[] children) =>
        [2, 1, .. VarInt((ulong)children.Length),
            .. children.SelectMany(static c => (byte[])[.. c.Id, .. Sized(Encoding.UTF8.GetBytes(c.Name))])];

    /// <summary>A node of extent lists.</summary>
    internal static byte[] ListNode(params (byte[] Id, ulong Length)[] children) =>
        [4, 1, .. VarInt((ulong)children.Length), .. children.SelectMany(static c => (byte[])[.. c.Id, .. VarInt(c.Length)])];

    /// <summary>32 equal bytes, for ids that lead nowhere.</summary>
    internal static byte[] Id(byte value) => [.. Enumerable.Repeat(value, 32)];

    internal static byte[] Times(int count, params byte[] bytes) => [.. Enumerable.Repeat(bytes, count).SelectMany(static b => b)];
}
