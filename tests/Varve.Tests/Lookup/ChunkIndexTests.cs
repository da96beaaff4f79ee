using Varve.Lookup;
using Varve.Model.Packs;
using Varve.Tests.Kit;

namespace Varve.Tests.Lookup;

[Trait("Does", "race")]
public sealed class ChunkIndexTests : IDisposable
{
    private readonly RunFile _runs = new();
    private readonly ChunkIndex _index = new();

    public void Dispose()
    {
        _index.Dispose();
        _runs.Dispose();
    }

    private static PackContents Pack(long name, int from, int count) =>
        Some.Pack(Some.Name(name), Enumerable.Range(from, count).Select(i => Some.Id(i)));

    [Fact]
    public void Chunks_of_all_runs_are_found()
    {
        PackContents[] packs = [Pack(1, 0, 10), Pack(2, 5, 100), Pack(3, 200, 3)];
        for (int i = 0; i < packs.Length; i++) { _index.AddRun(_runs.Open(i, packs[i])); }
        for (int i = 0; i < 300; i++)
        {
            bool expected = i < 105 || i is >= 200 and < 203;
            Assert.Equal(expected, _index.Contains(Some.Id(i)));
            Assert.Equal(expected, _index.TryFind(Some.Id(i), out ChunkLocation location));
            if (expected) { Assert.Equal((uint)(Some.Id(i).Value.Prefix % 1000) + 1, location.Length); }
        }
    }

