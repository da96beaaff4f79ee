using System.Text;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Maintain;

/// <summary>
/// What is wrong with one entry costs that entry and no other (docs/format.md, 8.1), and a check finds it as a restore does.
/// </summary>
public sealed class OddEntryTests : IDisposable
{
    private readonly SmallRepository _small = SmallRepository.Create();
    private readonly Repository _repository;
    private readonly Malice _malice;

    public OddEntryTests()
    {
        _repository = _small.Open();
        _malice = new Malice(_repository);
    }

    public void Dispose()
    {
        _repository.Dispose();
        _small.Dispose();
    }

    /// <summary>Each is the entry <c>a</c> of a directory that has a good file <c>b</c> too.</summary>
    public static TheoryData<string> Situations =>
    [
        "a symlink without a target", "a symlink with an empty target", "a symlink with NUL in its target", "a device without numbers",
        "65 inline extents", "65 inline holes", "an extent of an unknown kind", "an empty hole", "an empty slice",
        "extents that end too soon", "extents beyond the size",
        "content without extents", "xattr twice on a file", "xattrs that descend on a directory", "xattr twice on a fifo",
        "xattr twice on a symlink", "xattr twice on a device", "xattr twice on a second name",
    ];

    [Theory]
    [MemberData(nameof(Situations))]
    [Trait("Needs", "root")]
    public void What_a_restore_refuses_a_check_names_and_only_that_is_lost(string situation)
    {
        ObjectName snapshot = _malice.Snapshot(Entry(situation), _malice.Content("b", [3]));
        CheckResult check = Engine.Check(_repository);
        Damage damage = Assert.Single(check.Damages);
        Assert.EndsWith(":/a", damage.Affects, StringComparison.Ordinal);
        RestoreResult result = Engine.Restore(_repository, _small["target"], snapshot);
        Failure failure = Assert.Single(result.Failures);
        Assert.Equal("a", Encoding.UTF8.GetString(failure.Path));
        Assert.False(File.Exists(_small["target/a"]), "nothing of it is there");
        Assert.Equal([3], File.ReadAllBytes(_small["target/b"]));
    }

    public static TheoryData<string> Harmless =>
    [
        "extents and a device on a directory", "a tree, a device and a mount on a file", "a target on a fifo", "a symlink of another size",
        "a directory of a size", "64 inline holes", "an empty field of extents", "a group on a directory", "group 0",
    ];

    [Theory]
    [MemberData(nameof(Harmless))]
    public void Details_that_mean_nothing_on_an_entry_are_ignored(string situation)
    {
        ObjectName snapshot = _malice.Snapshot(Entry(situation), _malice.Content("b", [3], Malice.Group(0)));
        Assert.Empty(Engine.Check(_repository).Damages);
        Assert.Empty(Engine.Restore(_repository, _small["target"], snapshot).Failures);
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(_small["target"]).Count());
        Assert.Equal([3], File.ReadAllBytes(_small["target/b"]));
    }

    private byte[] Entry(string situation)
    {
        (ulong, byte[]) tree = (3, Malice.Id(_malice.Leaf())), device = (5, [1, 3]), mount = (10, new byte[8]);
        (ulong, byte[])[] twice = [(7, [6, .. "user.a1"u8]), (7, [6, .. "user.a2"u8])];
        return situation switch
        {
            "a symlink without a target" => Malice.Entry(EntryKind.Symlink, "a", 6),
            "a symlink with an empty target" => Malice.Symlink("a", ""),
            "a symlink with NUL in its target" => Malice.Symlink("a", "x\0y"),
            "a symlink of another size" => Malice.Entry(EntryKind.Symlink, "a", 9, (4, [1])),
            "a device without numbers" => Malice.Entry(EntryKind.CharDevice, "a", 0),
            "65 inline extents" => Malice.Entry(EntryKind.File, "a", 65, (1, Slices(65))),
            "65 inline holes" => Malice.Entry(EntryKind.File, "a", 65, (1, Holes(65))),
            "64 inline holes" => Malice.Entry(EntryKind.File, "a", 64, (1, Holes(64))),
            "an extent of an unknown kind" => Malice.Entry(EntryKind.File, "a", 2, (1, [2, 2])),
            "an empty hole" => Malice.Entry(EntryKind.File, "a", 1, (1, [1, 0, .. Holes(1)])),
            "an empty slice" => Malice.Entry(EntryKind.File, "a", 1, (1, [0, .. Enumerable.Repeat((byte)7, 32), 0, 0, .. Holes(1)])),
            "extents that end too soon" => Malice.Entry(EntryKind.File, "a", 3, (1, Holes(2))),
            "extents beyond the size" => Malice.Entry(EntryKind.File, "a", 1, (1, Holes(2))),
            "content without extents" => Malice.Entry(EntryKind.File, "a", 5),
            "an empty field of extents" => Malice.Entry(EntryKind.File, "a", 0, (1, [])),
            "xattr twice on a file" => _malice.Content("a", [1], twice),
            "xattr twice on a second name" => _malice.Content("a", [1], [Malice.Group(9), .. twice]),
            "xattr twice on a fifo" => Malice.Entry(EntryKind.Fifo, "a", 0, twice),
            "xattr twice on a symlink" => Malice.Symlink("a", "x", twice),
            "xattr twice on a device" => Malice.Entry(EntryKind.CharDevice, "a", 0, [device, .. twice]),
            "xattrs that descend on a directory" =>
                Malice.Entry(EntryKind.Directory, "a", 0, tree, (7, [6, .. "user.b"u8]), (7, [6, .. "user.a"u8])),
            "extents and a device on a directory" => Malice.Entry(EntryKind.Directory, "a", 0, (1, Holes(1)), tree, device),
            "a tree, a device and a mount on a file" => Malice.Entry(EntryKind.File, "a", 1, (1, Holes(1)), tree, device, mount),
            "a target on a fifo" => Malice.Entry(EntryKind.Fifo, "a", 0, (4, [1]), device),
            "a directory of a size" => Malice.Entry(EntryKind.Directory, "a", 5, tree),
            "a group on a directory" => Malice.Entry(EntryKind.Directory, "a", 0, tree, Malice.Group(5)),
            "group 0" => Malice.Entry(EntryKind.File, "a", 1, (1, Holes(1)), Malice.Group(0)),
            _ => throw new ArgumentOutOfRangeException(nameof(situation), situation, null),
        };
    }

    private static byte[] Holes(int count) => [.. Enumerable.Repeat((byte[])[1, 1], count).SelectMany(static e => e)];

    private byte[] Slices(int count)
    {
        byte[] slice = [0, .. Malice.Id(_malice.Put([7], Varve.Model.Packs.PackKind.Data)), 0, 1];
        return [.. Enumerable.Repeat(slice, count).SelectMany(static e => e)];
    }
}
