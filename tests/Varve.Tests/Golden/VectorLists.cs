using System.Text.Json.Nodes;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree.Details;
using Varve.Tree.Lists;

namespace Varve.Tests.Golden;

/// <summary>
/// Extent lists, and nodes of lists and of trees. Nodes are made by hand: a writer makes them of large lists and directories only, and
/// readers take them wherever they were cut.
/// </summary>
internal sealed class VectorLists(StoreMeta store)
{
    private readonly JsonArray _described = [];

    /// <summary>The chunks of lists in words: leaves with their extents, nodes with their children.</summary>
    internal JsonArray Described => (JsonArray)_described.DeepClone();

    /// <summary>65 extents, so that they need a list: slices of a chunk with holes between.</summary>
    internal ChunkId Comb(ChunkId chunk, out long length)
    {
        Extent[] extents =
            [.. Enumerable.Range(0, 65).Select(i => i % 2 == 0 ? Extent.Hole(4_096) : new Extent(chunk, (uint)i * 10, 10 + i))];
        var writer = new ExtentListWriter(store);
        writer.Begin();
        foreach (Extent extent in extents) { writer.Add(extent); }
        length = writer.Length;
        ChunkId id = writer.Finish();
        Describe(id, "extents", VectorWords.Of(extents));
        return id;
    }

    /// <summary>A node over a leaf and a node that has another leaf below it: leaves are not equally deep.</summary>
    internal ChunkId Nodes(ChunkId chunk, out long length)
    {
        (ChunkId, long) first = Leaf(new Extent(chunk, 0, 100), Extent.Hole(28)), second = Leaf(new Extent(chunk, 200, 50));
        (ChunkId, long) below = Node(second), top = Node(first, below);
        length = top.Item2;
        return top.Item1;
    }

    /// <summary>A tree node, and the same in words.</summary>
    internal ChunkId TreeNode(out JsonObject described, params (ChunkId Child, string FirstName)[] children)
    {
        var writer = new ByteWriter();
        writer.Raw([2, 1]);
        writer.VarInt((ulong)children.Length);
        foreach ((ChunkId child, string name) in children)
        {
            writer.Id32(child.Value);
            writer.Text(name);
        }

        ChunkId id = store(writer.Written);
        described = new JsonObject
        {
            ["id"] = id.ToString(),
            ["children"] = new JsonArray([.. children.Select(static c => (JsonNode)new JsonObject
            { ["id"] = c.Child.ToString(), ["firstName"] = VectorMaker.Hex(System.Text.Encoding.UTF8.GetBytes(c.FirstName)) })]),
        };
        return id;
    }

    private (ChunkId, long) Leaf(params Extent[] extents)
    {
        var writer = new ByteWriter();
        writer.Raw([3, 1]);
        writer.VarInt((ulong)extents.Length);
        foreach (Extent extent in extents) { ExtentCodec.Write(writer, extent); }
        ChunkId id = store(writer.Written);
        Describe(id, "extents", VectorWords.Of(extents));
        return (id, extents.Sum(static e => e.Length));
    }

    private (ChunkId, long) Node(params (ChunkId Id, long Length)[] children)
    {
        var writer = new ByteWriter();
        writer.Raw([4, 1]);
        writer.VarInt((ulong)children.Length);
        foreach ((ChunkId child, long length) in children)
        {
            writer.Id32(child.Value);
            writer.VarInt((ulong)length);
        }

        ChunkId id = store(writer.Written);
        Describe(id, "children",
            [.. children.Select(static c => (JsonNode)new JsonObject { ["id"] = c.Id.ToString(), ["length"] = c.Length })]);
        return (id, children.Sum(static c => c.Length));
    }

    private void Describe(ChunkId id, string what, JsonArray words) =>
        _described.Add((JsonNode)new JsonObject { ["id"] = id.ToString(), [what] = words });
}
