using Varve.Model;

namespace Varve.Pack;

/// <summary>
/// The plaintext of an index run (docs/format.md, 7): packs, each with the plaintext of its footer, and the runs that this one supersedes. Writer and reader; stateless, thread-safe.
/// It says what the footers say in one object, in as few bytes: ids are most of an index, and none is longer than 34 bytes here. The order for looking up is made from it in the cache.
/// </summary>
public static class PackListing
{
    /// <summary>The longest plaintext, in bytes: what a reader must be ready to hold at once. Some two million chunks.</summary>
    public const int MaxLength = 64 << 20;

    // Name, a size and a kind of a byte each, no block.
    private const int MinPackEntry = Bytes32.Size + 3;

    /// <summary>A bound for what <see cref="Encode"/> appends for a pack, in bytes: for splitting before encoding.</summary>
    public static long Bound(PackContents pack)
    {
        long length = Bytes32.Size + 16;
        foreach (PackedBlock block in pack.Blocks) { length += 16 + (block.Chunks.Count * (Bytes32.Size + 5L)); }
        return length;
    }

    /// <summary>Appends the plaintext for these packs.</summary>
    public static void Encode(ByteWriter writer, IReadOnlyList<PackContents> packs, IReadOnlyList<ObjectName>? superseded = null)
    {
        writer.VarInt((uint)(superseded?.Count ?? 0));
        foreach (ObjectName run in superseded ?? []) { writer.Id32(run.Value); }
        writer.VarInt((uint)packs.Count);
        foreach (PackContents pack in packs)
        {
            writer.Id32(pack.Name.Value);
            writer.VarInt((ulong)pack.Size);
            writer.U8((byte)pack.Kind);
            PackFooter.Encode(writer, pack.Blocks);
        }
    }

    /// <summary>
    /// Decodes a plaintext; <paramref name="what"/> names the run in errors. Throws <see cref="ErrorKind.Damaged"/> for what no writer makes: a pack or run that is named twice,
    /// and all that <see cref="PackFooter.Decode"/> refuses.
    /// </summary>
    public static (PackContents[] Packs, ObjectName[] Superseded) Decode(ReadOnlySpan<byte> plaintext, string what)
    {
        var reader = new ByteReader(plaintext, what);
        var superseded = new ObjectName[reader.Count(Bytes32.Size)];
        for (int i = 0; i < superseded.Length; i++) { superseded[i] = new ObjectName(reader.Id32()); }
        var packs = new PackContents[reader.Count(MinPackEntry)];
        var names = new HashSet<ObjectName>(superseded);
        if (names.Count < superseded.Length) { throw reader.Damaged("it names a run twice"); }
        for (int i = 0; i < packs.Length; i++)
        {
            packs[i] = DecodePack(ref reader);
            if (!names.Add(packs[i].Name)) { throw reader.Damaged("it names a pack twice"); }
        }

        reader.End();
        return (packs, superseded);
    }

    private static PackContents DecodePack(ref ByteReader reader)
    {
        var name = new ObjectName(reader.Id32());
        long size = reader.VarInt63();
        var kind = (PackKind)reader.U8();
        if (kind is not (PackKind.Data or PackKind.Meta)) { throw reader.Damaged($"a pack is of unknown kind {(byte)kind}"); }
        int start = reader.Position;
        PackedBlock[] blocks = PackFooter.DecodeBlocks(ref reader, size, out long at);
        if (at != size - PackLayout.TailLength - PackLayout.SealedFooterLength(reader.Position - start)) { throw reader.Damaged("a pack's blocks do not end where its footer begins"); }
        return new PackContents(name, kind, size, blocks);
    }
}
