using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Vault.Open;

namespace Varve.Tests.Vault;

/// <summary>
/// Inits at once in a store where a put may replace, each held before every request: a seed says whose is next, so that what went wrong
/// goes wrong again.
/// </summary>
public sealed class FirstHeaderTests : IDisposable
{
    private const int Most = 3, Schedules = 1500;

    private readonly ScratchDirectory _d = new();
    private readonly List<(KeySlot Slot, byte[] Header)> _inits = [];

    public FirstHeaderTests()
    {
        for (int i = 0; i < Most; i++)
        {
            RepositoryHeader header = RepositoryHeader.Create(RepositoryId.Create(), $"2026-12-0{i + 1}T00:00:00Z");
            byte[] json = HeaderJson.Encode(header);
            using SecretBundle secrets = SecretBundle.Create(header.Id, json), bundle = Identities.ForNewSlot(secrets, KeyLevel.Full, "x");
            var credentials = new Credentials { KeyFilePath = Path.Combine(_d.Path, "key") };
            _inits.Add((KeyRing.Wrap(bundle, credentials, "x", header.Created, "here", warn: null), json));
        }
    }

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_inits_at_once_where_puts_replace_one_wins_and_its_header_stands_whoever_is_when_next(int count)
    {
        var winners = new int[Most];
        for (int seed = 0; seed < Schedules; seed++)
        {
            var store = new MemoryStore { PutsOnce = false };
            bool[] won = InitAll(store, count, seed);

            Assert.True(won.Count(static w => w) == 1, $"schedule {seed}: {string.Join(' ', won)}");
            int winner = Array.IndexOf(won, true);
            winners[winner]++;
            Assert.True(store.Get(ObjectKeys.Header, 1000).AsSpan().SequenceEqual(_inits[winner].Header), $"schedule {seed}: the header");
            Assert.Equal([ObjectKeys.KeySlot(_inits[winner].Slot.Name)], store.List(ObjectKeys.Keys).Select(static o => o.Key));
        }

        Assert.All(winners.Take(count), static n => Assert.InRange(n, 1, Schedules));
    }

    [Fact]
    public void One_that_gives_way_and_then_stops_for_good_keeps_no_other_waiting_for_ever()
    {
        (KeySlot Slot, byte[] Header)[] ordered = [.. _inits.OrderBy(static i => i.Slot.Name.ToString(), StringComparer.Ordinal)];
        var store = new MemoryStore { PutsOnce = false };
        var hooked = new HookStore(store)
        {
            After = what =>
            {
                // Its slot comes between the other's looks.
                if (what == "replace " + ObjectKeys.Header) { store.Put(ObjectKeys.KeySlot(ordered[0].Slot.Name), ordered[0].Slot.Bytes.Span); }
            },
        };
        Assert.False(FirstHeader.Put(hooked, ordered[1].Slot, ordered[1].Header, new NoWaiting()));
        Assert.Equal(ordered[0].Header, store.Get(ObjectKeys.Header, 1000));
    }

    private bool[] InitAll(MemoryStore store, int count, int seed)
    {
        var won = new bool[count];
        var turns = new Turns(count, seed);
        Thread[] threads = [.. Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            var own = new HookStore(store) { Before = _ => turns.Await(i) };
            string key = ObjectKeys.KeySlot(_inits[i].Slot.Name);
            own.Put(key, _inits[i].Slot.Bytes.Span);
            won[i] = FirstHeader.Put(own, _inits[i].Slot, _inits[i].Header, new NoWaiting());
            if (!won[i]) { own.Delete(key); }
            turns.End();
        }))];
        foreach (Thread thread in threads) { thread.Start(); }
        foreach (Thread thread in threads) { Assert.True(thread.Join(Within.Limit)); }
        return won;
    }

    /// <summary>Lets one thread on at a time, by chance.</summary>
    private sealed class Turns(int count, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<int> _waiting = [];
        private int _running = count, _next = -1;

        internal void Await(int who)
        {
            lock (_waiting)
            {
                _waiting.Add(who);
                Leave();
                while (_next != who) { Monitor.Wait(_waiting); }
                _next = -1;
                _waiting.Remove(who);
                _running++;
            }
        }

        internal void End()
        {
            lock (_waiting) { Leave(); }
        }

        private void Leave()
        {
            if (--_running > 0 || _waiting.Count == 0) { return; }
            _waiting.Sort();
            _next = _waiting[_random.Next(_waiting.Count)];
            Monitor.PulseAll(_waiting);
        }
    }
}
