using System.Text;
using System.Text.Json.Nodes;
using Varve.App.Invocation;
using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Platform.Zstd;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Open;

namespace Varve.Tests.Golden;

/// <summary>The cases of docs/vectors.json, given to the library: what is to be taken and what is to be refused, and how.</summary>
public sealed class VectorCaseTests : IDisposable
{
    private readonly JsonObject _vectors = VectorTests.Read();
    private readonly ScratchDirectory _scratch = new();
    private readonly RepositoryId _repository;
    private readonly ChunkHasher _hasher;
    private readonly ObjectSealer _objects;

    public VectorCaseTests()
    {
        _repository = new RepositoryId(Hex(_vectors["repository"]!["id"]));
        _hasher = new ChunkHasher(Hex(_vectors["repository"]!["chunkIdKey"]));
        _objects = new ObjectSealer(_repository, Hex(_vectors["repository"]!["indexKey"]));
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void What_readers_take_is_taken()
    {
        foreach (JsonNode? one in _vectors["taken"]!.AsArray()) { Assert.Equal((What(one!), "taken"), (What(one!), Outcome(one!))); }
        Assert.True(_vectors["taken"]!.AsArray().Count > 30);
    }

    [Fact]
    public void What_readers_refuse_is_refused_as_the_vector_says()
    {
        foreach (JsonNode? one in _vectors["refused"]!.AsArray())
        {
            Assert.Equal((What(one!), one!["expect"]!.GetValue<string>()), (What(one!), Outcome(one!)));
        }

        Assert.True(_vectors["refused"]!.AsArray().Count > 120);
    }

    private string Outcome(JsonNode one)
    {
        try { return Decode(one); }
        catch (VarveException e)
        {
            return e.Kind switch
            {
                ErrorKind.Damaged => "damaged",
                ErrorKind.Unsupported => "unsupported",
                ErrorKind.WrongKey => "no key file",
                _ => $"{e.Kind}",
            };
        }
    }

    /// <summary>"taken" or "entry", unless it throws.</summary>
    private string Decode(JsonNode one)
    {
        byte[] bytes = one["text"] is { } text ? Encoding.UTF8.GetBytes(text.GetValue<string>()) : one["bytes"] is { } hex ? Hex(hex) : [];
        switch (one["of"]!.GetValue<string>())
        {
            case "header": HeaderJson.Decode(bytes); break;
            case "slot": KeySlotJson.Decode(bytes); break;
            case "session": SessionJson.Verify(bytes); break;
            case "keyFile":
                File.WriteAllBytes(Path.Combine(_scratch.Path, "key"), bytes);
                KeyFile.Load(Path.Combine(_scratch.Path, "key")).Dispose();
                break;
            case "bundle": SecretBundle.Decode(bytes).Dispose(); break;
            case "snapshotPublic": SnapshotCodec.ParsePublic(bytes); break;
            case "snapshotPrivate": SnapshotCodec.ParsePrivate(bytes); break;
            case "notePublic": NoteCodec.ParsePublic(bytes); break;
            case "notePrivate": NoteCodec.ParsePrivate(bytes); break;
            case "condemned": CondemnedCodec.Decode(bytes); break;
            case "fence": FenceCodec.Decode(bytes); break;
            case "final": FinalMarkCodec.Decode(bytes); break;
            case "failureList": FailureList.Decode(bytes); break;
            case "pendingList": PendingList.Decode(bytes); break;
            case "markList": MarkList.Decode(bytes); break;
            case "packHeader": PackHeader.Parse(bytes); break;
            case "footer": PackFooter.Decode(bytes, default, PackKind.Data, one["size"]!.GetValue<long>()); break;
            case "indexRun": ReadRun(bytes); break;
            case "block":
                using (var zstd = new ZstdDecompressor())
                {
                    zstd.Decompress(Hex(one["payload"]), new byte[one["rawLength"]!.GetValue<int>()]);
                }

                break;
            case "sealed": _objects.Open((ObjectType)one["type"]!.GetValue<int>(), Hex(one["context"]), Hex(one["sealed"])); break;
            case "extentList":
                (ChunkId list, FetchMeta part) = Chunks(one);
                foreach (Extent _ in ExtentListReader.Read(list, one["size"]!.GetValue<long>(), part)) { }
                break;
            case "tree": return ReadTree(one);
            case string other: throw new ArgumentException(other, nameof(one));
        }

        return "taken";
    }

    private static void ReadRun(byte[] bytes)
    {
        var listing = new PackListingReader(bytes);
        while (listing.NextPack())
        {
            FooterCursor blocks = listing.Blocks();
            while (blocks.NextBlock()) { }
        }
    }

    private string ReadTree(JsonNode one)
    {
        (ChunkId top, FetchMeta fetch) = Chunks(one);
        var table = new EntryTable();
        TreeReader.Read(top, fetch, table);
        var refused = new List<string>();
        for (int i = 0; i < table.Count; i++)
        {
            try
            {
                DetailsVerifier.Verify(table.Stat(i).Kind, table.Details(i));
                if (table.Stat(i).Kind != EntryKind.File || !DetailsCodec.ExtentList(table.Details(i)).IsNone) { continue; }
                ExtentReader extents = DetailsCodec.InlineExtents(table.Details(i));
                while (extents.MoveNext()) { }
                if (extents.Length != table.Stat(i).Size) { refused.Add(Encoding.UTF8.GetString(table.Name(i))); }
            }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { refused.Add(Encoding.UTF8.GetString(table.Name(i))); }
        }

        return refused switch { [] => "taken", ["a"] => "entry", _ => string.Join(", ", refused) };
    }

    /// <summary>The id of the last chunk, and all of them by their ids.</summary>
    private (ChunkId Top, FetchMeta Fetch) Chunks(JsonNode one)
    {
        var chunks = new Dictionary<ChunkId, byte[]>();
        ChunkId top = default;
        foreach (JsonNode? hex in one["chunks"]!.AsArray())
        {
            byte[] chunk = Hex(hex);
            chunks[top = _hasher.Compute(chunk)] = chunk;
        }

        return (top, id => chunks.TryGetValue(id, out byte[]? chunk) ? chunk
            : throw new VarveException(ErrorKind.NotFound, Subject.Chunk(id), "is not there"));
    }

    private static string What(JsonNode one) => $"{one["of"]}: {one["what"]}";

    private static byte[] Hex(JsonNode? hex) => Convert.FromHexString(hex!.GetValue<string>());
}
