using System.Text;
using Varve.Model;
using Varve.Restore.Entries;
using Varve.Restore.Target;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Trees;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>Whole trees written with the restore's classes alone.</summary>
[Trait("Takes", "minutes")]
public sealed class TreeRestoreTests
{
    [Theory]
    [InlineData(1, 2, 65_536)]
    [InlineData(3, 8, 65_536)]
    [InlineData(4, 2, 1_000)]
    public void A_zoo_comes_out_as_it_was(int threads, int maxOpen, int small)
    {
        using var d = new ZooDirectory();
        Zoo.Create(d["a"]);
        var copier = new ZooCopier { Small = small };
        copier.Copy(d["a"], d["b"], threads, maxOpen);
        Assert.Empty(copier.Failures);
        Assert.Empty(copier.Losses.Lines());
        Assert.Empty(TreeCompare.Compare(d["a"], d["b"]));
        Assert.Equal("", RsyncJudge.Compare(d["a"], d["b"]));
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_target_that_passes_on_group_bits_and_ACLs_does_not_change_what_is_restored()
    {
        Assert.SkipUnless(IsRoot, "The whole zoo needs root");
        using var d = new ZooDirectory();
        Zoo.Create(d["a"]);
        MakeDirectory(Path(d["b"]));
        Chown(Path(d["b"]), 0, 2000);
        Chmod(Path(d["b"]), 0x5FD);
        SetXattr(Path(d["b"]), "system.posix_acl_default", ZooAcl.Acl(1, 7, 2, 7, owner: 7, owningGroup: 7, other: 7));
        WriteFile(Path(d["a"], "in-the-root"), [1, 2, 3]);
        SetTime(Path(d["a"]), 1, 1);
        ZooStat before = Stat(Path(d["b"]));
        var copier = new ZooCopier();
        copier.Copy(d["a"], d["b"]);
        Assert.Empty(copier.Failures);
        Assert.All(TreeCompare.Compare(d["a"], d["b"]), static x => Assert.StartsWith(".: ", x, StringComparison.Ordinal));
        ZooStat after = Stat(Path(d["b"]));
        Assert.Equal((before.Mode, before.Uid, before.Gid), (after.Mode, after.Uid, after.Gid));

        // A new target there has nothing of it at all.
        new ZooCopier().Copy(d["a"], d["b/new"]);
        Assert.Empty(TreeCompare.Compare(d["a"], d["b/new"]));
        Assert.Equal("", RsyncJudge.Compare(d["a"], d["b/new"]));
    }

    [Fact]
    [Trait("Needs", "root")]
    public void Immutable_and_append_only_come_back_even_on_files_of_many_names_and_on_directories()
    {
        Assert.SkipUnless(IsRoot, "Needs root");
        using var d = new ZooDirectory();
        MakeDirectory(Path(d["a"]));
        foreach (string name in (string[])["immutable", "append", "linked", "directory/file"])
        {
            if (name.Contains('/', StringComparison.Ordinal)) { MakeDirectory(Path(d["a"], "directory")); }
            WriteFile(Path(d["a"], name), [1]);
        }

        Link(Path(d["a"], "linked"), Path(d["a"], "directory/linked"));
        Assert.SkipUnless(ChangeFlags(Path(d["a"], "append"), 0x20, 0), "The file system has no flags");
        ChangeFlags(Path(d["a"], "immutable"), 0x50, 0);
        ChangeFlags(Path(d["a"], "linked"), 0x10, 0);
        ChangeFlags(Path(d["a"], "directory"), 0x10, 0);
        try
        {
            var copier = new ZooCopier();
            copier.Copy(d["a"], d["b"]);
            Assert.Empty(copier.Failures);
            Assert.Empty(copier.Losses.Lines());
            Assert.Empty(TreeCompare.Compare(d["a"], d["b"]));
            Assert.Equal(0x10u, GetFlags(Path(d["b"], "directory/linked")) & 0x70);
        }
        finally
        {
            foreach (string name in (string[])["a/directory", "b/directory", "a/immutable", "b/immutable", "a/linked", "b/linked",
                "a/append", "b/append"])
            {
                if (Path(d.Root, name) is var p && (System.IO.File.Exists(d[name]) || Directory.Exists(d[name])))
                {
                    ChangeFlags(p, 0, 0x30);
                }
            }
        }
    }

    [Theory]
    [InlineData(5_000, 16)]
    [InlineData(300, 2)]
    public void A_path_far_beyond_PATH_MAX_is_written_with_few_descriptors(int levels, int maxOpen)
    {
        using var d = new ZooDirectory();
        Zoo.CreateDeep(d["a"], levels);
        var setter = new MetadataSetter(new MetadataLosses());
        var files = new FileWriter(setter);
        var failed = new List<RestoreOutcome>();
        TargetDirectory root = Target.Open(d["b"], completed: x => failed.Add(setter.FinishDirectory(x, x.Stat, null)), maxOpen: maxOpen);
        root.Stat = Like(d["a"], new FileTime(1, 4), 0);
        TargetDirectory at = root;
        var chain = new List<TargetDirectory> { root };
        for (int level = 0; level < levels; level++)
        {
            Assert.True(at.CreateChild("sibling"u8, out TargetDirectory? sibling).Ok);
            sibling!.Stat = Like(d["a"], new FileTime(level, 2), 0);
            sibling.Release();
            Assert.True(at.CreateChild(Zoo.DeepName(level), out TargetDirectory? next).Ok);
            next!.Stat = Like(d["a"], new FileTime(level, 3), 0);
            chain.Add(at = next);
        }

        Assert.True(files.WriteSmall(at, "bottom"u8, "bottom"u8, Like(d["a"], new FileTime(7, 7), 6)).Ok);

        // The files on the way come last, from the top again: every directory has to be opened anew.
        for (int level = 0; level < levels; level++)
        {
            Assert.True(
                files.WriteSmall(chain[level], "file"u8, Encoding.ASCII.GetBytes($"{level:00000}"), Like(d["a"], new FileTime(level, 1), 5))
                .Ok);
        }

        chain.Reverse();
        foreach (TargetDirectory x in chain) { x.Release(); }
        Assert.All(failed, static x => Assert.True(x.Ok, x.Message));
        Assert.Equal(2 * levels + 1, failed.Count);
        Assert.InRange(root.MostOpen, 1, maxOpen + 2);
        Assert.Empty(TreeCompare.Compare(d["a"], d["b"]));
    }

    private static EntryStat Like(string original, FileTime mtime, long size)
    {
        EntryStat stat = Stat(Path(original)).ToEntry();
        stat.Mtime = mtime;
        stat.Mode = size == 0 ? 0x1EDu : 0x1A4u;
        stat.Kind = size == 0 ? EntryKind.Directory : EntryKind.File;
        stat.Size = size;
        return stat;
    }
}
