using Varve.Format;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Vaults;
using Varve.Vault.Open;

namespace Varve.Tests.Vault;

/// <summary>
/// Keys that are added twice, changed, and removed while they are in use; and a store that stops at any step of a change.
/// </summary>
public sealed class KeyChangeTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly MemoryStore _store = new();

    public KeyChangeTests() { using (Repository.Init(_store, Key("first"), "first", Options)) { } }

    private RepositoryOptions Options => new() { CacheRoot = System.IO.Path.Combine(_d.Path, "cache") };

    public void Dispose() => _d.Dispose();

    [Fact]
    public void A_key_file_or_password_that_opens_a_slot_is_refused_with_the_slot_named()
    {
        using Repository repository = Open("first");
        repository.AddKey(KeyLevel.Write, Key("nas"), "nas");
        KeySlotInfo head = repository.AddKey(KeyLevel.Full, new Credentials { Password = "correct horse" }, "in my head");
        VarveException twice = Usage(() => repository.AddKey(KeyLevel.Full, Key("nas"), "again"));
        KeySlotInfo nas = repository.FindKey("nas");
        Assert.Equal($"the key file {Key("nas").KeyFilePath} opens key {nas.Name.ToString()[..8]} already (nas)", twice.Message);
        twice = Usage(() => repository.AddKey(KeyLevel.Write, new Credentials { Password = "correct horse" }, "again"));
        Assert.Equal($"the password opens key {head.Name.ToString()[..8]} already (in my head)", twice.Message);
        Assert.Equal(3, repository.Keys().Count);
        repository.AddKey(KeyLevel.Write, new Credentials { Password = "correct horse " }, "another");
        Assert.Equal(4, repository.Keys().Count);
    }

    [Fact]
    public void A_password_is_changed_and_the_old_one_opens_nothing_any_more()
    {
        using (Repository repository = Open("first"))
        {
            repository.AddKey(KeyLevel.Full, new Credentials { Password = "old" }, "in my head");
        }

        using (Repository repository = Repository.Open(_store, new Credentials { Password = "old" }, Options))
        {
            Assert.True(repository.FindKey(null) is { Label: "in my head", IsCurrent: true });
            Usage(() => repository.ReplaceKey(null, new Credentials { Password = "old" }));
            KeySlotInfo slot = repository.ReplaceKey(null, new Credentials { Password = "new" });
            Assert.Equal(("in my head", KeyLevel.Full, "password", true), (slot.Label, slot.Level, slot.Method, slot.IsCurrent));
        }

        Assert.Equal(2, Keys());
        using (Repository.Open(_store, new Credentials { Password = "new" }, Options)) { }
        Assert.Equal(ErrorKind.WrongKey,
            Assert.Throws<VarveException>(() => Repository.Open(_store, new Credentials { Password = "old" }, Options)).Kind);
    }

    [Fact]
    public void A_key_file_is_replaced_by_a_key_file_only_and_a_write_key_changes_its_own()
    {
        using (Repository repository = Open("first"))
        {
            repository.AddKey(KeyLevel.Write, Key("nas"), "nas");
            repository.AddKey(KeyLevel.Write, Key("other"), "other");
            VarveException method = Usage(() => repository.ReplaceKey("nas", new Credentials { Password = "p" }));
            Assert.Equal(Advice.NameOtherKey, method.Advice);
            repository.ReplaceKey("nas", Key("nas2"));
            Usage(() => repository.ReplaceKey("nas", Key("other")));
        }

        using (Repository writer = Open("nas2"))
        {
            Assert.Equal(KeyLevel.Write, writer.Level);
            foreach (string others in (string[])["first", "other"])
            {
                Assert.Equal(ErrorKind.WrongKey, Assert.Throws<VarveException>(() => writer.ReplaceKey(others, Key("x"))).Kind);
            }

            Assert.True(writer.ReplaceKey(null, Key("nas3")) is { Level: KeyLevel.Write, Label: "nas" });
        }

        using Repository again = Open("nas3");
        Assert.Equal(3, Keys());
    }

    [Fact]
    public void The_key_in_use_is_removed_only_if_asked_and_the_last_full_one_never()
    {
        using Repository repository = Open("first");
        int asked = 0;
        Assert.Equal(Advice.AddKeyFirst, Usage(() => repository.RemoveKey("first", _ => ++asked > 0)).Advice);
        repository.AddKey(KeyLevel.Full, Key("second"), "second");
        Assert.False(repository.RemoveKey("first", s => ++asked > 1 && s.IsCurrent));
        Assert.Equal(2, Keys());
        Assert.True(repository.RemoveKey("second", _ => ++asked > 100));
        Assert.Equal(1, asked);
        repository.AddKey(KeyLevel.Full, Key("third"), "third");
        Assert.True(repository.RemoveKey("first", s => s.IsCurrent));
        Assert.Equal(1, Keys());
    }

    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    public void A_change_cut_off_at_any_step_locks_nobody_out_and_the_same_again_completes_it(Fault fault)
    {
        int steps = 0;
        for (bool done = false; !done; steps++)
        {
            var inner = new MemoryStore();
            using (Repository.Init(inner, Key("old"), "mine", Options)) { }
            var store = new FaultStore(inner);
            using (Repository repository = Repository.Open(store, Key("old"), Options))
            {
                store.Arm(fault, steps);
                try
                {
                    repository.ReplaceKey(null, Key("new"));
                    done = true;
                }
                catch (VarveException e) when (e.Kind == ErrorKind.Storage) { }
            }

            store.Restart();
            string opens = done || !Opens(inner, "old") ? "new" : "old";
            Assert.True(Opens(inner, opens), $"locked out at step {steps}");
            if (opens == "old")
            {
                using Repository repository = Repository.Open(inner, Key("old"), Options);
                repository.ReplaceKey(null, Key("new"));
            }

            Assert.True(Opens(inner, "new") && !Opens(inner, "old"), $"not completed after step {steps}");
            Assert.Single(inner.List(ObjectKeys.Keys));
        }

        Assert.InRange(steps, 5, 50);
    }

    [Fact]
    public void The_new_key_is_there_before_the_old_one_goes()
    {
        using Repository repository = Open("first");
        var slots = new List<(string Point, int Slots)>();
        Gate.Visit(point => slots.Add((point, Keys())));
        try { repository.ReplaceKey(null, Key("second")); }
        finally { Gate.Visit(null); }
        Assert.Equal([(Gate.KeyStored, 2), (Gate.SlotChosen, 2), (Gate.SlotRemoved, 1), (Gate.KeyRemoved, 1)], slots);
    }

    private bool Opens(IStore store, string name)
    {
        try
        {
            using (Repository.Open(store, Key(name), Options)) { return true; }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.WrongKey) { return false; }
    }

    private int Keys() => _store.List(ObjectKeys.Keys).Count();

    private Repository Open(string name) => Repository.Open(_store, Key(name), Options);

    private Credentials Key(string name) => new() { KeyFilePath = KeyPlace.In(_d.Path) + "-" + name };

    private static VarveException Usage(Action action)
    {
        var e = Assert.Throws<VarveException>(action);
        Assert.Equal(ErrorKind.Usage, e.Kind);
        return e;
    }
}
