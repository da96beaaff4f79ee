using System.Text;
using Varve.Model;
using Varve.Store;

namespace Varve.Tests.Contract;

/// <summary>What every store promises (<see cref="IStore"/>). A class for each store derives from this one.</summary>
public abstract class StoreContract
{
    private const string Key = "packs/ab/one";

    /// <summary>The store under test: one per test, empty at first.</summary>
    protected abstract IStore Store { get; }

    /// <summary>Whether a put replaces nothing.</summary>
    protected virtual bool PutsOnce => true;

    /// <summary>How many objects are listed: more than a page has.</summary>
    protected virtual int Listed => 2500;

    /// <summary>How often an object is replaced beside those who look; twice as often beside those who list.</summary>
    protected virtual int Replacements => 300;

    /// <summary>Cuts an object to <paramref name="length"/> bytes behind the store's back.</summary>
    protected abstract void Truncate(string key, int length);

    /// <summary>Makes every listing from now on fail on its way.</summary>
    protected abstract void BreakListing();

    [Fact]
    public void What_was_put_is_read_back()
    {
        Assert.True(Store.Put(Key, "hello"u8));
        Assert.Equal("hello"u8.ToArray(), Store.Get(Key, 5));
        Assert.True(Store.TryGetLength(Key, out long length));
        Assert.Equal(5, length);
    }

    [Fact]
    public void A_second_put_returns_false_and_changes_nothing()
    {
        Assert.True(Store.Put(Key, "first"u8));
        if (PutsOnce)
        {
            Assert.False(Store.Put(Key, "second"u8));
            Assert.Equal("first"u8.ToArray(), Store.Get(Key, 100));
        }
        else { Assert.True(Store.Put(Key, "first"u8)); }
        Assert.True(Store.Put("varve", "first"u8));
        Assert.False(Store.Put("varve", "second"u8));
        Assert.Equal("first"u8.ToArray(), Store.Get("varve", 100));
    }

    [Fact]
    public void Of_concurrent_puts_of_one_key_exactly_one_returns_true_and_its_bytes_are_there()
    {
        for (int round = 0; round < 20; round++)
        {
            string key = $"index/{round}";
            var winners = new System.Collections.Concurrent.ConcurrentBag<int>();
            Concurrently(6, i =>
            {
                if (Store.Put(key, Enumerable.Repeat((byte)i, 1000 + i).ToArray())) { winners.Add(i); }
            });
            if (PutsOnce) { Assert.Single(winners); }
            byte[] there = Store.Get(key, 10_000)!;
            Assert.Contains(there[0], winners.Select(static w => (byte)w));
            Assert.Equal(Enumerable.Repeat(there[0], 1000 + there[0]), there);
        }
    }

    [Fact]
    public void A_staged_object_is_invisible_until_it_is_committed_and_whole_from_then_on()
    {
        using IStagedObject staged = Store.Stage();
        staged.Append("hel"u8);
        staged.Append(default);
        staged.Append("lo"u8);
        Assert.Empty(Store.List(""));
        Assert.True(staged.Commit(Key));
        Assert.Equal("hello"u8.ToArray(), Store.Get(Key, 100));
    }

    [Fact]
    public void A_staged_object_does_not_take_the_place_of_another()
    {
        Assert.True(Store.Put(Key, "first"u8));
        using IStagedObject staged = Store.Stage();
        staged.Append("second"u8);
        Assert.Equal(!PutsOnce, staged.Commit(Key));
        Assert.Equal(PutsOnce ? "first"u8.ToArray() : "second"u8.ToArray(), Store.Get(Key, 100));
    }

    [Fact]
    public void A_staged_object_that_is_disposed_leaves_nothing()
    {
        using (IStagedObject staged = Store.Stage()) { staged.Append("gone"u8); }
        Assert.Empty(Store.List(""));
        Assert.Equal(0, Store.CleanUp());
    }

