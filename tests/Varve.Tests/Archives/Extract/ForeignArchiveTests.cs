using Varve.Archives.Extract;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Archives.Extract;

/// <summary>What zip, 7z, bsdtar, Python and GNU tar write is extracted as it was.</summary>
public sealed class ForeignArchiveTests : IDisposable
{
    private readonly ExtractRig _rig = new();

    public ForeignArchiveTests()
    {
        Directory.CreateDirectory(_rig.Tree + "/empty");
        Directory.CreateDirectory(_rig.Tree + "/nested/deeper");
        var large = new byte[6_000_000];
        new Random(3).NextBytes(large);
        large.AsSpan(1_000_000, 3_000_000).Fill((byte)'x');
        File.WriteAllBytes(_rig.Tree + "/large", large);
        File.WriteAllText(_rig.Tree + "/nested/deeper/text", string.Concat(Enumerable.Repeat("text over and over ", 10_000)));
        File.WriteAllText(_rig.Tree + "/nested/\u00fcml\u00e4ut \u65e5\u672c", "unicode");
        File.WriteAllText(_rig.Tree + "/nothing", "");
        File.SetUnixFileMode(_rig.Tree + "/large", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (string path in Directory.GetFileSystemEntries(_rig.Tree, "*", SearchOption.AllDirectories).Append(_rig.Tree).Reverse())
        {
            ZooPosix.SetTime(ZooPosix.Path(path), 1_000_000_002, 0);
        }
    }

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("zip -q -r -y a.zip tree", "-rlptgo")]
    [InlineData("zip -q -r -y -0 a.zip tree", "-rlptgo")]
    [InlineData("cd tree; zip -q -r -y - . > ../a.zip", "-rlpgo")]
    [InlineData("7z a -bd -tzip a.zip tree", "-rlpt")]
    [InlineData("bsdtar -a -cf a.zip tree", "-rlpt")]
    [InlineData("bsdtar --format zip -cf - tree | cat > a.zip", "-rlpt")]
    [InlineData("python3 -m zipfile -c a.zip tree", "-rl")]
    public void A_zip_of_others_is_extracted(string command, string compared)
    {
        if (!command.Contains("python", StringComparison.Ordinal)) { File.CreateSymbolicLink(_rig.Tree + "/link", "nested/deeper"); }
        ZooPosix.SetTime(ZooPosix.Path(_rig.Tree), 1_000_000_002, 0);
        _rig.Shell(command);
        ExtractResult result = _rig.Extract("a.zip");
        Assert.Empty(ExtractRig.Failed(result));
        string at = command.StartsWith("cd", StringComparison.Ordinal) ? _rig.Target : _rig.Target + "/tree";
        Assert.Equal("", Programs.Run(
            "rsync", compared + "cn", "-i", "--omit-link-times", "--modify-window=1", "--delete", _rig.Tree + "/", at + "/"));
    }

    /// <summary>Takes minutes and 5 GB: <c>./test -explicit only -class Varve.Tests.Archives.Extract.ForeignArchiveTests</c>.</summary>
    [Theory(Explicit = true)]
    [InlineData("zip -q -1 a.zip huge behind")]
    [InlineData("cat huge | zip -q -1 a.zip - && printf '@ -\n@=huge\n' | zipnote -w a.zip && zip -q a.zip behind")]
    [InlineData("7z a -bd -mx1 -tzip a.zip huge behind")]
    [InlineData("bsdtar -a -cf a.zip huge behind")]
    [InlineData("python3 -m zipfile -c a.zip huge behind")]
    public void A_zip_of_others_with_a_file_of_more_than_4_GiB_is_extracted(string command)
    {
        const long Hole = 4L << 30;
        ZooPosix.WriteSparse(ZooPosix.Path(_rig["huge"]), Hole + 5, (Hole, [1, 2, 3, 4, 5]));
        File.WriteAllText(_rig["behind"], "behind it");
        _rig.Shell(command);
        Assert.Empty(ExtractRig.Failed(_rig.Extract("a.zip")));
        Programs.Run("cmp", _rig["huge"], _rig.Target + "/huge");
        Assert.Equal("behind it", File.ReadAllText(_rig.Target + "/behind"));
    }

