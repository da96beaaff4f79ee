using System.Buffers.Binary;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;

namespace Varve.Tests.Lookup;

public sealed class RunTests : IDisposable
{
    private readonly RunFile _runs = new();

    public void Dispose() => _runs.Dispose();

    private static ChunkId[] Ids(long from, int count) => [.. Enumerable.Range(0, count).Select(i => Some.Id(from + i))];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(1000)]
    [InlineData(60_000)]
    public void A_run_finds_what_its_packs_hold_and_nothing_else(int count)
    {
        PackContents[] packs = [Some.Pack(Some.Name(1), Ids(0, count / 2)), Some.Pack(Some.Name(2), Ids(count / 2, count - count / 2))];
        using RunReader run = _runs.Open(9, packs);
        RunFile.AssertHolds(RunFile.Expect(packs), run);
        Assert.Equal(packs.Select(p => new RunPack(p.Name, p.Size, p.Kind)), run.Packs());
        for (int i = 0; i < 2000; i++) { Assert.False(run.Contains(Some.Id(1_000_000 + i))); }
        Assert.False(run.Contains(default));
        Assert.False(run.Contains(new ChunkId(Enumerable.Repeat((byte)255, 32).ToArray())));
    }

    [Fact]
    public void The_first_and_the_last_possible_id_are_found()
    {
        ChunkId last = new(Enumerable.Repeat((byte)255, 32).ToArray());
        PackContents pack = Some.Pack(Some.Name(1), [default, last, .. Ids(0, 500)]);
        using RunReader run = _runs.Open(9, pack);
        RunFile.AssertHolds(RunFile.Expect(pack), run);
    }

    [Fact]
    public void Ids_with_equal_prefixes_are_told_apart()
    {
        // All in one bucket, the interpolation always wrong; a second group differs only in the last byte.
        var ids = new List<ChunkId>();
        for (int i = 0; i < 3000; i++)
        {
            var bytes = new byte[32];
            bytes.AsSpan(0, 24).Fill(0x77);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(28), i * 2);
            ids.Add(new ChunkId(bytes));
        }

        PackContents pack = Some.Pack(Some.Name(1), ids);
        using RunReader run = _runs.Open(9, pack);
        RunFile.AssertHolds(RunFile.Expect(pack), run);
        for (int i = 0; i < 3000; i++)
        {
            byte[] absent = ids[i].Value.ToArray();
            absent[31]++;
            Assert.False(run.Contains(new ChunkId(absent)));
        }
    }

    [Fact]
    public void Random_runs_agree_with_a_dictionary()
    {
        var random = new Random(11);
        for (int round = 0; round < 30; round++)
        {
            // Few distinct ids, so that packs share many.
            PackContents[] packs = [.. Enumerable.Range(0, random.Next(1, 6)).Select(p =>
                Some.Pack(Some.Name(p), Enumerable.Range(0, random.Next(1, 400)).Select(_ => Some.Id(random.Next(600))),
                random.Next(1, 20)))];
            using RunReader run = _runs.Open(round, packs);
            Dictionary<ChunkId, List<ChunkLocation>> expected = RunFile.Expect(packs);
            RunFile.AssertHolds(expected, run);
            for (int i = 0; i < 600; i++) { Assert.Equal(expected.ContainsKey(Some.Id(i)), run.Contains(Some.Id(i))); }
        }
    }

    [Fact]
    public void A_pack_added_twice_counts_once_and_a_builder_can_be_used_again()
    {
        var builder = new RunBuilder();
        PackContents pack = Some.Pack(Some.Name(1), Ids(0, 50));
        builder.Add(pack);
        byte[] once = builder.Build();
        builder.Add(pack);
        Assert.Equal(once, builder.Build());
        builder.Clear();
        builder.Add(Some.Pack(Some.Name(2), Ids(100, 50)));
        Assert.NotEqual(once, builder.Build());
        builder.Clear();
        builder.Add(pack);
        Assert.Equal(once, builder.Build());
    }

    [Fact]
    public void A_run_has_the_bytes_the_format_says()
    {
        var builder = new RunBuilder();
        ChunkId low = new([1, .. new byte[31]]), high = new([2, .. new byte[31]]);
        builder.Add(new PackContents(Some.Name(1), PackKind.Meta, 1000, [
            new PackedBlock(20, 9, Codec.Zstd, [new PackedChunk(high, 4), new PackedChunk(low, 5)]),
            new PackedBlock(17, 1, Codec.Raw, [new PackedChunk(high, 1)])]));
        var origin = new RunOrigin(Some.Name(3))
        {
            Signature = SignatureState.Valid, Level = KeyLevel.Full, Signer = Some.Name(4).Value, Session = new SessionId(new byte[16]),
            Superseded = [Some.Name(7)],
        };
        var w = new ByteWriter();
        w.Raw("VRVRUN2\0"u8);
        foreach (uint n in (uint[])[1, 2, 2, 1, 0, 1]) { w.U32(n); }
        w.Id32(Some.Name(1).Value);
        w.U64(1000);
        w.U32(2);
        w.U32(0);
        w.Id32(default);
        foreach ((uint number, ulong offset, uint stored, uint raw, uint codec) in ((uint, ulong, uint, uint, uint)[])[(0, 145, 20, 9, 1),
            (1, 165, 17, 1, 0)])
        {
            w.U32(0);
            w.U32(number);
            w.U64(offset);
            w.U32(stored);
            w.U32(raw);
            w.U32(codec);
            w.U32(0);
        }

        w.U32(0);
        w.U32(2);
        foreach ((ChunkId id, uint offset, uint length) in ((ChunkId, uint, uint)[])[(low, 4, 5), (high, 0, 4)])
        {
            int start = w.Length;
            w.Id32(id.Value);
            w.U32(0);
            w.U32(offset);
            w.U32(length);
            w.U32(Crc32C.Compute(w.Written[start..]));
        }

        int record = w.Length;
        w.Id32(Some.Name(3).Value);
        w.Id32(Some.Name(4).Value);
        w.Raw(new byte[16]);
        w.Raw([(byte)SignatureState.Valid, (byte)KeyLevel.Full, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
        var sum = new ByteWriter();
        sum.U32(Crc32C.Compute(w.Written[record..]));
        sum.Id32(Some.Name(7).Value);
        w.U32(Crc32C.Compute(sum.Written));
        w.Id32(Some.Name(7).Value);
        Assert.Equal(w.ToArray(), builder.Build(origin));
        using RunReader run = _runs.Open(builder.Build(origin));
        Assert.Equal([Some.Name(7)], Assert.Single(run.Origins()).Superseded);
    }

    [Fact]
    public void A_flipped_bit_in_a_record_is_damage_or_an_absent_chunk_but_never_a_wrong_place()
    {
        ChunkId[] ids = Ids(0, 300);
        PackContents pack = Some.Pack(Some.Name(1), ids);
        var builder = new RunBuilder();
        builder.Add(pack);
        byte[] good = builder.Build();
        Dictionary<ChunkId, List<ChunkLocation>> expected = RunFile.Expect(pack);
        int records = good.Length - 96 - 48 * 300;
        var random = new Random(2);
        int damaged = 0;
        for (int round = 0; round < 200; round++)
        {
            byte[] bytes = (byte[])good.Clone();
            bytes[random.Next(records, bytes.Length - 96)] ^= (byte)(1 << random.Next(8));
            using RunReader run = _runs.Open(bytes);
            foreach (ChunkId id in ids)
            {
                try
                {
                    if (run.TryFind(id, out ChunkLocation location)) { Assert.Contains(location, expected[id]); }
                }
                catch (VarveException e)
                {
                    Assert.Equal(ErrorKind.Damaged, e.Kind);
                    Assert.Equal(SubjectKind.Cache, e.Subject.Kind);
                    damaged++;
                }
            }

            DamagedBytes.Is(() => run.ForEach((in ChunkId _, in ChunkLocation _) => { }));
        }

        Assert.True(damaged > 20);
    }

    [Fact]
    public void A_damaged_run_never_crashes()
    {
        ChunkId[] ids = Ids(0, 60);
        var builder = new RunBuilder();
        builder.Add(Some.Pack(Some.Name(1), ids));
        void Use(byte[] bytes)
        {
            using RunReader run = _runs.Open(bytes);
            foreach (ChunkId id in ids) { run.TryFind(id, out ChunkLocation _); }
            foreach (RunPack _ in run.Packs()) { }
            _ = run.Origins();
            run.ForEach((in ChunkId _, in ChunkLocation _) => { });
            RunMerger.Merge([run], Stream.Null, static _ => true);
        }

        byte[] table = builder.Build(new RunOrigin(Some.Name(1)) { Superseded = [Some.Name(3)] });
        DamagedBytes.Survives(table, Use, 600);
        DamagedBytes.RejectsTruncation(table, Use, 100);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(24)]
    [InlineData(28)]
    public void A_header_that_does_not_match_the_length_is_damage(int offset)
    {
        var builder = new RunBuilder();
        builder.Add(Some.Pack(Some.Name(1), Ids(0, 60)));
        byte[] bytes = builder.Build();
        foreach (uint wrong in (uint[])[7, 25, 0x7FFFFFFF, uint.MaxValue])
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), wrong);
            DamagedBytes.Is(() => _runs.Open(bytes));
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_none_and_a_directory_in_its_place_an_error_of_storage()
    {
        Assert.Null(_runs.TryOpen("missing"));
        _runs.Open(1, Some.Pack(Some.Name(1), Ids(0, 6))).Dispose();
        Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(_runs.LastPath)!, "directory"));
        var e = Assert.Throws<VarveException>(() => _runs.TryOpen("directory"));
        Assert.Equal(ErrorKind.Storage, e.Kind);
        Assert.Equal(Advice.DropCache, e.Advice);
    }

    [Fact]
    public void A_run_that_is_cut_short_while_it_is_open_is_damage_and_ends_nothing()
    {
        var builder = new RunBuilder();
        builder.Add(Some.Pack(Some.Name(1), Ids(0, 3000)));
        using RunReader run = _runs.Open(builder.Build());
        using (FileStream file = File.OpenWrite(_runs.LastPath)) { file.SetLength(100); }
        DamagedBytes.Is(() =>
        {
            foreach (ChunkId id in Ids(0, 3000)) { run.Contains(id); }
        });
    }
}
