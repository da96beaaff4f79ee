using System.Text.Json.Nodes;
using Varve.Model;

namespace Varve.Tests.Golden;

/// <summary>What stands in the tree of docs/vectors.json, in words that need no library to read.</summary>
internal static class VectorWords
{
    /// <summary>The details that an entry has, and no others.</summary>
    internal static JsonObject Of(EntryDetails details)
    {
        var words = new JsonObject();
        if (details.Extents is { } extents) { words["extents"] = Of(extents); }
        if (!details.ExtentList.IsNone) { words["extentList"] = details.ExtentList.ToString(); }
        if (!details.ChildTree.IsNone) { words["tree"] = details.ChildTree.ToString(); }
        if (details.SymlinkTarget is { } target) { words["target"] = VectorMaker.Hex(target); }
        if (details.Device is (uint major, uint minor)) { words["device"] = new JsonArray((JsonNode)major, (JsonNode)minor); }
        if (details.LinkGroup != 0) { words["linkGroup"] = U64(details.LinkGroup); }
        if (details.Xattrs.Count > 0) { words["xattrs"] = new JsonArray([.. details.Xattrs.Select(Of)]); }
        if (details.Birth is { } birth) { words["birth"] = Of(birth); }
        if (details.Attributes != 0) { words["attributes"] = details.Attributes; }
        if (details.Mount != 0) { words["mount"] = U64(details.Mount); }
        return words;
    }

    /// <summary>Extents in the order of the file.</summary>
    internal static JsonArray Of(IEnumerable<Extent> extents) => [.. extents.Select(static e => (JsonNode)(e.IsHole
        ? new JsonObject { ["hole"] = e.Length }
        : new JsonObject { ["chunk"] = e.Chunk.ToString(), ["offset"] = e.Offset, ["length"] = e.Length }))];

    /// <summary>Seconds and nanoseconds.</summary>
    internal static JsonArray Of(FileTime time) => [(JsonNode)time.Seconds, (JsonNode)time.Nanoseconds];

    private static JsonArray Of(Xattr xattr) => [(JsonNode)VectorMaker.Hex(xattr.Name), (JsonNode)VectorMaker.Hex(xattr.Value)];

    /// <summary>As it is stored: readers of JSON lose the last bits of such numbers.</summary>
    private static string U64(ulong number) => VectorMaker.Hex(BitConverter.GetBytes(number));
}
