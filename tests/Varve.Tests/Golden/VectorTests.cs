using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Varve.Format;
using Varve.Maintain.Check;
using Varve.Maintain.Findings;
using Varve.Model;
using Varve.Platform.Zstd;
using Varve.Restore;
using Varve.Restore.Write;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tree;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Golden;

/// <summary>docs/vectors.json: made once by the explicit test below, and fixed since. A new format gets new vectors beside them.</summary>
public sealed class VectorTests
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void The_library_makes_every_vector_again_to_the_byte()
    {
        JsonObject vectors = Read();
        JsonObject made = new VectorMaker(vectors).Make(raw => PayloadOf(vectors, raw));
        foreach ((string name, JsonNode? vector) in vectors) { Assert.Equal((name, Text(vector!)), (name, Text(made[name]!))); }
        Assert.Equal(vectors.Count, made.Count);
    }

    [Fact]
    public async Task An_independent_reader_verifies_every_vector()
    {
        // Debian's, which has python3-cryptography.
        string[] arguments = [Place("tests/Varve.Tests/Golden/read_v1.py"), "--vectors", Place("docs/vectors.json")];
        var start = new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, await errors + "\n(needs Debian's python3-cryptography and zstd; ./test installs them)");
        Assert.EndsWith("all vectors hold\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_library_opens_them_as_a_repository_and_restores_it(int slot)
    {
        using var d = new ZooDirectory();
        JsonObject vectors = Read();
        VectorRepository.Write(vectors, d["repository"]);
        using Repository repository = Open(vectors, slot, d);
        var whole = new CheckOptions { ReadData = true };
        CheckResult check = Checker.Run(repository, whole, new CheckMonitor(), TestContext.Current.CancellationToken);
        // The snapshot before it is made up, and its name leads nowhere.
        Assert.Equal(Advice.AcknowledgeMissing, Assert.Single(check.Damages).Advice);
        SnapshotInfo snapshot = Assert.Single(repository.Snapshots());
        Assert.Equal("d\u00E9mo", snapshot.Snapshot.Private!.Source);
        var options = new RestoreOptions { Snapshot = snapshot, Target = Encoding.UTF8.GetBytes(d["target"]), NumericOwner = true };
        RestoreResult result = RestoreRunner.Run(repository, options, new RestoreMonitor(), TestContext.Current.CancellationToken);
        Assert.Empty(result.Failures);
        Assert.Equal("Hello, Varve!\n", File.ReadAllText(d["target"] + "/twin"));
        Assert.Equal([.. new byte[65_536], .. "line 0\n"u8, 0], File.ReadAllBytes(d["target"] + "/torn"));
        byte[] repeated = VectorTree.Repeated;
        Assert.Equal([.. repeated[..100], .. new byte[28], .. repeated[200..250]], File.ReadAllBytes(d["target"] + "/nodes"));
        Assert.Equal(["a", "b", "c"], Directory.GetFiles(d["target"] + "/split").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_key_of_level_write_opens_them_and_sees_no_name()
    {
        using var d = new ZooDirectory();
        JsonObject vectors = Read();
        VectorRepository.Write(vectors, d["repository"]);
        using Repository repository = Open(vectors, 2, d);
        Assert.Equal(KeyLevel.Write, repository.Level);
        SnapshotInfo snapshot = Assert.Single(repository.Snapshots());
        Assert.Null(snapshot.Snapshot.Private);
        Assert.Equal(3, snapshot.Snapshot.Counts.Moved);
    }

    [Fact]
    public void What_prune_puts_opens_as_what_it_is_and_is_signed_by_a_full_key()
    {
        JsonObject vectors = Read();
        using var d = new ZooDirectory();
        VectorRepository.Write(vectors, d["repository"]);
        using Repository repository = Open(vectors, 1, d);
        OpenedRecord Opened(RecordKind kind, string member)
        {
            byte[] bytes = Bytes(vectors[member]!["object"]);
            OpenedRecord record = repository.Records.Open(kind, new ObjectName(Bytes(vectors[member]!["name"])), bytes);
            Assert.True(record.Signature.IsFull);
            return record;
        }

        CondemnedPacks condemned = CondemnedCodec.Decode(Opened(RecordKind.Condemned, "condemned").Public);
        Assert.Single(condemned.Packs);
        FenceList fences = FenceCodec.Decode(Opened(RecordKind.Fence, "fence").Public);
        Assert.Equal([true, false], fences.Entries.Select(static e => e.Decided is null));
        Assert.Single(fences.Replaced);
        Assert.Equal(condemned.Session, FinalMarkCodec.Decode(Opened(RecordKind.Final, "final").Public).Session);
    }

    [Fact]
    public void A_note_is_read_by_both_keys_as_far_as_each_may()
    {
        using var d = new ZooDirectory();
        JsonObject vectors = Read();
        VectorRepository.Write(vectors, d["repository"]);
        using (Repository full = Open(vectors, 0, d))
        {
            Snapshot snapshot = Assert.Single(full.Snapshots()).Snapshot;
            Assert.Equal(SignatureState.Valid, snapshot.Signature);
            Assert.Equal((KeyLevel.Full, "in my head \u2603"), (snapshot.Writer!.Level, snapshot.Writer.Label));
            Note note = Assert.Single(full.SnapshotStore.Sources.Notes);
            Assert.Equal((snapshot.Lineage, "new-laptop"), (note.Lineage, note.Private.Host));
            Assert.Equal("/home/me/papers"u8.ToArray(), note.Private.Root);
            Assert.Equal(snapshot.HistoryId, full.SnapshotStore.Sources.Of(Assert.Single(note.Continues)));
        }

        using Repository write = Open(vectors, 2, d);
        Assert.Equal(SignatureState.Valid, Assert.Single(write.Snapshots()).Snapshot.Signature);
        Note open = Assert.Single(write.SnapshotStore.Sources.Notes);
        Assert.Single(open.Continues);
        Assert.Equal("", open.Private.Host);
    }

    [Fact]
    public void The_counts_of_the_snapshot_are_those_of_its_tree()
    {
        using var d = new ZooDirectory();
        JsonObject vectors = Read();
        VectorRepository.Write(vectors, d["repository"]);
        using Repository repository = Open(vectors, 0, d);
        var kinds = new Dictionary<EntryKind, int>();
        long bytes = 0;
        Snapshot snapshot = Assert.Single(repository.Snapshots()).Snapshot;
        GoldenTrees.ForEach(snapshot.RootTree, repository.MetaChunks.Read, (_, table, _, _) =>
        {
            for (int i = 0; i < table.Count; i++)
            {
                kinds[table.Stat(i).Kind] = kinds.GetValueOrDefault(table.Stat(i).Kind) + 1;
                bytes += table.Stat(i).Kind == EntryKind.File ? table.Stat(i).Size : 0;
            }
        });
        SnapshotCounts counts = snapshot.Counts;
        Assert.Equal((kinds[EntryKind.File], kinds[EntryKind.Directory]), ((int)counts.Files, (int)counts.Directories));
        Assert.Equal(bytes, counts.Bytes);
        Assert.True(kinds.Count == 7, "one of each kind");
        Assert.Equal(kinds.Where(static k => k.Key != EntryKind.Directory).Sum(static k => k.Value),
            counts.New + counts.Changed + counts.MetadataOnly + counts.Unchanged);
    }

    [Fact(Explicit = true)]
    public void Write_the_vectors()
    {
        // What is there stays as it is: signatures have random numbers of their own.
        JsonObject made = new VectorMaker(File.Exists(Place("docs/vectors.json")) ? Read() : null).Make(static raw =>
        {
            using var compressor = new ZstdCompressor(3);
            var room = new byte[ZstdCompressor.Bound(raw.Length)];
            return room[..compressor.Compress(raw, room)];
        });
        File.WriteAllText(Place("docs/vectors.json"), Text(made) + "\n");
    }

    private static Credentials Credentials(JsonObject vectors, int slot, ZooDirectory d)
    {
        JsonNode chosen = vectors["slots"]![slot]!;
        if (chosen["password"] is { } password) { return new Credentials { Password = password.GetValue<string>() }; }
        return new Credentials { KeyFilePath = KeyPlace.Of(d.Root, chosen["keyFile"]!.GetValue<string>()) };
    }

    private static Repository Open(JsonObject vectors, int slot, ZooDirectory d) => Repository.Open(
        new RepositoryLocation(d["repository"]), Credentials(vectors, slot, d), new RepositoryOptions { CacheRoot = d["cache"] });

    private static byte[] PayloadOf(JsonObject vectors, byte[] raw)
    {
        IEnumerable<JsonNode?> blocks = vectors["packs"]!.AsArray().SelectMany(static p => p!["blocks"]!.AsArray());
        return Bytes(blocks.First(b => Bytes(b!["raw"]).AsSpan().SequenceEqual(raw))!["payload"]);
    }

    private static byte[] Bytes(JsonNode? hex) => Convert.FromHexString(hex!.GetValue<string>());

    private static string Text(JsonNode node) => node.ToJsonString(s_json);

    internal static JsonObject Read() => JsonNode.Parse(File.ReadAllText(Place("docs/vectors.json")))!.AsObject();

    private static string Place(string path)
    {
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "docs", "format.md"))) { return Path.Combine(at, path); }
        }

        throw new DirectoryNotFoundException("docs/format.md is not above " + AppContext.BaseDirectory);
    }
}
