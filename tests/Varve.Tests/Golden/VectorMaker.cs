using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Pack;
using Varve.Platform.Crypto;
using Varve.Seal;
using Varve.Tree;
using Varve.Vault.Open;

namespace Varve.Tests.Golden;

/// <summary>
/// Makes docs/vectors.json: a small repository with all its keys and random bytes, each step from what goes in to what comes out. Whatever
/// is random in earnest is a hash of its name here, so that the same program gives the same file; only what zstd made of a block is given,
/// since another version of it may do better.
/// </summary>
internal sealed class VectorMaker
{
    private readonly RepositoryId _id = new(Made("repository id")[..16]);
    private readonly SecretBundle _full, _write;
    private readonly ObjectSealer _objects;
    private readonly ChunkHasher _hasher;
    private readonly byte[] _header;

    private readonly JsonObject? _before;
    private readonly ObjectSigner _signer;

    /// <param name="before">The file as it is: signatures are taken from it, since each has a random number that is not known.</param>
    internal VectorMaker(JsonObject? before)
    {
        _before = before;
        const string created = "2026-11-29T12:00:00Z";
        _header = HeaderJson.Encode(new RepositoryHeader(1, _id, created, 32 << 20, 4 << 20, 32 << 10, 128 << 10, 512 << 10));
        using ECDiffieHellman pair = Pair("private key");
        ECParameters parameters = pair.ExportParameters(includePrivateParameters: true);
        using SecretBundle unsigned = SecretBundle.Decode(VectorFields.Of(
            (1, [2]), (2, _id.ToArray()), (3, Made("chunk-id key")), (4, Made("chunker key")), (5, Made("index key")),
            (6, [4, .. parameters.Q.X!, .. parameters.Q.Y!]), (7, parameters.D!), (8, _header)));
        _full = WithIdentity(unsigned, KeyLevel.Full, "in my head \u2603");
        _write = WithIdentity(unsigned.ToWriteLevel(), KeyLevel.Write, "key file of level write");
        _objects = new ObjectSealer(_id, _full.IndexKey);
        _hasher = new ChunkHasher(_full.ChunkIdKey);
        _signer = Identities.SignerOf(_full)!;
    }

