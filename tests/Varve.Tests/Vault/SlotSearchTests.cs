using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Tests.Kit;

namespace Varve.Tests.Vault;

/// <summary>
/// Key slots that somebody planted, who can write to the storage and has no key: each says itself how long it takes to try.
/// </summary>
public sealed class SlotSearchTests : IDisposable
{
    private const string Password = "right";

    private readonly ScratchDirectory _d = new();
    private readonly List<(int Number, int Of)> _tried = [];

    public SlotSearchTests()
    {
        using (Repository.Init(Location, new Credentials { Password = Password }, "first", Options("first-cache"))) { }
        _tried.Clear();
    }

    private string Place => System.IO.Path.Combine(_d.Path, "repository");

    private RepositoryLocation Location => new(Place);

    public void Dispose() => _d.Dispose();

    [Fact]
    public void A_machine_that_has_opened_the_repository_tries_no_planted_slot()
    {
        Plant(n: 1 << 20, p: 8, count: 3);
        Open("first-cache");
        Assert.Empty(_tried);
    }

    [Fact]
    public void Elsewhere_the_cheapest_come_first_and_the_next_time_none_is_tried()
    {
        Plant(n: 1 << 20, p: 8, count: 2);
        Plant(n: 1 << 10, p: 1, count: 2);
        Open("other-cache");
        Assert.Equal([(1, 5), (2, 5), (3, 5)], _tried);
        _tried.Clear();
        Open("other-cache");
        Assert.Empty(_tried);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("of another repository")]
    [InlineData("missing")]
    public void A_header_that_was_changed_makes_nothing_forgotten(string how)
    {
        string header = System.IO.Path.Combine(Place, ObjectKeys.Header);
        string text = File.ReadAllText(header);
        Plant(n: 1 << 20, p: 8, count: 1);
        File.Delete(header);
        if (how == "missing")
        {
            // Slots alone are no repository.
            Directory.CreateDirectory(System.IO.Path.Combine(Place, "index"));
            File.WriteAllText(System.IO.Path.Combine(Place, "index", new string('a', 64)), "x");
        }
        else
        {
            File.WriteAllText(header, how == "garbage" ? "x" : text.Replace(Slot().RepositoryId.ToString(), new string('a', 32),
                StringComparison.Ordinal));
        }

        Open("first-cache");
        Assert.Empty(_tried);
    }

    [Fact]
    public void A_write_key_is_not_held_up_by_slots_that_claim_to_be_full()
    {
        using (Repository full = Repository.Open(Location, new Credentials { Password = Password }, Options("first-cache")))
        {
            full.AddKey(KeyLevel.Write, new Credentials { Password = "writer" }, "writer");
        }

        using (Repository writer = Repository.Open(Location, new Credentials { Password = "writer" }, Options("writers-cache"))) { }
        Plant(n: 1 << 20, p: 8, count: 2);
        Plant(n: 1 << 10, p: 1, count: 1);
        _tried.Clear();
        using Repository again = Repository.Open(Location, new Credentials { Password = "writer" }, Options("writers-cache"));
        Assert.Equal(KeyLevel.Write, again.Level);
        // The planted one that costs next to nothing. The first, with that, would cost more than the writer's own did.
        Assert.Single(_tried);
    }

    [Fact]
    public void A_slot_that_is_named_is_the_only_one_that_is_tried()
    {
        Plant(n: 1 << 10, p: 1, count: 3);
        string name = Slot().Name.ToString();
        using (Repository.Open(Location, new Credentials { Password = Password, Slot = name[..8] }, Options("a"))) { }
        using (Repository.Open(Location, new Credentials { Password = Password, Slot = "first" }, Options("b"))) { }
        Assert.All(_tried, static t => Assert.Equal(1, t.Number));
        Assert.Equal(1, _tried[0].Of);
        var e = Assert.Throws<VarveException>(
            () => Repository.Open(Location, new Credentials { Password = Password, Slot = "none" }, Options("c")));
        Assert.Equal((ErrorKind.WrongKey, Advice.ListKeys), (e.Kind, e.Advice));
    }

    private RepositoryOptions Options(string cache) =>
        new() { CacheRoot = System.IO.Path.Combine(_d.Path, cache), TryingKeySlot = (number, of) => _tried.Add((number, of)) };

    private void Open(string cache)
    {
        using Repository opened = Repository.Open(Location, new Credentials { Password = Password }, Options(cache));
        Assert.Equal(KeyLevel.Full, opened.Level);
    }

    private KeySlot Slot()
    {
        string file = Directory.EnumerateFiles(System.IO.Path.Combine(Place, "keys")).First(
            static f => File.ReadAllText(f).Contains("first", StringComparison.Ordinal));
        return KeySlot.Parse(ObjectKeys.Name("keys/" + System.IO.Path.GetFileName(file)), File.ReadAllBytes(file));
    }

    /// <summary>Slots as the first but for what it costs to try them.</summary>
    private void Plant(ulong n, uint p, int count)
    {
        for (int i = 0; i < count; i++)
        {
            KeySlotJson first = KeySlotJson.Decode(Slot().Bytes.Span);
            byte[] bytes = (first with { Scrypt = new ScryptParameters(n, 8, p), Label = $"planted {n} {i}" }).Encode();
            string name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
            File.WriteAllBytes(System.IO.Path.Combine(Place, "keys", name), bytes);
        }
    }
}
