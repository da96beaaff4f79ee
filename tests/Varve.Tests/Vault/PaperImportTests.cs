using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Vault;

/// <summary>A paper key brings a repository back that lost its header, its key slots, or both; and nothing else.</summary>
public sealed class PaperImportTests : VaultTest
{
    private readonly PaperKey _paper;

    public PaperImportTests()
    {
        File.WriteAllText(At("a"), "what was saved");
        _vault.BackupAll(_source);
        using Repository repository = _vault.Open();
        _paper = repository.ExportKey(KeyLevel.Full);
    }

    [Theory]
    [InlineData("nothing", false)]
    [InlineData("slots gone", false)]
    [InlineData("header gone", true)]
    [InlineData("header empty", true)]
    [InlineData("header of another repository", true)]
    [InlineData("other sizes", true)]
    [InlineData("both gone", true)]
    [InlineData("slots garbage", false)]
    public void Whatever_of_header_and_slots_is_lost_everything_works_again(string lost, bool rebuilt)
    {
        byte[] header = File.ReadAllBytes(Header);
        if (lost is "slots gone" or "both gone") { Directory.Delete(Slots, recursive: true); }
        if (lost is "header gone" or "both gone") { File.Delete(Header); }
        if (lost is "header empty") { Overwrite(Header, ""); }
        if (lost is "header of another repository")
        {
            Overwrite(Header, File.ReadAllText(Header).Replace(_paper.Repository, new string('a', 32), StringComparison.Ordinal));
        }
        if (lost is "other sizes") { Overwrite(Header, File.ReadAllText(Header).Replace("131072", "65536", StringComparison.Ordinal)); }
        if (lost is "slots garbage") { Overwrite(Directory.GetFiles(Slots).Single(), "{}"); }

        KeyImportResult result = Import("new");
        Assert.Equal((true, rebuilt, KeyLevel.Full, "from paper"),
            (result.IsSlotNew, result.IsHeaderRebuilt, result.Slot.Level, result.Slot.Label));
        Assert.Equal(header, File.ReadAllBytes(Header));
        using Repository repository = Open("new");
        Assert.True(repository.HeaderIntact);
        Assert.Equal(lost == "slots garbage" ? 1 : 0, Engine.Check(repository, true).DamageCount);
        Assert.Equal(0, Engine.Backup(repository, _source).FailureCount);
        Engine.Restore(repository, System.IO.Path.Combine(_d.Path, "restored"));
        Assert.Equal("what was saved", File.ReadAllText(System.IO.Path.Combine(_d.Path, "restored/a")));
    }

    [Fact]
    public void What_is_bare_says_that_a_paper_key_opens_it()
    {
        Directory.Delete(Slots, recursive: true);
        File.Delete(Header);
        Assert.True(Repository.Exists(new RepositoryLocation(_vault.Place)));
        var e = Assert.Throws<VarveException>(() => Open("new"));
        Assert.Equal((ErrorKind.Damaged, Advice.ImportPaperKey), (e.Kind, e.Advice));
    }

    [Fact]
    public void A_place_of_another_repository_is_not_touched()
    {
        var other = new TestVault(System.IO.Path.Combine(_d.Path, "other"));
        Directory.CreateDirectory(System.IO.Path.Combine(_d.Path, "other"));
        other.BackupAll(_source);
        foreach (string lost in (string[])["nothing", "header", "both"])
        {
            if (lost != "nothing") { File.Delete(other.Place + "/varve"); }
            if (lost == "both") { Directory.Delete(other.Place + "/keys", recursive: true); }
            IReadOnlyList<string> before = other.Objects();
            var e = Assert.Throws<VarveException>(() => Import("new", other.Place));
            Assert.Equal((ErrorKind.WrongKey, Advice.OtherPaperKey), (e.Kind, e.Advice));
            Assert.Equal(before, other.Objects());
        }
    }

