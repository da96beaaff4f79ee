using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Restore.Entries;
using Varve.Restore.Target;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>Directories that are in the target before a restore, and what becomes of their owner and mode.</summary>
public sealed class ExistingDirectoryTests : IDisposable
{
    private const uint User = 65_534;
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_target_that_was_there_keeps_owner_and_mode_of_its_directories()
    {
        Directory.CreateDirectory(At(_rig.Source, "sub/new"));
        File.WriteAllText(At(_rig.Source, "sub/new/file"), "x");
        Chmod(Path(_rig.Source), 0x1C0);
        Chmod(Path(_rig.Source, "sub"), 0x1C9);
        Chmod(Path(_rig.Source, "sub/new"), 0x1C9);
        SetTime(Path(_rig.Source), 1, 1);
        _rig.Backup();
        string target = _rig["public"];
        Directory.CreateDirectory(At(target, "sub"));
        File.WriteAllText(At(target, "other"), "other");
        Chmod(Path(target), 0x1ED);
        Chmod(Path(target, "sub"), 0x1FD);
        using Repository repository = _rig.Open();
        RestoreResult result = Engine.Restore(repository, target, with: static o => o with { Overwrite = true });
        Assert.Empty(result.Failures);
        Assert.Equal((0x1EDu, 0x1FDu, 0x1C9u),
            (Stat(Path(target)).Mode, Stat(Path(target, "sub")).Mode, Stat(Path(target, "sub/new")).Mode));
        Assert.Equal(new FileTime(1, 1), Stat(Path(target)).Mtime);

        // An empty one, too.
        string empty = _rig["empty"];
        Directory.CreateDirectory(empty);
        Chmod(Path(empty), 0x1FD);
        Assert.Empty(Engine.Restore(repository, empty).Failures);
        Assert.Equal(0x1FDu, Stat(Path(empty)).Mode);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_new_target_below_a_directory_with_a_default_ACL_does_not_inherit_it()
    {
        Assert.SkipUnless(IsRoot, "Needs root");
        File.WriteAllText(At(_rig.Source, "plain"), "x");
        Directory.CreateDirectory(At(_rig.Source, "directory"));
        _rig.Backup();
        using var d = new ZooDirectory();
        MakeDirectory(Path(d["above"]));
        SetXattr(Path(d["above"]), "system.posix_acl_default", ZooAcl.Acl(1, 7, 2, 7, owner: 7, owningGroup: 7, other: 7));
        Chown(Path(d["above"]), 0, 2000);
        Chmod(Path(d["above"]), 0x5FF);
        using Repository repository = _rig.Open();
        Assert.Empty(Engine.Restore(repository, d["above/target"]).Failures);
        Assert.Empty(TreeCompare.Compare(_rig.Source, d["above/target"]));
    }

    [Theory]
    [InlineData(0x16Du)]
    [InlineData(0x124u)]
    [InlineData(0u)]
    [Trait("Needs", "root")]
    public void An_ordinary_user_restores_into_a_read_only_directory_of_his_own_which_is_read_only_again(uint mode)
    {
        using var d = new ZooDirectory();
        Chmod(Path(d.Root), 0x1FF);
        var outcomes = new List<RestoreOutcome>();
        OnThread(() =>
        {
            MakeDirectory(Path(d["t"]));
            MakeDirectory(Path(d["t"], "directory"));
            Chmod(Path(d["t"], "directory"), mode);
            Chmod(Path(d["t"]), mode);
            var setter = new MetadataSetter(new MetadataLosses());
            TargetDirectory root = Target.Open(d["t"], merge: true, x => outcomes.Add(setter.FinishDirectory(x, Mine, null)));
            outcomes.Add(root.CreateChild("directory"u8, out TargetDirectory? child));
            outcomes.Add(new FileWriter(setter).WriteSmall(child!, "file"u8, "x"u8, Mine with { Kind = EntryKind.File, Size = 1 }));
            outcomes.Add(new FileWriter(setter).WriteSmall(root, "file"u8, "x"u8, Mine with { Kind = EntryKind.File, Size = 1 }));
            child!.Release();
            root.Release();
        });
        Assert.Equal(5, outcomes.Count);
        Assert.All(outcomes, static o => Assert.True(o.Ok, o.Message));
        Assert.Equal((mode, mode), (Stat(Path(d["t"])).Mode, Stat(Path(d["t"], "directory")).Mode));
        Assert.Equal("xx", File.ReadAllText(d["t/file"]) + File.ReadAllText(d["t/directory/file"]));
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_read_only_directory_gets_its_mode_back_when_the_restore_fails()
    {
        using var d = new ZooDirectory();
        Chmod(Path(d.Root), 0x1FF);
        OnThread(() =>
        {
            MakeDirectory(Path(d["t"]));
            MakeDirectory(Path(d["t"], "directory"));
            Chmod(Path(d["t"], "directory"), 0x16D);
            TargetDirectory root = Target.Open(d["t"], merge: true);
            Assert.True(root.CreateChild("directory"u8, out TargetDirectory? _).Ok);
            Assert.Equal(0x1EDu, Stat(Path(d["t"], "directory")).Mode);
            root.CloseAll();
        });
        Assert.Equal(0x16Du, Stat(Path(d["t"], "directory")).Mode);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_read_only_directory_of_somebody_else_is_left_alone()
    {
        using var d = new ZooDirectory();
        Chmod(Path(d.Root), 0x1FF);
        MakeDirectory(Path(d["t"]));
        MakeDirectory(Path(d["t"], "directory"));
        Chmod(Path(d["t"], "directory"), 0x16D);
        RestoreOutcome outcome = default;
        OnThread(() =>
        {
            TargetDirectory root = Target.Open(d["t"], merge: true);
            root.CreateChild("directory"u8, out TargetDirectory? child);
            var files = new FileWriter(new MetadataSetter(new MetadataLosses()));
            outcome = files.WriteSmall(child!, "file"u8, [], Mine with { Kind = EntryKind.File });
            root.CloseAll();
        });
        Assert.Equal(Errno.EACCES, outcome.Errno);
        Assert.Equal(0x16Du, Stat(Path(d["t"], "directory")).Mode);
    }

    private static EntryStat Mine => new() { Kind = EntryKind.Directory, Mode = 0x1ED, Uid = User, Gid = User, Mtime = new FileTime(5, 5) };

    private static string At(string root, string name) => System.IO.Path.Combine(root, name);

    private static void OnThread(Action action)
    {
        Assert.SkipUnless(AsUser.IsRoot, "Becoming an ordinary user needs root");
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                BecomeUser(User);
                action();
            }
#pragma warning disable CA1031 // handed to the test's thread
            catch (Exception e) { failure = e; }
#pragma warning restore CA1031
        });
        thread.Start();
        thread.Join();
        if (failure is not null) { throw new InvalidOperationException("On the ordinary user's thread", failure); }
    }
}