    [Theory]
    [InlineData("tar -cf a tree")]
    [InlineData("tar --format gnu -cf a tree")]
    [InlineData("tar --format ustar -cf a tree")]
    [InlineData("tar --format v7 -cf a tree")]
    [InlineData("tar --format pax -czf a tree")]
    [InlineData("bsdtar -cf a tree")]
    [InlineData("bsdtar --format pax --zstd -cf a tree")]
    [InlineData("tar -cf - tree | zstd -q --long=27 > a")]
    [InlineData("python3 -c \"import tarfile; t = tarfile.open('a', 'w:gz'); t.add('tree'); t.close()\"")]
    public void A_tar_of_others_is_extracted(string command)
    {
        File.CreateSymbolicLink(_rig.Tree + "/link", "nested/deeper");
        ZooPosix.Link(ZooPosix.Path(_rig.Tree, "large"), ZooPosix.Path(_rig.Tree, "nested/further"));
        ZooPosix.SetTime(ZooPosix.Path(_rig.Tree, "link"), 5, 0);
        ZooPosix.SetTime(ZooPosix.Path(_rig.Tree, "nested"), 6, 0);
        ZooPosix.SetTime(ZooPosix.Path(_rig.Tree), 1_000_000_002, 0);
        _rig.Shell(command);
        Assert.Empty(ExtractRig.Failed(_rig.Extract("a")));
        Assert.Equal("", RsyncJudge.Compare(_rig.Tree, _rig.Target + "/tree"));
    }

    [Theory]
    [Trait("Needs", "root")]
    [InlineData("tar --xattrs --xattrs-include='*' --acls -S -cf a tree")]
    [InlineData("tar --xattrs --xattrs-include='*' --acls -S --format pax --sparse-version=0.1 -cf a tree")]
    [InlineData("tar --xattrs --xattrs-include='*' --acls -S --format pax --sparse-version=0.0 -cf a tree")]
    public void The_awkward_tree_of_GNU_tar_is_extracted(string command)
    {
        Directory.Delete(_rig.Tree, recursive: true);
        Zoo.Create(_rig.Tree);
        foreach (string socket in Programs.Run("find", _rig.Tree, "-type", "s").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            File.Delete(socket);
        }

        File.Delete(_rig.Tree + "/links/fifo2"); // GNU tar makes no further name of it
        ZooPosix.SetTime(ZooPosix.Path(_rig.Tree, "links"), 7, 0);
        _rig.Shell(command);
        Assert.Empty(ExtractRig.Failed(_rig.Extract("a", static o => o with { NumericOwner = true })));
        Assert.Equal("", RsyncJudge.Compare(_rig.Tree, _rig.Target + "/tree"));
    }

    [Fact]
    public void Holes_of_GNUs_old_format_stay_holes()
    {
        Directory.Delete(_rig.Tree, recursive: true);
        Directory.CreateDirectory(_rig.Tree);
        (long, byte[])[] pieces = [.. Enumerable.Range(0, 60).Select(static i => (i * 1_000_000L, new byte[] { 1, 2, 3 }))];
        ZooPosix.WriteSparse(ZooPosix.Path(_rig.Tree, "comb"), 70_000_000, pieces);
        ZooPosix.SetTime(ZooPosix.Path(_rig.Tree, "comb"), 7, 0);
        ZooPosix.SetTime(ZooPosix.Path(_rig.Tree), 8, 0);
        _rig.Shell("tar -S --format gnu -cf a tree");
        Assert.Empty(ExtractRig.Failed(_rig.Extract("a")));
        Assert.Equal("", RsyncJudge.Compare(_rig.Tree, _rig.Target + "/tree"));
        Assert.True(ZooPosix.Stat(ZooPosix.Path(_rig.Target, "tree/comb")).Blocks < 10_000);
    }
}
