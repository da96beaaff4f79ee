using Varve.Format;
using Varve.Lookup;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Pack;

namespace Varve.Fuzz.Targets;

/// <summary>The plaintext of index runs, as far as the table that is made of it.</summary>
internal sealed class RunTarget : IFuzzTarget
{
    public string Name => "run";

    public IEnumerable<byte[]> Seeds()
    {
        yield return Listing([], []);
        yield return Listing([Pack(1, 2)], []);
        byte[] listing = Listing([Pack(1, 2), Pack(3, 1), Pack(1, 1)], [Known.Name(8), Known.Name(9)]);
        yield return listing;
        yield return [.. listing, 18, 1, 16, .. new byte[16], 3, 1, 2, 3, 1, 0];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        var builder = new RunBuilder();
        var listing = new PackListingReader(input);
        while (listing.NextPack())
        {
            bool isNew = builder.BeginPack(listing.Name, listing.Size, listing.Kind, default);
            FooterCursor blocks = listing.Blocks();
            while (blocks.NextBlock())
            {
                if (isNew) { builder.BeginBlock(blocks.StoredLength, blocks.RawLength, blocks.Codec); }
                while (blocks.NextChunk()) { if (isNew) { builder.AddChunk(blocks.Chunk); } }
            }
        }

        builder.WriteTo(Stream.Null, new RunOrigin(Known.Name(1)) { Session = listing.Session, Superseded = listing.Superseded });
    }

    internal static PackContents Pack(int name, int blocks)
    {
        PackedBlock[] all = [.. Enumerable.Range(0, blocks).Select(i => new PackedBlock(116, 100, Codec.Raw,
            [new PackedChunk(Known.Chunk(name + i), 60), new PackedChunk(Known.Chunk(name + i + 100), 40)]))];
        var footer = new ByteWriter();
        PackFooter.Encode(footer, all);
        long size = PackLayout.HeaderLength + (116L * blocks) + SealLayout.SealedLength(footer.Length) + PackLayout.TailLength;
        return new PackContents(Known.Name(name), PackKind.Data, size, all);
    }

    private static byte[] Listing(PackContents[] packs, ObjectName[] superseded)
    {
        var writer = new ByteWriter();
        PackListing.Encode(writer, packs, superseded);
        return writer.ToArray();
    }
}