    [Fact]
    public void Where_nothing_is_no_repository_is_made()
    {
        string empty = System.IO.Path.Combine(_d.Path, "empty");
        Directory.CreateDirectory(empty);
        Assert.Equal(ErrorKind.NoRepository, Assert.Throws<VarveException>(() => Import("new", empty)).Kind);
        Assert.Empty(Directory.GetFileSystemEntries(empty));
    }

    [Fact]
    public void A_repository_without_a_snapshot_comes_back_by_what_its_slots_say()
    {
        string place = System.IO.Path.Combine(_d.Path, "young");
        using Repository made = Repository.Init(new RepositoryLocation(place), Key("young"), "first", Options);
        using PaperKey paper = made.ExportKey(KeyLevel.Full);
        File.Delete(place + "/varve");
        Assert.True(Repository.ImportKey(new RepositoryLocation(place), paper, Key("young2"), "l", Options).IsHeaderRebuilt);
    }

    [Fact]
    public void The_same_key_file_twice_is_refused_but_completes_what_was_cut_off()
    {
        Import("new");
        var e = Assert.Throws<VarveException>(() => Import("new"));
        Assert.Equal((ErrorKind.Usage, Advice.ChooseOtherKey), (e.Kind, e.Advice));
        File.Delete(Header);
        KeyImportResult again = Import("new");
        Assert.Equal((false, true), (again.IsSlotNew, again.IsHeaderRebuilt));
    }

    [Fact]
    public void A_paper_of_level_write_makes_a_slot_of_level_write_and_reads_nothing()
    {
        using PaperKey paper = OpenFirst().ExportKey(KeyLevel.Write);
        Directory.Delete(Slots, recursive: true);
        File.Delete(Header);
        var location = new RepositoryLocation(_vault.Place);
        KeyImportResult result = Repository.ImportKey(location, paper, Key("writer"), "writer", Options);
        Assert.Equal((KeyLevel.Write, true), (result.Slot.Level, result.IsHeaderRebuilt));
        using Repository writer = Open("writer");
        Assert.Equal(0, Engine.Backup(writer, _source).FailureCount);
        Assert.Equal(ErrorKind.WrongKey, Assert.Throws<VarveException>(() => writer.ExportKey(KeyLevel.Full)).Kind);
        Assert.Equal(KeyLevel.Write, writer.ExportKey(KeyLevel.Write).Level);
        Assert.True(Repository.ImportKey(location, _paper, Key("full"), "full", Options).Slot.Level == KeyLevel.Full);
    }

    [Theory]
    [InlineData(Gate.KeyStored)]
    [InlineData(Gate.HeaderStored)]
    public void Cut_off_after_any_step_it_can_be_read_and_the_same_again_completes_it(string point)
    {
        Directory.Delete(Slots, recursive: true);
        File.Delete(Header);
        Gate.Visit(p => { if (p == point) { throw new InvalidOperationException("cut off"); } });
        try { Assert.Throws<InvalidOperationException>(() => Import("new")); }
        finally { Gate.Visit(null); }
        using (Repository repository = Open("new"))
        {
            Assert.Equal(point == Gate.HeaderStored, repository.HeaderIntact);
            Assert.Single(repository.Snapshots());
        }

        if (point == Gate.KeyStored) { Assert.Equal((false, true), (Import("new") is var r && r.IsSlotNew, File.Exists(Header))); }
        using Repository whole = Open("new");
        Assert.True(whole.HeaderIntact);
    }

    private string Header => System.IO.Path.Combine(_vault.Place, "varve");

    private string Slots => System.IO.Path.Combine(_vault.Place, "keys");

    private RepositoryOptions Options => new() { CacheRoot = _vault.Cache };

    private KeyImportResult Import(string key, string? place = null) =>
        Repository.ImportKey(new RepositoryLocation(place ?? _vault.Place), _paper, Key(key), "from paper", Options);

    private Repository OpenFirst() => _vault.Open();

    private Repository Open(string key) => Repository.Open(new RepositoryLocation(_vault.Place), Key(key), Options);

    private Credentials Key(string name) => new() { KeyFilePath = KeyPlace.In(_d.Path) + "-" + name };

    private static void Overwrite(string path, string text)
    {
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(path, text);
    }
}