    [Fact]
    public void Absence_is_a_result_but_for_ranges()
    {
        Assert.False(Store.TryGetLength(Key, out long length));
        Assert.Equal(0, length);
        Assert.Null(Store.Get(Key, 100));
        Assert.False(Store.Delete(Key));
        Throws(ErrorKind.NotFound, () => Store.GetRange(Key, 0, new byte[1]));
        Assert.Empty(Store.List(""));
        Assert.Empty(Store.List("packs/"));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    [InlineData(3, 4)]
    [InlineData(10, 0)]
    public void A_range_within_the_object_is_exact(int offset, int length)
    {
        Store.Put(Key, "0123456789"u8);
        var bytes = new byte[length];
        Assert.Equal(length, Store.GetRange(Key, offset, bytes));
        Assert.Equal("0123456789".Substring(offset, length), Encoding.ASCII.GetString(bytes));
    }

    [Theory]
    [InlineData(0, 11)]
    [InlineData(10, 1)]
    [InlineData(5, 6)]
    [InlineData(1000, 1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MaxValue - 3, 8)]
    public void A_range_beyond_the_end_is_damage(long offset, int length)
    {
        Store.Put(Key, "0123456789"u8);
        Assert.Contains("truncated", Throws(ErrorKind.Damaged, () => Store.GetRange(Key, offset, new byte[length])).Message);
    }

    [Fact]
    public void A_truncated_object_is_damage_for_a_range_that_was_cut_off_and_not_for_another()
    {
        Store.Put(Key, "0123456789"u8);
        Store.GetRange(Key, 0, new byte[10]);
        Truncate(Key, 4);
        Assert.Contains("truncated", Throws(ErrorKind.Damaged, () => Store.GetRange(Key, 2, new byte[3])).Message);
        Assert.Equal(4, Store.GetRange(Key, 0, new byte[4]));
    }

    [Fact]
    public void An_object_longer_than_allowed_is_damage()
    {
        Store.Put(Key, "0123456789"u8);
        Throws(ErrorKind.Damaged, () => Store.Get(Key, 9));
        Assert.Equal(10, Store.Get(Key, 10)!.Length);
    }

    [Fact]
    public void An_object_may_be_empty()
    {
        Assert.True(Store.Put(Key, default));
        Assert.True(Store.TryGetLength(Key, out long length));
        Assert.Equal(0, length);
        Assert.Empty(Store.Get(Key, 0)!);
        Assert.Equal(0, Store.GetRange(Key, 0, default));
        Assert.Equal([new StoreObject(Key, 0)], Store.List(""));
    }

    [Fact]
    public void A_big_object_comes_back_whole_and_in_ranges()
    {
        var bytes = new byte[40 << 20];
        new Random(1).NextBytes(bytes);
        Assert.True(Store.Put(Key, bytes));
        Assert.True(bytes.AsSpan().SequenceEqual(Store.Get(Key, bytes.Length)));
        var range = new byte[1 << 20];
        Concurrently(4, i =>
        {
            var mine = new byte[1 << 20];
            Store.GetRange(Key, i * 7_654_321, mine);
            Assert.True(bytes.AsSpan(i * 7_654_321, mine.Length).SequenceEqual(mine));
        });
        Store.GetRange(Key, bytes.Length - range.Length, range);
        Assert.True(bytes.AsSpan(bytes.Length - range.Length).SequenceEqual(range));
    }

    [Fact]
    public void Listings_have_every_key_with_its_length_whatever_the_prefix()
    {
        var all = new Dictionary<string, long>();
        for (int i = 0; i < Listed; i++) { all[i % 5 == 0 ? $"index/{i:x8}" : $"packs/{i % 7:x2}/{i:x8}"] = i % 10; }
        string[] keys = [.. all.Keys];
        Concurrently(4, i =>
        {
            for (int k = i; k < keys.Length; k += 4) { Store.Put(keys[k], new byte[all[keys[k]]]); }
        });

        Store.Put("varve", "{}"u8);
        all["varve"] = 2;
        foreach (string prefix in new[] { "", "packs/", "packs", "pa", "packs/0", "packs/03", "packs/03/", "packs/03/000000", "index/",
            "varve", "none", "none/", "packs/ff/" })
        {
            IEnumerable<StoreObject> expected = all.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(p => new StoreObject(p.Key, p.Value));
            Assert.Equal(expected.OrderBy(o => o.Key, StringComparer.Ordinal),
                Store.List(prefix).OrderBy(o => o.Key, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_listing_that_fails_on_its_way_throws()
    {
        for (int i = 0; i < 20; i++) { Store.Put($"index/{i}", default); }
        Assert.Equal(20, Store.List("").Count());
        BreakListing();
        Throws(ErrorKind.Storage, () => Store.List("").Count());
    }

    [Fact]
    public void Deleting_is_true_once_and_the_object_is_gone()
    {
        Store.Put(Key, "x"u8);
        Store.GetRange(Key, 0, new byte[1]);
        Assert.True(Store.Delete(Key));
        Assert.False(Store.Delete(Key));
        Assert.Null(Store.Get(Key, 10));
        Throws(ErrorKind.NotFound, () => Store.GetRange(Key, 0, new byte[1]));
        Assert.Empty(Store.List(""));
        Assert.True(Store.Put(Key, "again"u8));
        Assert.Equal("again"u8.ToArray(), Store.Get(Key, 10));
    }

    [Fact]
    public void Replacing_makes_or_replaces_mutable_objects_only()
    {
        Store.Replace("varve", "first"u8);
        Store.GetRange("varve", 0, new byte[5]);
        Store.Replace("varve", "the second"u8);
        Assert.Equal("the second"u8.ToArray(), Store.Get("varve", 100));
        Assert.Equal(10, Store.GetRange("varve", 0, new byte[10]));
        Store.Replace("sessions/a1", "x"u8);
        Assert.Throws<ArgumentException>(() => Store.Replace(Key, "x"u8));
        Assert.Throws<ArgumentException>(() => Store.Replace("snapshots/a1", "x"u8));
    }

    [Fact]
    public void Readers_see_the_old_or_the_new_object_while_it_is_replaced()
    {
        byte[] small = Enumerable.Repeat((byte)'a', 10).ToArray(), large = Enumerable.Repeat((byte)'b', 60_000).ToArray();
        Store.Replace("sessions/1", small);
        bool done = false;
        Concurrently(4, i =>
        {
            for (int n = 0; i == 0 ? n < Replacements : !Volatile.Read(ref done); n++)
            {
                if (i == 0)
                {
                    Store.Replace("sessions/1", n % 2 == 0 ? large : small);
                    continue;
                }
                byte[] seen = Store.Get("sessions/1", 100_000)!;
                Assert.True(seen.AsSpan().SequenceEqual(seen.Length == small.Length ? small : large));
            }

            if (i == 0) { Volatile.Write(ref done, true); }
        });
    }

    [Fact]
    public void An_object_that_is_being_replaced_is_in_every_listing()
    {
        for (int i = 0; i < 40; i++) { Store.Replace($"sessions/{i}", "x"u8); }
        bool done = false;
        Concurrently(3, i =>
        {
            for (int n = 0; i == 0 ? n < 2 * Replacements : !Volatile.Read(ref done); n++)
            {
                if (i == 0) { Store.Replace($"sessions/{n % 40}", "y"u8); }
                else { Assert.Equal(40, Store.List("sessions/").Select(o => o.Key).Distinct().Count()); }
            }

            if (i == 0) { Volatile.Write(ref done, true); }
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("/varve")]
    [InlineData("packs/")]
    [InlineData("packs//x")]
    [InlineData("packs/../x")]
    [InlineData("./x")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("Packs/x")]
    [InlineData("packs/x y")]
    [InlineData("packs/\u00e4")]
    [InlineData("packs/x\0")]
    [InlineData("tmp/x")]
    [InlineData("tmp")]
    [InlineData("a/b/c/d/e/f/g/h/i")]
    public void A_key_that_is_none_is_refused(string key)
    {
        Assert.Throws<ArgumentException>(() => Store.Put(key, default));
        Assert.Throws<ArgumentException>(() => Store.Get(key, 1));
        Assert.Throws<ArgumentException>(() => Store.GetRange(key, 0, default));
        Assert.Throws<ArgumentException>(() => Store.TryGetLength(key, out _));
        Assert.Throws<ArgumentException>(() => Store.Delete(key));
        Assert.Throws<ArgumentException>(() => Store.Replace(key, default));
    }

    [Theory]
    [InlineData("../")]
    [InlineData("/")]
    [InlineData("packs//")]
    [InlineData("tmp/")]
    public void A_prefix_that_no_key_has_is_refused(string prefix) => Assert.Throws<ArgumentException>(() => Store.List(prefix).Count());

    /// <summary>Asserts the exception and its kind.</summary>
    protected static VarveException Throws(ErrorKind kind, Func<object?> action)
    {
        VarveException e = Assert.Throws<VarveException>(action);
        Assert.Equal(kind, e.Kind);
        return e;
    }

    /// <summary>Runs on as many threads at once; throws what one of them threw.</summary>
    protected static void Concurrently(int threads, Action<int> action)
    {
        using var start = new Barrier(threads);
        Task.WaitAll(Enumerable.Range(0, threads).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                action(i);
            }, TaskCreationOptions.LongRunning)).ToArray());
    }
}
