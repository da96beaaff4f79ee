using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Pack;

namespace Varve.Tests.Golden;

/// <summary>Takes the plaintext of an index run apart and writes it again.</summary>
internal static class GoldenPacks
{
    internal static byte[] WriteAgain(ReadOnlySpan<byte> run)
    {
        var packs = new List<PackContents>();
        var listing = new PackListingReader(run);
        while (listing.NextPack()) { packs.Add(new PackContents(listing.Name, listing.Kind, listing.Size, Blocks(listing.Blocks()))); }
        var writer = new ByteWriter();
        PackListing.Encode(writer, packs, listing.Superseded);
        return writer.ToArray();
    }

    private static List<PackedBlock> Blocks(FooterCursor cursor)
    {
        var blocks = new List<PackedBlock>();
        while (cursor.NextBlock())
        {
            (uint stored, uint raw, Codec codec) = (cursor.StoredLength, cursor.RawLength, cursor.Codec);
            var chunks = new List<PackedChunk>();
            while (cursor.NextChunk()) { chunks.Add(cursor.Chunk); }
            blocks.Add(new PackedBlock(stored, raw, codec, chunks));
        }

        return blocks;
    }
}
