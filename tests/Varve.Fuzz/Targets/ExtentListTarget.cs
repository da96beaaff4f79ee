using System.Buffers.Binary;
using Varve.Model;
using Varve.Tree.Details;

namespace Varve.Fuzz.Targets;

/// <summary>Lists of extents: u64 the file's size, then leaves and nodes.</summary>
internal sealed class ExtentListTarget : IFuzzTarget
{
    private const int Most = 1_000_000;

    public string Name => "extents";

    public IEnumerable<byte[]> Seeds()
    {
        yield return Seed(9, [3, 1, 2, 1, 4, 1, 5]);
        yield return Seed(7, [3, 1, 2, 0, .. Id(9), 0, 4, 1, 3]);
        yield return Seed(18, [3, 1, 2, 1, 4, 1, 5], [4, 1, 2, .. Id(1), 9, .. Id(1), 9]);
        byte[] holes = [3, 1, 9, .. Enumerable.Repeat((byte)1, 18)];
        yield return Seed(81, holes, [4, 1, 3, .. Id(1), 9, .. Id(1), 9, .. Id(1), 9],
            [4, 1, 3, .. Id(2), 27, .. Id(2), 27, .. Id(2), 27]);
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 8) { return; }
        long size = BinaryPrimitives.ReadInt64LittleEndian(input);
        var box = new ChunkBox(input[8..]);
        if (box.Count == 0 || size < 0) { return; }
        long length = 0;
        int count = 0;
        bool wasHole = false;
        foreach (Extent extent in ExtentListReader.Read(box.Top, size, box.Fetch))
        {
            Same.Require(extent.Length > 0 && extent.Length <= size - length, "an extent reaches beyond the file");
            Same.Require(!(wasHole && extent.IsHole), "holes in a row are not one");
            wasHole = extent.IsHole;
            length += extent.Length;
            if (++count == Most) { return; }
        }

        Same.Require(length == size, "extents cover another size than the file's");
    }

    private static byte[] Id(int number) => ChunkBox.Id(number).Value.ToArray();

    private static byte[] Seed(long size, params byte[][] chunks)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, size);
        return [.. bytes, .. ChunkBox.Pack(chunks)];
    }
}
