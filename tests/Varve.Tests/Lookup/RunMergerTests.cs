using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;

namespace Varve.Tests.Lookup;

public sealed class RunMergerTests : IDisposable
{
    private readonly RunFile _runs = new();

    public void Dispose() => _runs.Dispose();

    private static PackContents Pack(long name, int from, int count) =>
        Some.Pack(Some.Name(name), Enumerable.Range(from, count).Select(i => Some.Id(i)));

    [Fact]
    public void A_merged_run_holds_what_its_runs_held_with_every_place_of_a_chunk()
    {
        PackContents[] packs = [Pack(1, 0, 500), Pack(2, 300, 900), Pack(3, 5000, 40), Pack(4, 0, 5)];
        using RunReader a = _runs.Open(11, packs[0], packs[1]), b = _runs.Open(12, packs[2]), c = _runs.Open(13),
            d = _runs.Open(14, packs[3]);
        using RunReader merged = _runs.Merge(15, [a, b, c, d]);
        RunFile.AssertHolds(RunFile.Expect(packs), merged);
        Assert.Equal(packs.Select(p => p.Name), merged.Packs().Select(p => p.Name));
        Assert.Equal([a.Name, b.Name, c.Name, d.Name], merged.Origins().Select(o => o.Run));
        Assert.Equal([0u, 0u, 1u, 3u], merged.Packs().Select(p => p.Origin));
    }

    [Fact]
    public void Merging_keeps_who_signed_a_run_its_session_and_what_it_supersedes()
    {
        RunOrigin first = new(Some.Name(1)) { Signature = SignatureState.Unsigned, Superseded = [Some.Name(7)] };
        RunOrigin second = new(Some.Name(2))
        {
            Signature = SignatureState.Valid, Level = KeyLevel.Full, Signer = Some.Name(3).Value, Session = SessionId.Create(),
            Superseded = [Some.Name(8), Some.Name(1)],
        };
        RunOrigin third = new(Some.Name(4)) { Signature = SignatureState.Invalid };
        using RunReader a = _runs.Open(first, Pack(1, 0, 10)), b = _runs.Open(second, Pack(2, 5, 10)), ab = _runs.Merge(5, [a, b]);
        using RunReader c = _runs.Open(third, Pack(3, 30, 10)), all = _runs.Merge(6, [ab, c]);
        Assert.Equal([Text(first), Text(second), Text(third)], all.Origins().Select(Text));
        Assert.Equal([false, true, false], all.Origins().Select(static o => o.IsFull));

        static string Text(RunOrigin o) => $"{o.Run} {o.Signature} {o.Level} {o.Signer} {o.Session} {string.Join(' ', o.Superseded)}";
    }

    [Fact]
    public void Two_runs_that_disagree_about_one_pack_are_both_kept_whole()
    {
        PackContents pack = Pack(1, 0, 100);
        PackContents forged = Some.Pack(pack.Name, Enumerable.Range(50, 100).Select(i => Some.Id(i)), 3);
        using RunReader a = _runs.Open(1, forged), b = _runs.Open(2, pack), merged = _runs.Merge(3, [a, b]);
        Assert.Equal(2u, merged.PackCount);
        Assert.Equal((uint)(forged.Blocks.Count + pack.Blocks.Count), merged.BlockCount);
        foreach ((ChunkId id, List<ChunkLocation> places) in RunFile.Expect(pack)) { Assert.Contains(places[0], merged.Places(id)); }

        Assert.Equal(2, merged.Places(Some.Id(60)).Count);
    }

    [Fact]
    public void A_run_that_is_not_kept_is_left_out_with_all_that_it_listed()
    {
        PackContents dead = Pack(1, 0, 3000), alive = Pack(2, 2900, 200);
        using RunReader a = _runs.Open(1, dead), b = _runs.Open(2, alive);
        using RunReader merged = _runs.Merge(3, [a, b], name => name != a.Name);
        RunFile.AssertHolds(RunFile.Expect(alive), merged);
        Assert.Equal([alive.Name], merged.Packs().Select(p => p.Name));
        Assert.Equal([b.Name], merged.Origins().Select(o => o.Run));
        Assert.Equal((uint)alive.Blocks.Count, merged.BlockCount);
    }

    [Fact]
    public void Damage_is_not_carried_on()
    {
        var builder = new RunBuilder();
        builder.Add(Pack(1, 0, 100));
        byte[] good = builder.Build();
        foreach (int fromEnd in (int[])[60, 160]) // what is said of the run; the last chunk
        {
            byte[] bytes = (byte[])good.Clone();
            bytes[^fromEnd] ^= 1;
            using RunReader run = _runs.Open(bytes);
            DamagedBytes.Is(() => RunMerger.Merge([run], Stream.Null, static _ => true));
        }
    }
}
