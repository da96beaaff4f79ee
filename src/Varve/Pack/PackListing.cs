using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;

namespace Varve.Pack;

/// <summary>
/// The plaintext of an index run (docs/format.md, 7): packs, each with the plaintext of its footer, and the runs that this one supersedes.
/// It says what the footers say in one object, in as few bytes: ids are most of an index, and a chunk takes 35 bytes or less. The order for
/// looking up is made from it in the cache. Stateless, thread-safe; <see cref="PackListingReader"/> reads it.
/// </summary>
internal static class PackListing
{
    /// <summary>The longest plaintext, in bytes: what a reader must be ready to hold at once. Some two million chunks.</summary>
    public const int MaxLength = Limits.MaxListing;

    /// <summary>The tag of the session in a run's fields.</summary>
    internal const int SessionTag = 1;

    /// <summary>A bound for what <see cref="Encode"/> appends for a pack, in bytes: for splitting before encoding.</summary>
    public static long Bound(PackContents pack)
    {
        long length = Bytes32.Size + 24;
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
            int footer = writer.Length;
            PackFooter.Encode(writer, pack.Blocks);
            writer.PrefixLength(footer);
        }
    }

    /// <summary>Appends what is said of the run itself: in which session it was made, if in any.</summary>
    public static void EncodeFields(ByteWriter writer, SessionId session)
    {
        int mark = writer.Length;
        var fields = new FieldWriter(writer, FieldReader.Strict);
        if (session != default) { fields.Bytes(SessionTag, session.ToArray()); }
        writer.PrefixLength(mark);
    }
}
