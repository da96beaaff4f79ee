using System.Text;
using System.Text.Json.Nodes;
using Varve.Format;
using Varve.Seal;

namespace Varve.Tests.Golden;

/// <summary>
/// The cases of docs/vectors.json: what readers take although no writer of ours makes it, and what they refuse. Each is one small thing of
/// one sort (<c>of</c>); what is refused says how (<c>expect</c>).
/// </summary>
internal sealed class VectorCases(ChunkHasher hasher, ObjectSealer objects)
{
    private readonly JsonArray _cases = [];

    /// <summary>What a reader must take.</summary>
    internal static JsonArray Taken(ChunkHasher hasher, ObjectSealer objects)
    {
        var cases = new VectorCases(hasher, objects);
        VectorTaken.AddTo(cases);
        return cases._cases;
    }

    /// <summary>What a reader must refuse.</summary>
    internal static JsonArray Refused(ChunkHasher hasher, ObjectSealer objects)
    {
        var cases = new VectorCases(hasher, objects);
        VectorRefused.AddTo(cases);
        VectorRefusedTrees.AddTo(cases);
        return cases._cases;
    }

    /// <summary>The name that a meta chunk gets.</summary>
    internal byte[] IdOf(byte[] chunk) => hasher.Compute(chunk).Value.ToArray();

    /// <summary>A JSON object of a repository.</summary>
    internal void Text(string of, string what, string text, string? expect = null) => Add(of, what, expect, ("text", text));

    /// <summary>Bytes that are to be decoded.</summary>
    internal void Bytes(string of, string what, byte[] bytes, string? expect = null) =>
        Add(of, what, expect, ("bytes", VectorMaker.Hex(bytes)));

    /// <summary>A key file, which is to be UTF-8.</summary>
    internal void KeyFile(string what, string text, string? expect = null) => Bytes("keyFile", what, Encoding.UTF8.GetBytes(text), expect);

    /// <summary>A tree of these chunks; the last is the top.</summary>
    internal void Tree(string what, string? expect, params byte[][] chunks) => Add("tree", what, expect, ("chunks", Hex(chunks)));

    /// <summary>A directory with the entry <c>a</c>, and the file <c>b</c> which is as it should be.</summary>
    internal void Entry(string what, string? expect, byte[] entry) =>
        Tree(what, expect, VectorBytes.Leaf(entry, VectorBytes.Entry(1, "b")));

    /// <summary>The extent list of a file of that size.</summary>
    internal void List(string what, string? expect, int size, params byte[][] chunks) =>
        Add("extentList", what, expect, ("size", size), ("chunks", Hex(chunks)));

    /// <summary>The plaintext of a footer, of a pack of that size.</summary>
    internal void Footer(string what, string? expect, long blocks, byte[] plaintext) =>
        Add("footer", what, expect,
            ("size", PackLayout.HeaderLength + blocks + SealLayout.SealedLength(plaintext.Length) + PackLayout.TailLength),
            ("bytes", VectorMaker.Hex(plaintext)));

    /// <summary>The payload of a block of codec 1.</summary>
    internal void Block(string what, string? expect, int rawLength, string payload) =>
        Add("block", what, expect, ("rawLength", rawLength), ("payload", payload));

    /// <summary>A sealed object that is opened as something.</summary>
    internal void Sealed(string what, string? expect, int type, string context, Func<byte[], byte[]> change)
    {
        byte[] plaintext = "plain"u8.ToArray();
        var bytes = new byte[ObjectSealer.SealedLength(plaintext.Length)];
        objects.Seal(ObjectType.Condemned, "VARVECND"u8, plaintext, VectorBytes.Id(7), bytes);
        Add("sealed", what, expect, ("type", type), ("context", VectorMaker.Hex(Encoding.ASCII.GetBytes(context))),
            ("sealed", VectorMaker.Hex(change(bytes))));
    }

    private static JsonArray Hex(byte[][] chunks) => [.. chunks.Select(static c => (JsonNode)VectorMaker.Hex(c))];

    private void Add(string of, string what, string? expect, params (string Name, JsonNode Value)[] members)
    {
        var made = new JsonObject { ["of"] = of, ["what"] = what };
        if (expect is not null) { made["expect"] = expect; }
        foreach ((string name, JsonNode value) in members) { made[name] = value; }
        _cases.Add((JsonNode)made);
    }
}
