using System.Text;
using Varve.Backup;
using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Tree;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Golden;

/// <summary>
/// What the golden repositories hold, written again by the program as it is: what is deterministic must come out to the byte. So a change
/// of what is written is seen even where everything can still read it.
/// </summary>
public sealed class GoldenRewritingTests
{
    public static TheoryData<string> Repositories => GoldenTests.Repositories;

    public static TheoryData<string> All => [.. GoldenTests.Repositories.Select(static r => r.Data), "v1-delta"];

    [Theory]
    [MemberData(nameof(Repositories))]
    public void Trees_and_extent_lists_are_the_same_chunks(string name)
    {
        using var d = new ZooDirectory();
        using Repository repository = Open(name, GoldenTests.Place(name), d);
        using SecretBundle bundle = Bundle(name);
        var hasher = new ChunkHasher(bundle.ChunkIdKey);
        int trees = 0, lists = 0;
        foreach (SnapshotInfo snapshot in repository.Snapshots())
        {
            GoldenTrees.ForEach(snapshot.Snapshot.RootTree, repository.MetaChunks.Read, (tree, table, owners, root) =>
            {
                trees++;
                var writer = new TreeWriter(hasher.Compute, owners);
                writer.Begin(root);
                for (int i = 0; i < table.Count; i++) { writer.Add(table.Name(i), table.Stat(i), table.Flags(i), Again(table.Details(i))); }
                Assert.Equal(tree, writer.Finish());
                for (int i = 0; i < table.Count; i++)
                {
                    ChunkId list = DetailsCodec.ExtentList(table.Details(i));
                    if (list.IsNone) { continue; }
                    lists++;
                    var extents = new ExtentListWriter(hasher.Compute);
                    extents.Begin();
                    long size = table.Stat(i).Size;
                    foreach (Extent extent in ExtentListReader.Read(list, size, repository.MetaChunks.Read)) { extents.Add(extent); }
                    Assert.Equal(list, extents.Finish());
                }
            });
        }

        Assert.True(trees > 20 && lists > 0, $"{trees} trees, {lists} lists");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Index_runs_footers_snapshots_and_the_header_are_the_same_bytes(string name)
    {
        using SecretBundle bundle = Bundle(name);
        var objects = new ObjectSealer(bundle.RepositoryId, bundle.IndexKey);
        byte[] header = File.ReadAllBytes(GoldenTests.Place(name) + "/varve");
        Assert.Equal(header, HeaderJson.Encode(HeaderJson.Decode(header)));
        foreach (string path in Directory.GetFiles(GoldenTests.Place(name) + "/index"))
        {
            byte[] run = objects.Open(ObjectType.IndexRun, "VARVEIDX"u8, File.ReadAllBytes(path).AsSpan(8));
            Assert.Equal(run, GoldenPacks.WriteAgain(run));
        }

        foreach (string path in Directory.GetFiles(GoldenTests.Place(name) + "/packs", "*", SearchOption.AllDirectories))
        {
            byte[] pack = File.ReadAllBytes(path);
            int length = BitConverter.ToInt32(pack, pack.Length - 12);
            byte[] footer = objects.Open(ObjectType.Footer, pack.AsSpan(0, 145), pack.AsSpan()[^(12 + length)..^12]);
            var writer = new ByteWriter();
            PackFooter.Encode(writer, PackFooter.Decode(footer, default, (PackKind)pack[9], pack.Length).Blocks);
            Assert.Equal(footer, writer.ToArray());
        }

        foreach (string path in Directory.GetFiles(GoldenTests.Place(name) + "/snapshots", "*", SearchOption.AllDirectories))
        {
            byte[] plain = objects.Open(ObjectType.Snapshot, "VARVESNP"u8, File.ReadAllBytes(path).AsSpan(8));
            int signed = RecordSealer.Unwrap(
                plain, out ReadOnlySpan<byte> open, out ReadOnlySpan<byte> sealedPart, out ReadOnlySpan<byte> signature);
            byte[] secret = PrivatePart.Open(RecordKind.Snapshot, bundle.RepositoryId, bundle.PrivateKey!, bundle.PublicKey,
                open, sealedPart);
            Assert.Equal(open.ToArray(), SnapshotCodec.EncodePublic(SnapshotCodec.ParsePublic(open)));
            Assert.Equal(secret, SnapshotCodec.EncodePrivate(SnapshotCodec.ParsePrivate(secret)));
            Assert.Equal(plain[..signed], RecordSealer.Parts(open, sealedPart));
            Assert.Equal(plain, RecordSealer.WithSignature(plain.AsSpan(0, signed), signature));
        }
    }

    [Fact]
    public void The_same_files_backed_up_again_have_the_same_extents()
    {
        using var d = new ZooDirectory();
        Programs.Run("cp", "-r", GoldenTests.Place("v1-keyfile"), d["repo"]);
        GoldenSource.Create(d["source"]);
        using Repository repository = Open("v1-keyfile", d["repo"], d);
        var options = new BackupOptions { RootPath = Encoding.UTF8.GetBytes(d["source"]) };
        BackupRunner.Run(repository, options, new BackupMonitor(), TestContext.Current.CancellationToken);
        IReadOnlyList<SnapshotInfo> snapshots = repository.Snapshots();
        List<string> then = Contents(repository, snapshots[0]), now = Contents(repository, snapshots[^1]);
        Assert.Equal(then, now);
        Assert.True(now.Count > 900, "the whole tree");
    }

    /// <summary>Of each entry: its name and what its content consists of, which depends on nothing but the bytes and the keys.</summary>
    private static List<string> Contents(Repository repository, SnapshotInfo snapshot)
    {
        var lines = new List<string>();
        GoldenTrees.ForEach(snapshot.Snapshot.RootTree, repository.MetaChunks.Read, (_, table, _, root) =>
        {
            for (int i = 0; i < table.Count && !root; i++)
            {
                DetailsCodec.TryGet(table.Details(i), DetailTag.Extents, out ReadOnlySpan<byte> extents);
                ChunkId list = DetailsCodec.ExtentList(table.Details(i));
                lines.Add($"{Convert.ToHexString(table.Name(i))} {Convert.ToHexString(extents)} {list}");
            }
        });
        return lines;
    }

    private static byte[] Again(ReadOnlySpan<byte> details) => DetailsEncoding.Encode(DetailsCodec.Decode(details));

    private static Repository Open(string name, string place, ZooDirectory d) =>
        Repository.Open(new RepositoryLocation(place), GoldenTests.Credentials(name), new RepositoryOptions { CacheRoot = d["cache"] });

    private static SecretBundle Bundle(string name)
    {
        string path = Assert.Single(Directory.GetFiles(GoldenTests.Place(name) + "/keys"));
        KeySlot slot = KeySlot.Parse(new ObjectName(Convert.FromHexString(Path.GetFileName(path))), File.ReadAllBytes(path));
        Credentials credentials = GoldenTests.Credentials(name);
        if (credentials.Password is { } password) { return slot.TryOpen(password)!; }
        using KeyFile file = KeyFile.Load(credentials.KeyFilePath!);
        return slot.TryOpen(file)!;
    }
}
