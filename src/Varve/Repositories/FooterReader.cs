using Varve.Format;
using Varve.Model;
using Varve.Pack;
using Varve.Seal;

namespace Varve.Repositories;

/// <summary>Reads what a pack holds from its own footer.</summary>
internal static class FooterReader
{
    /// <exception cref="VarveException">Damaged or NotFound, naming the pack.</exception>
    internal static PackContents Read(Repository repository, ObjectName name, long size)
    {
        string key = ObjectKeys.Pack(name);
        try { return PackFooter.Decode(Plaintext(repository, key, name, size, new FooterBuffers(), out PackKind kind), name, kind, size); }
        catch (VarveException e) when (IsUnnamed(e, key)) { throw Naming(key, e); }
    }

    /// <summary>The plaintext of the footer, for a <see cref="FooterCursor"/>: it was walked once and is whole. Valid until the next call with these buffers.</summary>
    /// <inheritdoc cref="Read(Repository, ObjectName, long)"/>
    internal static ReadOnlySpan<byte> Read(Repository repository, string key, ObjectName name, long size, FooterBuffers buffers, out PackKind kind)
    {
        try
        {
            ReadOnlySpan<byte> plaintext = Plaintext(repository, key, name, size, buffers, out kind);
            var cursor = new FooterCursor(plaintext, name, size);
            while (cursor.NextBlock()) { }
            return plaintext;
        }
        catch (VarveException e) when (IsUnnamed(e, key))
        {
            throw Naming(key, e);
        }
    }

    private static ReadOnlySpan<byte> Plaintext(Repository repository, string key, ObjectName name, long size, FooterBuffers buffers, out PackKind kind)
    {
        if (size < PackLayout.HeaderLength + PackLayout.TailLength) { throw VarveException.Damaged(key, "it is cut short"); }
        Span<byte> header = stackalloc byte[PackLayout.HeaderLength];
        repository.Store.GetRange(key, 0, header);
        kind = PackHeader.Parse(header, name);
        Span<byte> tail = stackalloc byte[PackLayout.TailLength];
        repository.Store.GetRange(key, size - tail.Length, tail);
        int length = PackFooter.ReadTail(tail, size, name);
        long start = size - tail.Length - length;
        if (length > Limits.MaxListing || start < PackLayout.HeaderLength) { throw VarveException.Damaged(key, "its footer is longer than the pack"); }
        Span<byte> sealedFooter = buffers.Sealed(length), plaintext = buffers.Plaintext(length);
        repository.Store.GetRange(key, start, sealedFooter);
        return plaintext[..repository.Objects.Open(ObjectType.Footer, header, sealedFooter, plaintext)];
    }

    private static bool IsUnnamed(VarveException e, string key) => e.Kind == ErrorKind.Damaged && !e.Message.Contains(key, StringComparison.Ordinal);

    private static VarveException Naming(string key, VarveException e) => new(ErrorKind.Damaged, $"{key} is damaged: {e.Message}", e.Hint, e);
}
