using Varve.Format;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;

namespace Varve.Vault.Objects;

/// <summary>Reads what a pack holds from its own footer. Thread-safe.</summary>
internal sealed class FooterReader(IStore store, ObjectSealer objects)
{
    /// <exception cref="VarveException">Damaged or NotFound, naming the pack.</exception>
    internal PackContents Read(ObjectName name, long size)
    {
        string key = ObjectKeys.Pack(name);
        try { return PackFooter.Decode(Plaintext(key, size, new FooterBuffers(), out PackKind kind), name, kind, size); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
    }

    /// <summary>
    /// The plaintext of the footer, for a <see cref="FooterCursor"/>: it was walked once and is whole. Valid until the next call with these
    /// buffers.
    /// </summary>
    /// <inheritdoc cref="Read(ObjectName, long)"/>
    internal ReadOnlySpan<byte> Read(string key, long size, FooterBuffers buffers, out PackKind kind)
    {
        try
        {
            ReadOnlySpan<byte> plaintext = Plaintext(key, size, buffers, out kind);
            var cursor = new FooterCursor(plaintext, size);
            while (cursor.NextBlock()) { }
            return plaintext;
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
    }

    private ReadOnlySpan<byte> Plaintext(string key, long size, FooterBuffers buffers, out PackKind kind)
    {
        if (size < PackLayout.HeaderLength + PackLayout.TailLength) { throw VarveException.Damaged(Subject.None, "it is cut short"); }
        Span<byte> header = stackalloc byte[PackLayout.HeaderLength];
        store.GetRange(key, 0, header);
        kind = PackHeader.Parse(header);
        Span<byte> tail = stackalloc byte[PackLayout.TailLength];
        store.GetRange(key, size - tail.Length, tail);
        int length = PackFooter.ReadTail(tail, size);
        long start = size - tail.Length - length;
        if (length > Limits.MaxListing || start < PackLayout.HeaderLength)
        {
            throw VarveException.Damaged(Subject.None, "its footer is longer than the pack");
        }
        Span<byte> sealedFooter = buffers.Sealed(length), plaintext = buffers.Plaintext(length);
        store.GetRange(key, start, sealedFooter);
        return plaintext[..objects.Open(ObjectType.Footer, header, sealedFooter, plaintext)];
    }

    /// <summary>
    /// What those packs hold that are not among <paramref name="covered"/>. Packs whose footer is damaged are reported, not thrown, and so
    /// are directories of packs that cannot be listed.
    /// </summary>
    internal IReadOnlyList<PackContents> ReadOthers(HashSet<ObjectName> covered, Action<VarveException> damaged,
        CancellationToken cancelled = default)
    {
        var found = new List<PackContents>();
        foreach (StoreObject item in store.List(ObjectKeys.Packs, damaged))
        {
            cancelled.ThrowIfCancellationRequested();
            if (!ObjectKeys.TryName(item.Key, out ObjectName name) || covered.Contains(name)) { continue; }
            try { found.Add(Read(name, item.Length)); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { damaged(e); }
        }

        return found;
    }
}
