using Varve.Lookup;
using Varve.Model.Packs;
using Varve.Tests.Kit;

namespace Varve.Tests.Lookup;

public sealed class RunMergerTests : IDisposable
{
    private readonly RunFile _runs = new();

    public void Dispose() => _runs.Dispose();

    private static PackContents Pack(long name, int from, int count) =>
        Some.Pack(Some.Name(name), Enumerable.Range(from, count).Select(i => Some.Id(i)));

    [Fact]
    public void A_merged_run_holds_what_its_runs_held()
    {
        PackContents[] packs = [Pack(1, 0, 500), Pack(2, 300, 900), Pack(3, 5000, 40), Pack(4, 0, 5)];
        using RunReader a = _runs.Open(11, packs[0], packs[1]), b = _runs.Open(12, packs[2]), c = _runs.Open(13),
            d = _runs.Open(14, packs[3]);
        using RunReader merged = _runs.Merge(15, [a, b, c, d]);
        RunFile.AssertHolds(RunFile.Expect(packs), merged);
        Assert.Equal(packs.Select(p => p.Name), merged.Packs().Select(p => p.Name));
        Assert.Equal([a.Name, b.Name, c.Name, d.Name], merged.Superseded());
    }

    [Fact]
    public void Merging_one_run_after_another_gives_the_bytes_of_building_at_once_but_for_what_is_superseded()
    {
        var builder = new RunBuilder();
        PackContents[] packs = [Pack(1, 0, 700), Pack(2, 700, 700)];
        builder.Add(packs[0]);
        builder.Add(packs[1]);
        using RunReader a = _runs.Open(1, packs[0]), b = _runs.Open(2, packs[1]);
        var stream = new MemoryStream();
        RunMerger.Merge([a, b], stream, []);
        Assert.Equal(builder.Build(), stream.ToArray());
    }

    [Fact]
    public void A_pack_that_several_runs_list_is_listed_once_with_its_blocks()
    {
        PackContents shared = Pack(1, 0, 100), own = Pack(2, 100, 100);
        using RunReader a = _runs.Open(1, shared), b = _runs.Open(2, shared, own), merged = _runs.Merge(3, [a, b]);
        Assert.Equal(2u, merged.PackCount);
        Assert.Equal((uint)(shared.Blocks.Count + own.Blocks.Count), merged.BlockCount);
        RunFile.AssertHolds(RunFile.Expect(shared, own), merged);
    }

    [Fact]
    public void What_runs_superseded_stays_superseded()
    {
        using RunReader a = _runs.Open(1, Pack(1, 0, 10)), b = _runs.Open(2, Pack(2, 5, 10)), ab = _runs.Merge(3, [a, b]);
        using RunReader c = _runs.Open(4, Pack(3, 30, 10)), all = _runs.Merge(5, [ab, c]);
        Assert.Equal([ab.Name, c.Name, a.Name, b.Name], all.Superseded());
    }

    [Fact]
    public void A_pack_that_is_not_kept_is_left_out_and_another_place_of_its_chunks_is_found()
    {
        PackContents dead = Pack(1, 0, 3000), alive = Pack(2, 2900, 200);
        using RunReader a = _runs.Open(1, dead), b = _runs.Open(2, alive);
        using RunReader merged = _runs.Merge(3, [a, b], name => name != dead.Name);
        RunFile.AssertHolds(RunFile.Expect(alive), merged);
        Assert.Equal([alive.Name], merged.Packs().Select(p => p.Name));
        Assert.Equal((uint)alive.Blocks.Count, merged.BlockCount);
    }

    [Fact]
    public void Damage_is_not_carried_on()
    {
        var builder = new RunBuilder();
        builder.Add(Pack(1, 0, 100));
        byte[] bytes = builder.Build();
        bytes[^60] ^= 1;
        using RunReader run = _runs.Open(bytes);
        DamagedBytes.Is(() => RunMerger.Merge([run], Stream.Null));
    }
}
