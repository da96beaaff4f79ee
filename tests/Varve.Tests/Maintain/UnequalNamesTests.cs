using Varve.Maintain.Check;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Maintain;

/// <summary>
/// Entries of one link group that are not equal: a file changed between two of its names, or an inode number served two files. No content
/// is dropped for that of the first.
/// </summary>
public sealed class UnequalNamesTests : IDisposable
{
    private readonly SmallRepository _small = SmallRepository.Create();
    private readonly Repository _repository;
    private readonly Malice _malice;

    public UnequalNamesTests()
    {
        _repository = _small.Open();
        _malice = new Malice(_repository);
    }

    public void Dispose()
    {
        _repository.Dispose();
        _small.Dispose();
    }

    [Fact]
    public void Names_with_other_content_and_of_other_kinds_become_what_they_are()
    {
        ObjectName snapshot = _malice.Snapshot(
            _malice.Content("a", [1], Malice.Group(5)), _malice.Content("b", [2, 2], Malice.Group(5)),
            Malice.Symlink("c", "x", Malice.Group(5)),
            _malice.Content("d", [1], Malice.Group(5)), _malice.Content("e", [2, 2], Malice.Group(5)));
        Assert.Empty(Engine.Restore(_repository, _small["target"], snapshot).Failures);
        Assert.Equal("01 0202 01 0202", $"{Read("a")} {Read("b")} {Read("d")} {Read("e")}");
        Assert.Equal("x", new FileInfo(_small["target/c"]).LinkTarget);
        ZooStat a = Stat(Path(_small["target"], "a")), b = Stat(Path(_small["target"], "b"));
        Assert.Equal((2u, 2u), ((uint)a.Links, (uint)b.Links));
        Assert.Equal((a.Inode, b.Inode), (Stat(Path(_small["target"], "d")).Inode, Stat(Path(_small["target"], "e")).Inode));
    }

    [Fact]
    public void A_check_says_which_they_are()
    {
        _malice.Snapshot(
            _malice.Content("a", [1], Malice.Group(5)), _malice.Content("b", [2, 2], Malice.Group(5)),
            Malice.Symlink("c", "x", Malice.Group(5)),
            _malice.Content("d", [1], Malice.Group(5)), _malice.Content("e", [3], Malice.Group(6)));
        CheckResult check = Engine.Check(_repository);
        Assert.Empty(check.Damages);
        string note = Assert.Single(check.Notes);
        Assert.Contains(":/b, ", note, StringComparison.Ordinal);
        Assert.EndsWith(":/c", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_names_that_differ_in_metadata_alone_the_first_has_its_way()
    {
        ObjectName snapshot = _malice.Snapshot(
            Malice.OwnedEntry(EntryKind.File, "a", 0, 0, Malice.Group(5)),
            Malice.OwnedEntry(EntryKind.File, "b", 0, 0, Malice.Group(5), (8, [2, 0])),
            Malice.OwnedEntry(EntryKind.Fifo, "c", 0, 0, Malice.Group(6)), Malice.OwnedEntry(EntryKind.Fifo, "d", 0, 0, Malice.Group(6)));
        Assert.Empty(Engine.Restore(_repository, _small["target"], snapshot).Failures);
        Assert.All((string[])["a", "b", "c", "d"], n => Assert.Equal(2u, (uint)Stat(Path(_small["target"], n)).Links));
        Assert.Empty(Engine.Check(_repository).Notes);
    }

    [Fact]
    public void A_group_of_0_and_one_of_a_directory_are_none()
    {
        (ulong, byte[]) tree = (3, Malice.Id(_malice.Leaf()));
        ObjectName snapshot = _malice.Snapshot(
            _malice.Content("a", [1], Malice.Group(0)), _malice.Content("b", [1], Malice.Group(0)),
            Malice.Entry(EntryKind.Directory, "c", 0, tree, Malice.Group(5)),
            Malice.Entry(EntryKind.Directory, "d", 0, tree, Malice.Group(5)),
            _malice.Content("e", [2], Malice.Group(5)));
        Assert.Empty(Engine.Restore(_repository, _small["target"], snapshot).Failures);
        Assert.All((string[])["a", "b", "e"], n => Assert.Equal(1u, (uint)Stat(Path(_small["target"], n)).Links));
        Assert.True(Directory.Exists(_small["target/c"]) && Directory.Exists(_small["target/d"]));
        Assert.Empty(Engine.Check(_repository).Notes);
    }

    private string Read(string name) => Convert.ToHexString(File.ReadAllBytes(_small["target/" + name]));
}