    /// <summary>The whole file; <paramref name="compress"/> makes the payload of a compressed block of its raw bytes.</summary>
    internal JsonObject Make(Func<byte[], byte[]> compress)
    {
        var tree = new VectorTree(_hasher);
        PackContents data = Pack(PackKind.Data, [[VectorTree.Hello], [VectorTree.Repeated]], compress, out JsonObject dataPack);
        PackContents meta = Pack(PackKind.Meta, [tree.Chunks], compress, out JsonObject metaPack);
        var run = new ByteWriter();
        PackListing.Encode(run, [data, meta], [new ObjectName(Made("an earlier run"))]);
        PackListing.EncodeFields(run, new SessionId(Made("a session")));
        run.Bytes(Before("indexRun", "signature") ?? _signer.Sign(ObjectMagic.Index, run.Written));
        JsonObject indexRun = Sealed(ObjectType.IndexRun, "VARVEIDX", run.ToArray());
        long added = data.Blocks.Concat(meta.Blocks).Sum(static b => (long)b.RawLength);
        long stored = data.Size + meta.Size + Length(indexRun["object"]!);
        indexRun["signature"] = Hex(SignatureOf(run.Written));
        var prune = new SessionId(Made("a prune's session"));
        var condemned = new CondemnedPacks(new FileTime(1_764_417_600, 5), prune, [new ObjectName(Made("a condemned pack"))]);
        var fences = new FenceList([
            new Fence(new SessionId(Made("a fenced session")), null),
            new Fence(new SessionId(Made("a decided session")), [new ObjectName(Made("a snapshot that counts"))])],
            [new ObjectName(Made("an earlier fence"))]);
        return new JsonObject
        {
            ["about"] = "Test vectors for docs/format.md (section 15): all bytes are hexadecimal digits. "
                + "The keys are published: use them for nothing else.",
            ["format"] = 1,
            ["repository"] = new JsonObject
            {
                ["id"] = _id.ToString(),
                ["header"] = Encoding.UTF8.GetString(_header),
                ["chunkIdKey"] = Hex(_full.ChunkIdKey),
                ["chunkerKey"] = Hex(_full.ChunkerKey),
                ["indexKey"] = Hex(_full.IndexKey), ["publicKey"] = Hex(_full.PublicKey), ["privateKey"] = Hex(_full.PrivateKey!),
            },
            ["identities"] = new JsonObject
            {
                ["issuingKey"] = Hex(_full.IssuingKey!),
                ["full"] = Hex(_full.Identity!.Certificate), ["write"] = Hex(_write.Identity!.Certificate),
            },
            ["slots"] = new JsonArray(
                PasswordSlot(), KeyFileSlot(_full, "key file"), KeyFileSlot(_write, "key file of level write")),
            ["paperKeys"] = new JsonArray(Paper(_full), Paper(_write)),
            ["chunks"] = new JsonArray([.. tree.Chunks.Prepend(VectorTree.Repeated).Prepend(VectorTree.Hello).Select(Chunk)]),
            ["packs"] = new JsonArray(dataPack, metaPack),
            ["indexRun"] = indexRun,
            ["condemned"] = Record(RecordKind.Condemned, "VARVECND", "the condemned", CondemnedCodec.Encode(condemned), []),
            ["fence"] = Record(RecordKind.Fence, "VARVEFNC", "the fence", FenceCodec.Encode(fences), []),
            ["final"] = Record(RecordKind.Final, "VARVEFIN", "the final",
                FinalMarkCodec.Encode(new FinalMark(new ObjectName(Made("a condemned list")), prune)), []),
            ["snapshot"] = Snapshot(tree.Snapshot(_full.ChunkIdKey, added, stored)),
            ["note"] = AdoptionNote(tree.Snapshot(_full.ChunkIdKey, added, stored).SourceId),
            ["treeLeaf"] = tree.DescribedLeaf,
            ["treeNode"] = tree.DescribedNode,
            ["extentLists"] = tree.DescribedLists,
            ["longObject"] = Long(),
            ["chunker"] = VectorCuts.Of(_full.ChunkerKey),
            ["taken"] = VectorCases.Taken(_hasher, _objects),
            ["refused"] = VectorCases.Refused(_hasher, _objects),
        };
    }

    internal static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static byte[] SignatureOf(ReadOnlySpan<byte> run)
    {
        var reader = new PackListingReader(run);
        while (reader.NextPack()) { }
        return reader.Signature.ToArray();
    }

    private static long Length(JsonNode hex) => hex.GetValue<string>().Length / 2;

    private static byte[] Made(string what) => SHA256.HashData(Encoding.UTF8.GetBytes("varve vectors: " + what));

