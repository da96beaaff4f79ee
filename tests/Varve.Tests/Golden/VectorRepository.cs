using System.Text;
using System.Text.Json.Nodes;
using Varve.Format;
using Varve.Model;
using Varve.Tree;

namespace Varve.Tests.Golden;

/// <summary>Lays the objects of docs/vectors.json out as the repository that they make up.</summary>
internal static class VectorRepository
{
    internal static void Write(JsonObject vectors, string folder)
    {
        Put(folder, "varve", Encoding.UTF8.GetBytes(Value(vectors["repository"]!["header"])));
        foreach (JsonNode? slot in vectors["slots"]!.AsArray())
        {
            Put(folder, "keys/" + Value(slot!["name"]), Encoding.UTF8.GetBytes(Value(slot["object"])));
        }

        foreach (JsonNode? pack in vectors["packs"]!.AsArray())
        {
            string name = Value(pack!["name"]);
            Put(folder, $"packs/{name[..2]}/{name}", Bytes(pack));
        }

        Put(folder, "index/" + Value(vectors["indexRun"]!["name"]), Bytes(vectors["indexRun"]!));
        Put(folder, ObjectKeys.Snapshot(SourceOf(vectors), new ObjectName(Convert.FromHexString(Value(vectors["snapshot"]!["name"])))),
            Bytes(vectors["snapshot"]!));
        Put(folder, "notes/" + Value(vectors["note"]!["name"]), Bytes(vectors["note"]!));
    }

    private static void Put(string folder, string key, byte[] bytes)
    {
        string path = Path.Combine(folder, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private static Bytes32 SourceOf(JsonObject vectors) =>
        SnapshotCodec.ParsePublic(Convert.FromHexString(Value(vectors["snapshot"]!["public"]))).SourceId;

    private static byte[] Bytes(JsonNode node) => Convert.FromHexString(Value(node["object"]));

    private static string Value(JsonNode? node) => node!.GetValue<string>();
}