    [Fact]
    public void Only_one_of_many_workers_is_told_to_store_a_chunk()
    {
        const int chunks = 20_000, workers = 8;
        var told = new int[chunks];
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, w =>
        {
            var random = new Random(w);
            int[] order = [.. Enumerable.Range(0, chunks)];
            random.Shuffle(order);
            foreach (int i in order)
            {
                if (_index.TryAddPending(Some.Id(i))) { Interlocked.Increment(ref told[i]); }
                Assert.True(_index.Contains(Some.Id(i)));
            }
        });
        Assert.All(told, n => Assert.Equal(1, n));
        Assert.Equal(chunks, _index.PendingCount);
    }

    [Fact]
    public void Merged_runs_are_closed_and_no_look_up_notices()
    {
        const int each = 500, rounds = 40;
        _index.AddRun(_runs.Open(0, Pack(0, 0, each)));
        using var stop = new ManualResetEventSlim();
        int known = each;
        Thread[] readers = [.. Enumerable.Range(0, 3).Select(w => new Thread(() =>
        {
            var random = new Random(w);
            while (!stop.IsSet)
            {
                int i = random.Next(Volatile.Read(ref known));
                if (!_index.Contains(Some.Id(i)) || !_index.TryFind(Some.Id(i), out _))
                {
                    Interlocked.Exchange(ref known, -1);
                    return;
                }
            }
        }))];
        foreach (Thread reader in readers) { reader.Start(); }
        for (int i = 1; i <= rounds; i++)
        {
            _index.AddRun(_runs.Open(2 * i, Pack(i, i * each, each)));
            if (Interlocked.CompareExchange(ref known, (i + 1) * each, i * each) < 0) { break; }
            RunReader[] old = [.. _index.Runs];
            _index.Merge(old, _runs.Merge(2 * i + 1, old));
            foreach (RunReader run in old) { Assert.Throws<ObjectDisposedException>(() => run.Contains(Some.Id(0))); }
            Assert.Single(_index.Runs);
        }

        stop.Set();
        foreach (Thread reader in readers) { reader.Join(); }
        Assert.Equal((rounds + 1) * each, known);
    }

    [Fact]
    public void A_pending_chunk_is_contained_but_has_no_place_until_its_run_is_added()
    {
        PackContents pack = Pack(1, 0, 20);
        for (int i = 0; i < 25; i++) { _index.TryAddPending(Some.Id(i)); }
        Assert.True(_index.Contains(Some.Id(3)));
        Assert.False(_index.TryFind(Some.Id(3), out _));
        _index.AddRun(_runs.Open(1, pack));
        _index.ForgetPending(pack);
        Assert.Equal(5, _index.PendingCount);
        Assert.True(_index.Contains(Some.Id(3)));
        Assert.True(_index.TryFind(Some.Id(3), out _));
        _index.ForgetPending(Some.Pack(Some.Name(2), [Some.Id(20), Some.Id(999)]));
        Assert.Equal(4, _index.PendingCount);
        Assert.False(_index.Contains(Some.Id(20)));
    }

    [Fact]
    public void Chunks_of_condemned_packs_are_absent_for_writers_and_found_by_readers()
    {
        PackContents dead = Pack(1, 0, 100), alive = Pack(2, 90, 20);
        _index.AddRun(_runs.Open(1, dead));
        _index.Rules = Last(dead.Name);
        _index.AddRun(_runs.Open(2, alive)); // before and after a run was added
        Assert.False(_index.Contains(Some.Id(0)));
        Assert.True(_index.TryFind(Some.Id(0), out ChunkLocation location));
        Assert.Equal(dead.Name, location.Block.Pack);
        Assert.True(_index.Contains(Some.Id(95)));
        Assert.True(_index.TryFind(Some.Id(95), out location));
        Assert.Equal(alive.Name, location.Block.Pack);
        _index.Rules = Last(alive.Name);
        Assert.True(_index.Contains(Some.Id(0)));
        Assert.False(_index.Contains(Some.Id(105)));
        _index.Rules = PackRules.None;
        Assert.True(_index.Contains(Some.Id(105)));
    }

    [Fact]
    public void All_places_of_a_chunk_are_told_those_to_be_read_last_at_the_end_and_none_of_a_run_that_is_left_out()
    {
        PackContents one = Pack(1, 0, 10), two = Pack(2, 0, 10), three = Pack(3, 0, 10);
        RunReader a = _runs.Open(11, one), b = _runs.Open(12, two), merged = _runs.Merge(13, [a, b]);
        _index.AddRun(merged);
        _index.AddRun(_runs.Open(14, three));
        Assert.Equal(3, _index.Places(Some.Id(3)).Count);
        Assert.Equal(3, _index.Listings().Count);
        foreach (PackContents last in (PackContents[])[one, two, three])
        {
            _index.Rules = Last(last.Name);
            IReadOnlyList<ChunkPlace> places = _index.Places(Some.Id(3));
            Assert.Equal((3, last.Name, PackUse.Last), (places.Count, places[^1].Pack.Name, places[^1].Use));
            Assert.True(_index.TryFind(Some.Id(3), out ChunkLocation found));
            Assert.NotEqual(last.Name, found.Block.Pack);
            Assert.True(_index.Contains(Some.Id(3)));
        }

        _index.Rules = new PackRules
        {
            LeftOut = new HashSet<ObjectName> { Some.Name(11), Some.Name(14) }, Last = new HashSet<ObjectName> { two.Name },
        };
        Assert.Equal([two.Name], _index.Places(Some.Id(3)).Select(static p => p.Pack.Name));
        Assert.Equal([Some.Name(12)], _index.Listings().Select(static l => l.Origin));
        Assert.True(_index.TryFind(Some.Id(3), out ChunkLocation only));
        Assert.Equal(two.Name, only.Block.Pack);
        Assert.False(_index.Contains(Some.Id(3)));
        a.Dispose();
        b.Dispose();
    }

    [Fact]
    public void A_chunk_that_lies_in_doubted_packs_only_is_doubted_and_readers_find_it()
    {
        PackContents own = Pack(1, 0, 10), other = Pack(2, 5, 10);
        _index.AddRun(_runs.Open(1, own));
        _index.AddRun(_runs.Open(2, other));
        _index.Rules = new PackRules { Doubts = (_, pack) => pack.Name == other.Name };
        Assert.Equal(Presence.Present, _index.Ask(Some.Id(7), out _));
        Assert.Equal(Presence.Absent, _index.Ask(Some.Id(70), out _));
        Assert.Equal(Presence.Doubted, _index.Ask(Some.Id(12), out RunPack doubted));
        Assert.Equal(other.Name, doubted.Name);
        Assert.False(_index.Contains(Some.Id(12)));
        Assert.True(_index.TryFind(Some.Id(12), out _));
    }

    private static PackRules Last(ObjectName pack) => new() { Last = new HashSet<ObjectName> { pack } };
}
