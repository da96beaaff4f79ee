using System.Text;
using Varve.History;
using Varve.Model;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;
using Varve.Vault;

namespace Varve.Tests.Restore;

/// <summary>
/// Where a restore begins, owners are looked up by name as they are below. The names are those of every Debian: user daemon is 1, group
/// users is 100.
/// </summary>
[Trait("Needs", "root")]
public sealed class RootOwnerTests : IDisposable
{
    private const uint Uid = 5555, Gid = 5556;

    private readonly SmallRepository _small = SmallRepository.Create();
    private readonly Repository _repository;
    private readonly Malice _malice;

    public RootOwnerTests()
    {
        _repository = _small.Open();
        _malice = new Malice(_repository);
    }

    public void Dispose()
    {
        _repository.Dispose();
        _small.Dispose();
    }

    private static byte[] File => Malice.OwnedEntry(EntryKind.File, "f", Uid, Gid);

    [Fact]
    public void The_owner_of_the_root_is_the_one_its_name_has_here()
    {
        ObjectName snapshot = SnapshotOfDirectory();
        Assert.Equal((1u, 100u), OwnerAfter(snapshot, null, false, ""));
        Assert.Equal((1u, 100u), OwnerAfter(snapshot, null, false, "sub"));
        Assert.Equal((Uid, Gid), OwnerAfter(snapshot, null, true, ""));
    }

    [Fact]
    public void So_is_that_of_a_source_that_is_a_single_file()
    {
        ObjectName snapshot = _malice.SnapshotOf(_malice.OwnedLeaf(File));
        Assert.Equal((1u, 100u), OwnerAfter(snapshot, null, false, "f"));
        Assert.Equal((Uid, Gid), OwnerAfter(snapshot, null, true, "f"));
    }

    [Fact]
    public void So_is_that_of_a_part_of_a_tree()
    {
        ObjectName snapshot = SnapshotOfDirectory();
        Assert.Equal((1u, 100u), OwnerAfter(snapshot, "sub", false, ""));
        Assert.Equal((1u, 100u), OwnerAfter(snapshot, "sub/f", false, "f"));
    }

    [Fact]
    public void A_listing_of_one_entry_names_its_owners_as_that_of_its_directory_does()
    {
        Assert.Equal(("daemon", "users"), Listed(SnapshotOfDirectory(), "sub/f"));
        Assert.Equal(("daemon", "users"), Listed(_malice.SnapshotOf(_malice.OwnedLeaf(File)), null));
    }

    private ObjectName SnapshotOfDirectory()
    {
        ChunkId sub = _malice.OwnedLeaf(File);
        ChunkId root = _malice.OwnedLeaf(Malice.OwnedEntry(EntryKind.Directory, "sub", Uid, Gid, (3, Malice.Id(sub))));
        return _malice.SnapshotOf(_malice.OwnedLeaf(Malice.OwnedEntry(EntryKind.Directory, "root", Uid, Gid, (3, Malice.Id(root)))));
    }

    private (uint, uint) OwnerAfter(ObjectName snapshot, string? path, bool numeric, string name)
    {
        Programs.Run("rm", "-rf", _small["target"]);
        byte[]? below = path is null ? null : Encoding.UTF8.GetBytes(path);
        RestoreResult result = Engine.Restore(
            _repository, _small["target"], snapshot, o => o with { Path = below, NumericOwner = numeric });
        Assert.Empty(result.Failures);
        ZooStat stat = ZooPosix.Stat(ZooPosix.Path(_small["target"], name));
        return (stat.Uid, stat.Gid);
    }

    private (string?, string?) Listed(ObjectName snapshot, string? path)
    {
        var listed = new List<ListedEntry>();
        byte[]? at = path is null ? null : Encoding.UTF8.GetBytes(path);
        Lister.Run(_repository, _repository.FindSnapshot(snapshot.ToString()), at, recursive: false, listed.Add,
            failure => Assert.Fail(failure.Message));
        ListedEntry one = Assert.Single(listed);
        return (one.User, one.Group);
    }
}
