using Varve.Format;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;

namespace Varve.Tests.Vault;

/// <summary>
/// Two inits of one place at the same time, and one that was killed: each stores its key slot and then the header, and the header is put
/// once.
/// </summary>
public sealed class TwoInitsTests : IDisposable
{
    private const string Password = "of both machines";

    private readonly ScratchDirectory _d = new();
    private readonly List<Notice> _warnings = [];

    private RepositoryLocation Location => new(At("repository"));

    private string[] Slots => Directory.GetFiles(At("repository/keys"));

    public void Dispose()
    {
        Gate.Visit(null);
        _d.Dispose();
    }

    [Theory]
    [InlineData("password")]
    [InlineData("one key file")]
    [InlineData("a key file each")]
    public void Of_two_inits_at_once_with_one_credential_one_wins_and_nothing_is_left_of_the_other(string with)
    {
        (Credentials loser, Credentials winner) = with switch
        {
            "password" => (new Credentials { Password = Password }, new Credentials { Password = Password }),
            "one key file" => (Key("key"), Key("key")),
            _ => (Key("losers-key"), Key("winners-key")),
        };
        string id = "";
        AtSlot(() => id = Init(winner, "winner"));

        VarveException e = Assert.Throws<VarveException>(() => Init(loser, "loser"));

        Assert.Equal(ErrorKind.Busy, e.Kind);
        _warnings.Clear(); // the winner saw the other's slot, which was still there
        Assert.Single(Slots);
        foreach (string cache in (string[])["winner", "loser", "third"])
        {
            using Repository repository = Repository.Open(Location, winner, Options(cache));
            Assert.Equal(id, repository.Id);
            repository.RequireWritable();
        }

        Assert.Empty(_warnings);
    }

    [Fact]
    public void An_init_that_was_killed_before_the_header_leaves_no_repository_and_the_next_makes_one()
    {
        AtSlot(static () => throw new OperationCanceledException());
        Assert.Throws<OperationCanceledException>(() => Init(new Credentials { Password = Password }, "killed"));
        Assert.Single(Slots);

        VarveException e = Assert.Throws<VarveException>(
            () => Repository.Open(Location, new Credentials { Password = Password }, Options("other")));
        Assert.Equal((ErrorKind.NoRepository, Advice.CreateRepository), (e.Kind, e.Advice));

        string id = Init(new Credentials { Password = Password }, "next");
        Assert.Equal(2, Slots.Length);
        _warnings.Clear();
        foreach (string cache in (string[])["next", "third"])
        {
            using Repository repository = Repository.Open(Location, new Credentials { Password = Password }, Options(cache));
            Assert.Equal(id, repository.Id);
            repository.RequireWritable();
            Assert.Equal(["next"], repository.Keys().Select(static k => k.Label));
        }

        Assert.NotEmpty(_warnings);
        Assert.All(_warnings, static w => Assert.Contains("is of another repository", w.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_repository_without_a_header_that_holds_more_than_slots_nothing_is_made_anew()
    {
        Init(new Credentials { Password = Password }, "first");
        File.Delete(At("repository", ObjectKeys.Header));
        Directory.CreateDirectory(At("repository", "index"));
        File.WriteAllText(At("repository", "index", new string('a', 64)), "x");

        VarveException e = Assert.Throws<VarveException>(() => Init(new Credentials { Password = Password }, "second"));

        Assert.Equal((ErrorKind.Usage, Advice.UseAsItIs), (e.Kind, e.Advice));
        using Repository repository = Repository.Open(Location, new Credentials { Password = Password }, Options("third"));
        Assert.False(repository.HeaderIntact);
    }

    [Fact]
    public void A_write_key_of_the_repository_is_preferred_to_a_full_one_of_another()
    {
        AtSlot(static () => throw new OperationCanceledException());
        Assert.Throws<OperationCanceledException>(() => Init(Key("shared"), "killed"));
        string id = Init(Key("own"), "next");
        using (Repository full = Repository.Open(Location, Key("own"), Options("next")))
        {
            full.AddKey(KeyLevel.Write, Key("shared"), "writer");
        }

        using Repository repository = Repository.Open(Location, Key("shared"), Options("third"));
        Assert.Equal((id, KeyLevel.Write), (repository.Id, repository.Level));
    }

    private static void AtSlot(Action then) => Gate.Visit(point =>
    {
        if (point != Gate.FirstSlotStored) { return; }
        Gate.Visit(null);
        then();
    });

    private string At(params string[] names) => Path.Combine([_d.Path, .. names]);

    private Credentials Key(string name) => new() { KeyFilePath = At(name) };

    private string Init(Credentials first, string label)
    {
        using Repository repository = Repository.Init(Location, first, label, Options(label));
        return repository.Id;
    }

    private RepositoryOptions Options(string cache) => new() { CacheRoot = At("cache-of", cache), Warn = _warnings.Add };
}
