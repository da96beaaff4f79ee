using Varve.Model.Bytes;

namespace Varve.Tree.Details;

/// <summary>Takes fields out of encoded details.</summary>
internal static class DetailsTrim
{
    /// <summary>Appends <paramref name="details"/> without the child tree. Every other field stays, known or not.</summary>
    public static void WithoutChildTree(ByteWriter writer, ReadOnlySpan<byte> details)
    {
        var reader = new ByteReader(details, DetailsCodec.What);
        while (reader.Remaining > 0)
        {
            int start = reader.Position;
            ulong tag = reader.VarInt();
            reader.Bytes();
            if (tag != DetailTag.ChildTree) { writer.Raw(details[start..reader.Position]); }
        }
    }
}
