using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Varve.Format;
using Varve.History;
using Varve.Keys;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Restore;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Runs;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Maintain;

/// <summary>Invariants 10 and 13: authentic but hostile objects give clear errors, bounded work, and nothing outside the target.</summary>
public sealed class HostileTests : IDisposable
{
    private readonly SmallRepository _small = SmallRepository.Create();
    private readonly Repository _repository;
    private readonly Malice _malice;
    private readonly string _outside;

    public HostileTests()
    {
        _repository = _small.Open();
        _malice = new Malice(_repository);
        _outside = _small["outside"];
        Directory.CreateDirectory(_outside);
        File.WriteAllText(System.IO.Path.Combine(_outside, "precious"), "precious");
        Chmod(Path(_outside, "precious"), 0x180);
        SetTime(Path(_outside, "precious"), 77, 7);
        SetTime(Path(_outside), 78, 8);
    }

    public void Dispose()
    {
        _repository.Dispose();
        _small.Dispose();
    }

    public static TheoryData<string> Names =>
        ["..", ".", "", "/", "../x", "../outside/precious", "a/b", "/etc/varve-test", "a\0b", "x/../../outside/new"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_that_lead_elsewhere_are_reported_and_nothing_is_written_there(string name)
    {
        ObjectName snapshot = _malice.Snapshot(
            Malice.Directory("bad", _malice.Leaf(_malice.Content(name, [1]))),
            Malice.Directory("bad2", _malice.Leaf(Malice.Directory(name, _malice.Leaf(_malice.Content("f", [2]))))),
            Malice.Directory("bad3", _malice.Leaf(Malice.Symlink(name, "target"))),
            _malice.Content("good", [3]));
        RestoreResult result = Restore(snapshot);
        Assert.Equal(["bad", "bad2", "bad3"], result.Failures.Select(f => Encoding.Latin1.GetString(f.Path)));
        Assert.Equal([3], File.ReadAllBytes(System.IO.Path.Combine(_small["target"], "good")));
        Assert.Equal(7 - 3, Entries(_small["target"]).Length);
        Assert.Equal(3, _small.Check(false).DamageCount);
        OutsideIsUntouched();
    }

    [Fact]
    public void A_single_file_whose_name_leads_elsewhere_is_refused()
    {
        foreach (string name in (string[])["../outside/new", "/", ".."])
        {
            ObjectName snapshot = _malice.SnapshotOf(_malice.Leaf(_malice.Content(name, [1])));
            try { Assert.Single(Restore(snapshot).Failures); }
            catch (VarveException e) { Assert.Equal(ErrorKind.Damaged, e.Kind); }
            OutsideIsUntouched();
        }
    }

    [Fact]
    public void Below_a_symlink_nothing_can_be()
    {
        // The same name twice, once as a symlink and once as a directory with files.
        ChunkId below = _malice.Leaf(_malice.Content("new", [1]), _malice.Content("precious", [2]));
        ObjectName snapshot = _malice.Snapshot(
            Malice.Directory("order", _malice.Leaf(Malice.Symlink("e", _outside), Malice.Directory("d", below))),
            // A symlink that says it has a tree.
            Malice.Entry(EntryKind.Symlink, "tree", 1, (3, Malice.Id(below)), (4, Encoding.UTF8.GetBytes(_outside))),
            Malice.Directory("twice", _malice.Leaf(Malice.Symlink("d", _outside), Malice.Directory("d", below))));
        RestoreResult result = Restore(snapshot);
        Assert.Contains(result.Failures, f => f.Path.AsSpan().SequenceEqual("order"u8));
        Assert.Contains(result.Failures, f => f.Path.AsSpan().SequenceEqual("twice"u8));
        OutsideIsUntouched();
    }

    [Fact]
    public void A_link_group_does_not_lead_out_of_the_target()
    {
        string precious = System.IO.Path.Combine(_outside, "precious");
        byte[] attributes = [0x70];
        ObjectName snapshot = _malice.Snapshot(
            Malice.Symlink("a", precious, Malice.Group(7), (9, attributes)),
            _malice.Content("b", [1, 2, 3], Malice.Group(7), (7, [6, .. "user.x"u8, 9]), (9, attributes)),
            _malice.Content("c", [4], Malice.Group(7)),
            Malice.Symlink("d", _outside, Malice.Group(8)),
            Malice.Entry(EntryKind.Directory, "e", 0, (3, Malice.Id(_malice.Leaf(_malice.Content("new", [1])))), Malice.Group(8)));
        Restore(snapshot);
        OutsideIsUntouched();
        Assert.False(File.Exists(System.IO.Path.Combine(_outside, "new")));
        Programs.Run("bash", "-c", $"chattr -R -f -i -a '{_small["target"]}'; true");
    }

    public static TheoryData<int> AbsurdTrees => [.. Enumerable.Range(0, 14)];

    [Theory]
    [MemberData(nameof(AbsurdTrees))]
    public void Absurd_lengths_are_damage(int which)
    {
        byte[] huge = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            tooLong = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        ChunkId tree = which switch
        {
            0 => _malice.Put([1, 1, .. huge]),
            1 => _malice.Put([1, 1, 0, 0, .. huge]),
            2 => _malice.Put([1, 1, 0, 0, 1, .. huge]),
            3 => _malice.Put([1, 1, .. tooLong]),
            4 => _malice.Put([2, 1, .. huge]),
            5 => _malice.Put([1, 2, 0, 0, 0]),
            6 => _malice.Put([1]),
            7 => Deep(),
            8 => _malice.Leaf(Malice.Entry(EntryKind.File, "f", ulong.MaxValue)),
            9 => _malice.Leaf(Malice.Entry((EntryKind)9, "f", 0)),
            10 => _malice.Leaf(Malice.Entry(EntryKind.File, new string('n', 70_000), 0)),
            11 => _malice.Leaf(_malice.Content("b", [1]), _malice.Content("a", [1])),
            12 => _malice.Leaf(Malice.Entry(EntryKind.Directory, "d", 0)),
            _ => _malice.Put([3, 1, 1, 1, 1]),
        };
        ObjectName snapshot = _malice.Snapshot(Malice.Directory("bad", tree), _malice.Content("good", [3]));
        RestoreResult result = Restore(snapshot);
        Assert.NotEmpty(result.Failures);
        Assert.All(result.Failures, static f => Assert.StartsWith("bad", Encoding.ASCII.GetString(f.Path)));
        Assert.Equal([3], File.ReadAllBytes(System.IO.Path.Combine(_small["target"], "good")));
        // A name that this system cannot hold is no damage.
        Assert.Equal(which == 10, _small.Check(false).DamageCount == 0);
    }

    [Fact]
    public void Extents_that_lie_are_damage_of_their_file_alone()
    {
        ChunkId chunk = _malice.Put([1, 2, 3, 4], PackKind.Data), list = _malice.Put([3, 1, 1, 1, 5]),
            loop = _malice.Put([4, 1, 1, .. Malice.Id(list), 5]);
        byte[] Extents(params ulong[] numbers)
        {
            var w = new ByteWriter();
            foreach (ulong n in numbers)
            {
                if (n == 777) { w.Id32(chunk.Value); } else { w.VarInt(n); }
            }

            return w.ToArray();
        }

        byte[] wrongId = Malice.Id(new ChunkId(new Bytes32([.. Enumerable.Repeat((byte)9, 32)])));
        var mismatched = new ChunkId(new Bytes32([.. Enumerable.Repeat((byte)5, 32)]));
        _malice.PutAs(mismatched, [9, 9], PackKind.Data);
        ChunkId bomb = _repository.Hasher.Compute([8]);
        _malice.PutBlock(Bomb(), 1, Codec.Zstd, [new PackedChunk(bomb, 1)]);
        byte[][] bad =
        [
            Malice.Entry(EntryKind.File, "a-none", 100),
            Malice.Entry(EntryKind.File, "b-short-hole", 100, (1, Extents(1, 99))),
            Malice.Entry(EntryKind.File, "c-long-hole", 100, (1, Extents(1, 101))),
            Malice.Entry(EntryKind.File, "d-beyond-chunk", 5, (1, Extents(0, 777, 0, 5))),
            Malice.Entry(EntryKind.File, "e-offset", 2, (1, Extents(0, 777, ulong.MaxValue >> 1, 2))),
            Malice.Entry(EntryKind.File, "f-length", 1UL << 60, (1, Extents(0, 777, 1, ulong.MaxValue >> 1))),
            Malice.Entry(EntryKind.File, "g-short", 9, (1, Extents(0, 777, 0, 4, 0, 777, 0, 4))),
            Malice.Entry(EntryKind.File, "h-long", 7, (1, Extents(0, 777, 0, 4, 0, 777, 0, 4))),
            Malice.Entry(EntryKind.File, "i-kind", 4, (1, Extents(2, 777, 0, 4))),
            Malice.Entry(EntryKind.File, "j-unknown", 4, (1, [0, .. wrongId, 0, 4])),
            Malice.Entry(EntryKind.File, "k-unknown-list", 4, (2, wrongId)),
            Malice.Entry(EntryKind.File, "l-list-is-a-tree", 4, (2, Malice.Id(_malice.Leaf()))),
            Malice.Entry(EntryKind.File, "m-list-of-another-length", 4, (2, Malice.Id(list))),
            Malice.Entry(EntryKind.File, "n-node-of-another-length", 6, (2, Malice.Id(loop))),
            Malice.Entry(EntryKind.File, "o-not-its-id", 2, (1, [0, .. Malice.Id(mismatched), 0, 2])),
            Malice.Entry(EntryKind.File, "p-bomb", 1, (1, [0, .. Malice.Id(bomb), 0, 1])),
        ];
        ObjectName snapshot = _malice.Snapshot([.. bad, Malice.Entry(EntryKind.File, "z-good", 4, (1, Extents(0, 777, 0, 4)))]);
        RestoreResult result = Restore(snapshot);
        Assert.Equal(["z-good"], Entries(_small["target"]));
        Assert.Equal([1, 2, 3, 4], File.ReadAllBytes(System.IO.Path.Combine(_small["target"], "z-good")));
        Assert.Equal(bad.Length, result.FailureCount);
        CheckResult check = _small.Check(true);
        for (int i = 0; i < bad.Length; i++)
        {
            string name = Encoding.ASCII.GetString(result.Failures[i].Path);
            Assert.True(check.Damages.Any(d => d.Affects.Contains(name, StringComparison.Ordinal)), name);
        }

        foreach (Failure failure in result.Failures)
        {
            using var output = new MemoryStream();
            Assert.Throws<VarveException>(
                () => Dumper.Run(_repository, _repository.FindSnapshot(snapshot.ToString()), failure.Path, output,
                TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void Two_packs_of_the_same_shape_that_changed_places_restore_no_wrong_byte()
    {
        byte[] one = MixedTree.Bytes(1, 5000), two = MixedTree.Bytes(2, 5000);
        ObjectName snapshot = _malice.Snapshot(_malice.Content("one", one), _malice.Content("two", two));
        string[] packs = [.. _repository.Indexes.Packs().Where(static p => p.Kind == PackKind.Data)
            .Select(p => Damaged.File(_small, ObjectKeys.Pack(p.Name)))];
        Assert.Equal(2, packs.Length);
        Assert.Equal(new FileInfo(packs[0]).Length, new FileInfo(packs[1]).Length);
        File.Move(packs[0], packs[0] + "x");
        File.Move(packs[1], packs[0]);
        File.Move(packs[0] + "x", packs[1]);
        RestoreResult result = Restore(snapshot);
        Assert.Equal(2, result.FailureCount);
        Assert.Empty(Entries(_small["target"]));
        Assert.Equal(2, _small.Check(true).Damages.Count(static d => d.Affects.Length > 0));
    }

    [Fact]
    public void A_hostile_key_slot_is_passed_over_without_its_cost()
    {
        const string json =
            """{"slot":1,"repository":"ID","level":"full","method":"password","label":"x","created":"2026-01-01T00:00:00Z","kdf":{"name":"scrypt","n":N,"r":R,"p":P},"salt":"SALT","sealed":"SEALED"}""";
        foreach ((string n, string r, string p) in ((string, string, string)[])[("1099511627776", "8", "1"), ("65536", "1000000", "1"),
            ("65536", "8", "1000000"), ("65537", "8", "1"), ("-1", "8", "1"), ("1e300", "8", "1")])
        {
            byte[] bytes = Encoding.ASCII.GetBytes(
                json.Replace("ID", _repository.Header.Id.ToString()).Replace("N,", n + ",").Replace("R,", r + ",").Replace("P}", p + "}")
                .Replace("SALT", Convert.ToBase64String(new byte[32])).Replace("SEALED", Convert.ToBase64String(new byte[300])));
            _repository.Store.Put(ObjectKeys.KeySlot(new ObjectName(SHA256.HashData(bytes))), bytes);
        }

        long allocated = Allocations.Of(() =>
        {
            VarveException e = Assert.Throws<VarveException>(() => _small.Open(new Credentials { Password = "anything" }));
            Assert.Equal(ErrorKind.WrongKey, e.Kind);
        });

        // Opening takes some hundred KB; what the slots ask for is a GB and more.
        Assert.InRange(allocated, 0, 64 << 20);
        _small.Open().Dispose();
        Assert.Equal(6, _small.Check(false).Damages.Count(static d => d.Object.StartsWith("keys/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"varve":1,"repository":"ID","created":"2026-01-01T00:00:00Z","packSize":9223372036854775807,"blockSize":1048576,"chunkMin":131072,"chunkAverage":524288,"chunkMax":2097152}""")]
    [InlineData("""{"varve":1,"repository":"ID","created":"2026-01-01T00:00:00Z","packSize":33554432,"blockSize":33554432,"chunkMin":64,"chunkAverage":64,"chunkMax":16777216}""")]
    [InlineData("""{"varve":1,"repository":"ID","created":"2026-01-01T00:00:00Z","packSize":33554432,"blockSize":1048576,"chunkMin":0,"chunkAverage":0,"chunkMax":0}""")]
    [InlineData("""{"varve":1,"varve":1}""")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("null")]
    [InlineData("")]
    public void A_hostile_header_is_replaced_by_the_copy_in_the_slot(string json)
    {
        Damaged.Write(_small, "varve", Encoding.ASCII.GetBytes(json.Replace("ID", _repository.Header.Id.ToString())));
        using Repository opened = _small.Open();
        Assert.Equal(_repository.Header, opened.Header);
        Assert.Single(_small.Warnings);
        Assert.Throws<VarveException>(opened.RequireWritable);
    }

    [Fact]
    public void Index_runs_with_absurd_counts_are_named_and_footers_take_over()
    {
        ObjectName snapshot = _malice.Snapshot(_malice.Content("good", [1, 2, 3]));
        File.Delete(Damaged.File(_small, ObjectKeys.Run(_repository.Indexes.Origins[0].Run)));
        var random = new Random(1);
        var names = new List<string>();
        for (int i = 0; i < 40; i++)
        {
            var listing = new ByteWriter();
            ulong[] counts = [2, 24, 1u << 31, int.MaxValue, uint.MaxValue, long.MaxValue, ulong.MaxValue];
            if (i % 2 == 0) { listing.VarInt(0); }
            listing.VarInt(counts[i % counts.Length]);
            byte[] rest = new byte[random.Next(400)];
            random.NextBytes(rest);
            listing.Raw(rest);
            ReadOnlySpan<byte> plain = listing.Written;
            byte[] bytes = [.. ObjectMagic.Index, .. _repository.Objects.Seal(ObjectType.IndexRun, ObjectMagic.Index, plain)];
            var name = new ObjectName(SHA256.HashData(bytes));
            _repository.Store.Put(ObjectKeys.Run(name), bytes);
            names.Add(name.ToString());
        }

        using Repository opened = _small.Open();
        Assert.Equal(40, opened.Indexes.Damaged.Count);
        Assert.All(opened.Indexes.Damaged, e => Assert.Contains(names, n => e.Subject.Name.Contains(n, StringComparison.Ordinal)));
        Assert.Equal(0, Restore(snapshot, opened).FailureCount);
        Assert.InRange(_small.Check(true).DamageCount, 40, 41);
    }

    [Fact]
    public void Authentic_snapshots_of_random_bytes_are_named()
    {
        var random = new Random(1);
        var names = new HashSet<string>();
        for (int i = 0; i < 100; i++)
        {
            byte[] bytes = [.. ObjectMagic.Snapshot,
                .. _repository.Objects.Seal(ObjectType.Snapshot, ObjectMagic.Snapshot, MixedTree.Bytes(i, random.Next(300)))];
            var name = new ObjectName(SHA256.HashData(bytes));
            _repository.Store.Put(ObjectKeys.Snapshot(new Bytes32(SHA256.HashData([1])), name), bytes);
            names.Add(name.ToString());
        }

        var damaged = new List<VarveException>();
        Assert.Empty(_repository.Snapshots(damaged.Add));
        Assert.Equal(100, damaged.Count);
        Assert.Equal(100, _small.Check(false).DamageCount);
    }

    [Fact]
    public void A_snapshot_of_no_source_is_damaged_and_does_not_end_the_backups_of_those_that_have_one()
    {
        _malice.SourceId = default;
        _malice.Snapshot(_malice.Content("f", [1]));
        var damaged = new List<VarveException>();
        Assert.Empty(_repository.Snapshots(damaged.Add));
        Assert.Single(damaged);
        Assert.Equal(0, _small.Backup().FailureCount);
    }

    private ChunkId Deep()
    {
        ChunkId tree = _malice.Leaf(_malice.Content("f", [1]));
        for (int i = 0; i < 12; i++) { tree = _malice.Put([2, 1, 1, .. Malice.Id(tree), 1, (byte)'f']); }
        return tree;
    }

    /// <summary>A zstd frame of 64 MiB of zeros.</summary>
    private static byte[] Bomb()
    {
        using var zstd = new Varve.Platform.Zstd.ZstdCompressor(3);
        var zeros = new byte[64 << 20];
        var frame = new byte[Varve.Platform.Zstd.ZstdCompressor.Bound(zeros.Length)];
        return frame[..zstd.Compress(zeros, frame)];
    }

    private RestoreResult Restore(ObjectName snapshot, Repository? repository = null)
    {
        Programs.Run("rm", "-rf", _small["target"]);
        repository ??= _repository;
        return Engine.Restore(repository, _small["target"], snapshot);
    }

    private static string[] Entries(string root) =>
        [.. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)
        .Select(p => System.IO.Path.GetRelativePath(root, p)).Order(StringComparer.Ordinal)];

    private void OutsideIsUntouched()
    {
        Assert.Equal(["precious"], Entries(_outside));
        Assert.Equal("precious", File.ReadAllText(System.IO.Path.Combine(_outside, "precious")));
        ZooStat file = Stat(Path(_outside, "precious")), directory = Stat(Path(_outside));
        Assert.Equal((0x8180u & 0xFFFu, new FileTime(77, 7), 1u), (file.Mode & 0xFFF, file.Mtime, (uint)file.Links));
        Assert.Equal(0u, GetFlags(Path(_outside, "precious")) & 0x70);
        Assert.Equal(new FileTime(78, 8), directory.Mtime);
        int folder = OpenDirectory(_outside);
        Assert.DoesNotContain(XattrsAt(folder, "precious"u8.ToArray()), static x => x.Key.StartsWith("user.", StringComparison.Ordinal));
        Close(folder);
        Assert.False(File.Exists("/etc/varve-test"));
        Assert.Equal(["cache", "kept", "key", "other-key", "outside", "repo", "source", "write-key"],
            Directory.EnumerateFileSystemEntries(System.IO.Path.GetDirectoryName(_outside)!).Select(System.IO.Path.GetFileName)
            .Where(static n => n != "target").Order(StringComparer.Ordinal));
    }
}
