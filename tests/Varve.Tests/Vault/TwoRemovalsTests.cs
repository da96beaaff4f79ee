using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Vault.Open;

namespace Varve.Tests.Vault;

/// <summary>Two who remove each other's key at the same time: one full key must be left, whoever comes when.</summary>
public sealed class TwoRemovalsTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly Dictionary<string, string> _slots = [];

    public TwoRemovalsTests()
    {
        using Repository repository = Repository.Init(Location, Key("one"), "one", Options("one"));
        repository.AddKey(KeyLevel.Full, Key("two"), "two");
        repository.AddKey(KeyLevel.Write, Key("writer"), "writer");
        foreach (KeySlotInfo slot in repository.Keys()) { _slots[slot.Label] = Path.Combine(Location.Address, "keys", slot.Name.ToString()); }
    }

    private RepositoryLocation Location => new(Path.Combine(_d.Path, "repository"));

    public void Dispose()
    {
        Gate.Visit(null);
        _d.Dispose();
    }

    [Fact]
    public void Who_removes_the_last_full_key_because_another_was_removed_meanwhile_puts_it_back()
    {
        At(Gate.SlotChosen, () => Remove("two", removed: "one"));
        AssertIsLast(Assert.Throws<VarveException>(() => Remove("one", removed: "two")));
        Assert.Equal(["two", "writer"], Labels("two"));
    }

    [Fact]
    public void If_both_are_gone_before_either_looks_one_or_both_are_put_back()
    {
        using var together = new Barrier(2);
        var failures = new List<Exception?>();
        var threads = new List<Thread>();
        foreach ((string user, string removed) in ((string, string)[])[("one", "two"), ("two", "one")])
        {
            threads.Add(new Thread(() =>
            {
                Gate.Visit(point => Assert.True(
                    point is not (Gate.SlotChosen or Gate.SlotRemoved) || together.SignalAndWait(Within.LongLimit)));
                Exception? failure = Record.Exception(() => Remove(user, removed));
                lock (failures) { failures.Add(failure); }
            }));
        }

        threads.ForEach(static t => t.Start());
        threads.ForEach(static t => t.Join());

        // Who looks after the other has put its own back may take its own away.
        List<Exception> refused = [.. failures.OfType<Exception>()];
        Assert.NotEmpty(refused);
        Assert.All(refused, e => AssertIsLast(Assert.IsType<VarveException>(e)));
        string left = File.Exists(_slots["one"]) ? "one" : "two";
        Assert.Equal(refused.Count + 1, Labels(left).Count());
    }

    [Fact]
    public void A_listing_that_fails_after_the_removal_puts_it_back()
    {
        var store = new HookStore(new MemoryStore());
        using Repository repository = Repository.Init(store, Key("first"), "first", Options("first"));
        repository.AddKey(KeyLevel.Full, Key("second"), "second");
        At(Gate.SlotRemoved, () => store.Before = static what => Assert.False(what == "list keys/", "the store is away"));
        Assert.ThrowsAny<Exception>(() => repository.RemoveKey("second"));
        store.Before = null;
        Assert.Equal(["first", "second"], repository.Keys().Select(static k => k.Label).Order());
    }

    [Fact]
    public void A_slot_of_another_repository_is_no_full_key_that_is_left_and_can_be_removed()
    {
        string foreign = Path.Combine(_d.Path, "foreign");
        using (Repository.Init(new RepositoryLocation(foreign), Key("other"), "other", Options("other"))) { }
        string slot = Assert.Single(Directory.GetFiles(Path.Combine(foreign, "keys")));
        File.Copy(slot, Path.Combine(Location.Address, "keys", Path.GetFileName(slot)));

        Remove("one", removed: "two");
        AssertIsLast(Assert.Throws<VarveException>(() => Remove("one", removed: "one")));
        Remove("one", removed: Path.GetFileName(slot)[..12]);
        Assert.Equal(["one", "writer"], Labels("one"));
    }

    private static void AssertIsLast(VarveException e) => Assert.Equal((ErrorKind.Usage, Advice.AddKeyFirst), (e.Kind, e.Advice));

    private static void At(string wanted, Action then) => Gate.Visit(point =>
    {
        if (point != wanted) { return; }
        Gate.Visit(null);
        then();
    });

    private void Remove(string user, string removed)
    {
        using Repository repository = Repository.Open(Location, Key(user), Options(user));
        repository.RemoveKey(removed);
    }

    private IEnumerable<string> Labels(string user)
    {
        using Repository repository = Repository.Open(Location, Key(user), Options(user));
        return [.. repository.Keys().Select(static k => k.Label).Order()];
    }

    private Credentials Key(string name) => new() { KeyFilePath = Path.Combine(_d.Path, name + ".key") };

    private RepositoryOptions Options(string user) => new() { CacheRoot = Path.Combine(_d.Path, "cache-of-" + user) };
}