    private static ECDiffieHellman Pair(string what) =>
        ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Made(what) });

    private static ObjectName Name(ReadOnlySpan<byte> bytes) => new(SHA256.HashData(bytes));

    private JsonNode Chunk(byte[] bytes) => new JsonObject { ["id"] = _hasher.Compute(bytes).ToString(), ["bytes"] = Hex(bytes) };

    private JsonObject PasswordSlot()
    {
        const string password = "correct horse, \u00E9 and \u2603";
        var scrypt = new ScryptParameters(1024, 8, 1);
        byte[] salt = Made("salt of the password slot"), key = new byte[32];
        LibCrypto.Scrypt(Encoding.UTF8.GetBytes(password), salt, scrypt.N, scrypt.R, scrypt.P, key);
        var randomness = new SlotRandomness(salt, Made("nonce of the password slot")[..12]);
        KeySlot made = KeySlot.CreateWithPassword(_full, password, "in my head \u2603", "2026-11-29T12:00:01Z", scrypt, randomness);
        JsonObject slot = Slot(made, _full, key, randomness);
        slot["password"] = password;
        return slot;
    }

    private static JsonObject Paper(SecretBundle bundle)
    {
        using PaperKey key = PaperKey.Of(bundle);
        string digits = key.Code["VARVE-PAPER-1:".Length..];
        var bytes = new byte[digits.Length * 5 / 8];
        Assert.True(PaperDigits.TryRead(digits, bytes));
        return new JsonObject
        {
            ["level"] = bundle.Level == KeyLevel.Full ? "full" : "write",
            ["bytes"] = Hex(bytes),
            ["lines"] = new JsonArray([.. key.Lines.Select(static l => (JsonNode)l)]),
            ["code"] = key.Code,
        };
    }

    private JsonObject KeyFileSlot(SecretBundle bundle, string what)
    {
        byte[] secret = Made(what), salt = Made("salt of the " + what);
        string text = $"# {what}\r\n\nvarve-key-1 {Convert.ToBase64String(secret)}\r\n";
        using KeyFile file = KeyFile.Parse(text);
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, salt, "varve/1 key file"u8.ToArray());
        var randomness = new SlotRandomness(salt, Made("nonce of the " + what)[..12]);
        KeySlot made = KeySlot.CreateWithKeyFile(bundle, file, what, "2026-11-29T12:00:02Z", randomness);
        JsonObject slot = Slot(made, bundle, key, randomness);
        slot["keyFile"] = text;
        return slot;
    }

    private static JsonObject Slot(KeySlot slot, SecretBundle bundle, byte[] wrappingKey, SlotRandomness randomness) => new()
    {
        ["level"] = slot.Level == KeyLevel.Full ? "full" : "write",
        ["salt"] = Hex(randomness.Salt),
        ["nonce"] = Hex(randomness.Nonce),
        ["wrappingKey"] = Hex(wrappingKey),
        ["bundle"] = Hex(bundle.Encode()), ["object"] = Encoding.UTF8.GetString(slot.Bytes.Span), ["name"] = slot.Name.ToString(),
    };

    private JsonObject Sealed(ObjectType type, string magic, byte[] plaintext)
    {
        byte[] context = Encoding.ASCII.GetBytes(magic);
        JsonObject made = Seal(type, context, plaintext, out byte[] bytes);
        byte[] whole = [.. context, .. bytes];
        made["object"] = Hex(whole);
        made["name"] = Name(whole).ToString();
        return made;
    }

    private JsonObject Seal(ObjectType type, byte[] context, byte[] plaintext, out byte[] bytes)
    {
        byte[] salt = Made("salt of an object: " + Hex(SHA256.HashData(plaintext)));
        bytes = new byte[ObjectSealer.SealedLength(plaintext.Length)];
        _objects.Seal(type, context, plaintext, salt, bytes);
        byte[] info = [.. "varve/1 object"u8, .. _id.ToArray(), (byte)type];
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, _full.IndexKey, 32, salt, info);
        return new JsonObject
        {
            ["type"] = (int)type,
            ["context"] = Hex(context),
            ["salt"] = Hex(salt),
            ["objectKey"] = Hex(key),
            ["plaintext"] = Hex(plaintext),
            ["sealed"] = Hex(bytes),
        };
    }

    /// <summary>Two segments: the second has one byte.</summary>
    private JsonObject Long()
    {
        byte[] plaintext = new byte[ObjectSealer.SegmentSize + 1];
        plaintext.AsSpan().Fill((byte)'a');
        JsonObject made = Seal(ObjectType.IndexRun, "VARVEIDX"u8.ToArray(), plaintext, out byte[] bytes);
        made.Remove("sealed");
        made["plaintext"] = "1048577 bytes, each 0x61";
        made["sha256OfSealed"] = Hex(SHA256.HashData(bytes));
        return made;
    }

    /// <summary>Blocks of chunks: the first of each pack is stored as it is, others compressed.</summary>
    private PackContents Pack(
        PackKind kind, IReadOnlyList<IReadOnlyList<byte[]>> blocks, Func<byte[], byte[]> compress, out JsonObject made)
    {
        byte[] random = Made($"random bytes of the {kind} pack")[..16], key = Made($"key of the {kind} pack");
        using ECDiffieHellman ephemeral = Pair($"ephemeral key of the {kind} pack");
        using PackSealer sealer = PackSealer.Create(_id, kind, _full.PublicKey, random, key, ephemeral);
        var builder = new PackBuilder();
        builder.Begin(kind, sealer.Header.Span);
        var described = new JsonArray();
        foreach (IReadOnlyList<byte[]> chunks in blocks)
        {
            byte[] raw = [.. chunks.SelectMany(static c => c)];
            uint number = builder.NextBlockNumber;
            Codec codec = number == 0 ? Codec.Raw : Codec.Zstd;
            byte[] payload = codec == Codec.Raw ? raw : compress(raw);
            Span<byte> room = builder.Reserve(payload.Length + PackSealer.BlockOverhead);
            int stored = sealer.SealBlock(number, codec, (uint)raw.Length, payload, room);
            described.Add((JsonNode)new JsonObject
            {
                ["number"] = number,
                ["codec"] = (int)codec,
                ["raw"] = Hex(raw),
                ["payload"] = Hex(payload),
                ["stored"] = Hex(room[..stored]),
            });
            PackedChunk[] listed = [.. chunks.Select(c => new PackedChunk(_hasher.Compute(c), (uint)c.Length))];
            builder.Commit(stored, (uint)raw.Length, codec, listed);
        }

        JsonObject footer = Seal(ObjectType.Footer, sealer.Header.ToArray(), builder.EncodeFooter().ToArray(), out byte[] sealedFooter);
        builder.Finish(sealedFooter);
        ObjectName name = Name(builder.Bytes.Span);
        made = new JsonObject
        {
            ["kind"] = (int)kind,
            ["random"] = Hex(random),
            ["key"] = Hex(key),
            ["ephemeralPrivateKey"] = Hex(Made($"ephemeral key of the {kind} pack")),
            ["header"] = Hex(sealer.Header.Span),
            ["blocks"] = described,
            ["footer"] = footer,
            ["object"] = Hex(builder.Bytes.Span),
            ["name"] = name.ToString(),
        };
        return builder.ToContents(name);
    }

    private JsonObject Snapshot(Snapshot snapshot) => Record(RecordKind.Snapshot, "VARVESNP", "the snapshot",
        SnapshotCodec.EncodePublic(snapshot), SnapshotCodec.EncodePrivate(snapshot.Private!));

    private JsonObject AdoptionNote(Bytes32 source)
    {
        var note = new Note
        {
            Kind = NoteKind.Adoption, At = new FileTime(1_764_417_601, 7), Lineage = new Lineage(source, _signer.Writer.Uid),
            Continues = [new Lineage(new Bytes32(Made("the source before")), _signer.Writer.Uid)],
            Snapshots = [new ObjectName(Made("a snapshot that nobody signed"))],
            Private = new NotePrivate { Host = "new-laptop", Root = "/home/me/papers"u8.ToArray(), Reason = "renamed \u2603" },
        };
        return Record(RecordKind.Note, "VARVENOT", "the note", NoteCodec.EncodePublic(note), NoteCodec.EncodePrivate(note.Private));
    }

    private SecretBundle WithIdentity(SecretBundle bundle, KeyLevel level, string label)
    {
        byte[] own = Made("private key of the identity " + label);
        using var issuing = IssuingKey.Of(_id, Made("private key"));
        byte[] certificate = Before("identities", level == KeyLevel.Full ? "full" : "write")
            ?? issuing.Certify(P256.PublicOf(own), level, label);
        return bundle.WithIdentity(issuing.PublicKey, new SlotIdentity(own, certificate));
    }

    private byte[]? Before(string member, string name) =>
        _before?[member]?[name] is { } hex ? Convert.FromHexString(hex.GetValue<string>()) : null;

    /// <summary>A signature cannot be made again: its own random number is not known.</summary>
    private JsonObject Record(RecordKind kind, string magic, string what, byte[] open, byte[] secret)
    {
        using ECDiffieHellman ephemeral = Pair("ephemeral key of " + what);
        byte[] sealedSecret = PrivatePart.Seal(kind, _id, _full.PublicKey, open, secret, ephemeral);
        byte[] parts = RecordSealer.Parts(open, sealedSecret);
        byte[] signature = Before(what[(what.LastIndexOf(' ') + 1)..], "signature") ?? _signer.Sign(kind.Magic, parts);
        JsonObject made = Sealed(kind.Type, magic, RecordSealer.WithSignature(parts, signature));
        made["public"] = Hex(open);
        made["private"] = Hex(secret);
        made["ephemeralPrivateKey"] = Hex(Made("ephemeral key of " + what));
        made["privateSealed"] = Hex(sealedSecret);
        made["signature"] = Hex(signature);
        return made;
    }
}
