using Varve.Model.Bytes;

namespace Varve.Tree.Lists;

/// <summary>
/// What the lists beside a tree have in common (docs/format.md, 8.3 to 8.5): the first items, as many as are allowed and fit, for the list
/// is one chunk. Stateless, thread-safe.
/// </summary>
internal static class ListChunk
{
    /// <summary>So many items at most are listed.</summary>
    internal const int MaxItems = 10_000;

    private const int MaxBytes = 8 << 20;

    /// <summary>
    /// Writes the chunk; returns how many items that is. <paramref name="bound"/>: what <paramref name="write"/> appends for an item at
    /// most, in bytes. <paramref name="head"/>: what stands before the number of items.
    /// </summary>
    internal static int Encode<T>(ByteWriter writer, MetaKind kind, IReadOnlyList<T> items, Func<T, int> bound, Action<ByteWriter, T> write,
        ReadOnlySpan<byte> head = default)
    {
        var body = new ByteWriter();
        int count = 0, most = MaxBytes - head.Length;
        while (count < Math.Min(items.Count, MaxItems) && bound(items[count]) <= most - body.Length) { write(body, items[count++]); }
        MetaChunk.Begin(writer, kind);
        writer.Raw(head);
        writer.VarInt((uint)count);
        writer.Raw(body.Written);
        return count;
    }
}
