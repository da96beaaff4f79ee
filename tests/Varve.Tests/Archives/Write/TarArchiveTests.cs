using Varve.Archives.Write;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Archives.Write;

/// <summary>The awkward tree as a tar: GNU tar and bsdtar extract it, and rsync compares.</summary>
[Trait("Needs", "root")]
public sealed class TarArchiveTests : IDisposable
{
    private readonly ArchiveRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("tar", "tar")]
    [InlineData("tar.gz", "tar")]
    [InlineData("tar.zst", "tar")]
    [InlineData("tar.zst", "bsdtar")]
    [InlineData("tar", "bsdtar")]
    public void What_others_extract_is_what_was_archived(string format, string program)
    {
        Zoo.Create(_rig.Tree);
        foreach (string socket in Programs.Run("find", _rig.Tree, "-type", "s").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            File.Delete(socket);
        }

        // bsdtar takes parts of seconds before 1970 for parts of the second after; GNU tar goes by what POSIX says.
        if (program == "bsdtar")
        {
            Programs.Run("find", _rig.Tree, "!", "-newermt", "1970-01-01 UTC", "-exec", "touch", "-h", "-d", "@0", "{}", "+");
        }

        string archive = ArchiveRig.PathOf(_rig.Make(ArchiveFormats(format)));
        string target = Directory.CreateDirectory(_rig["extracted"]).FullName;
        string[] options = program == "tar"
            ? ["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "-xpf", archive, "-C", target]
            : ["--xattrs", "--acls", "--fflags", "--numeric-owner", "-xpf", archive, "-C", target];
        Programs.Run("env", ["LC_ALL=C.UTF-8", program, .. options]);
        Assert.Equal("", RsyncJudge.Compare(_rig.Tree, target + "/tree"));
    }

    [Fact]
    public void Holes_stay_holes_and_names_of_a_file_stay_names_of_one()
    {
        Directory.CreateDirectory(_rig.Tree);
        ZooPosix.WriteSparse(ZooPosix.Path(_rig.Tree, "sparse"), 100_000_000, (0, [1]), (50_000_000, [2, 3]));
        ZooPosix.WriteSparse(ZooPosix.Path(_rig.Tree, "hole"), 70_000_000);
        File.WriteAllText(_rig.Tree + "/a", "one");
        ZooPosix.Link(ZooPosix.Path(_rig.Tree, "a"), ZooPosix.Path(_rig.Tree, "b"));
        ArchiveResult result = _rig.Make(ArchiveFormat.Tar);
        Assert.True(result.ArchiveBytes < 1_000_000);
        foreach (string program in (string[])["tar", "bsdtar"])
        {
            string target = Directory.CreateDirectory(_rig[program]).FullName;
            Programs.Run(program, "-xpSf", ArchiveRig.PathOf(result), "-C", target);
            Assert.Empty(TreeCompare.Compare(_rig.Tree, target + "/tree"));
        }
    }

    private static ArchiveFormat ArchiveFormats(string word) => Varve.App.Settings.Values.ArchiveFormats.Parse(word, "");
}
