using System.Text;
using Varve.Archives.Write;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Archives.Write;

/// <summary>Trees as a zip: unzip, 7z, bsdtar and Python's zipfile read it.</summary>
public sealed class ZipArchiveTests : IDisposable
{
    private readonly ArchiveRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    [Trait("Needs", "root")]
    public void Python_finds_the_awkward_tree_in_it()
    {
        Zoo.Create(_rig.Tree);
        ArchiveResult result = _rig.Make();
        Assert.Equal(0, result.FailureCount);
        Assert.True(result.SkippedCount > 0); // fifos, sockets, devices
        Assert.Equal("", Programs.Run("python3", Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/Archives/zipcheck.py"),
            ArchiveRig.PathOf(result), _rig.Tree));
        Assert.Contains("No errors detected", Programs.Run("unzip", "-tq", ArchiveRig.PathOf(result)), StringComparison.Ordinal);
        Assert.Contains("Everything is Ok", Programs.Run("7z", "t", ArchiveRig.PathOf(result)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unzip")]
    [InlineData("7z")]
    [InlineData("bsdtar")]
    public void What_others_extract_is_what_was_archived(string program)
    {
        Directory.CreateDirectory(_rig.Tree + "/empty");
        Directory.CreateDirectory(_rig.Tree + "/nested/deeper/still");
        byte[] large = new byte[5_000_000];
        new Random(3).NextBytes(large);
        large.AsSpan(1_000_000, 2_000_000).Fill((byte)'x');
        File.WriteAllBytes(_rig.Tree + "/large", large);
        File.WriteAllText(_rig.Tree + "/nested/deeper/text", string.Concat(Enumerable.Repeat("text over and over ", 10_000)));
        File.WriteAllText(_rig.Tree + "/nested/\u00fcml\u00e4ut \u65e5\u672c", "unicode");
        File.WriteAllText(_rig.Tree + "/nothing", "");
        File.SetUnixFileMode(_rig.Tree + "/large", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (string path in Directory.GetFileSystemEntries(_rig.Tree, "*", SearchOption.AllDirectories).Append(_rig.Tree).Reverse())
        {
            ZooPosix.SetTime(ZooPosix.Path(path), 1_000_000_001, 0);
        }

        string archive = ArchiveRig.PathOf(_rig.Make());
        string target = Directory.CreateDirectory(_rig["extracted"]).FullName;
        string[] options = program switch
        {
            "unzip" => ["-q", "-X", "-K", archive, "-d", target],
            "7z" => ["x", "-y", "-o" + target, archive],
            _ => ["-xpf", archive, "-C", target],
        };
        Programs.Run("env", ["LC_ALL=C.UTF-8", program, .. options]);
        // 7z sets no times of directories, and no mode of what it makes but by the umask.
        string ignored = program == "7z" ? "-rlcn" : "-rlptn";
        Assert.Equal("", Programs.Run("rsync", ignored, "-i", "--delete", "--checksum", _rig.Tree + "/", target + "/tree/"));
    }

    [Fact]
    public void Names_and_times_that_zip_cannot_hold_by_itself_are_kept()
    {
        Directory.CreateDirectory(_rig.Tree);
        ZooPosix.WriteFile(ZooPosix.Path(_rig.Tree, [0x81, 0x82, (byte)'.', (byte)'t']), [1]);
        File.WriteAllText(_rig.Tree + "/old", "from before DOS");
        ZooPosix.SetTime(ZooPosix.Path(_rig.Tree, "old"), 86_400, 0);
        string archive = ArchiveRig.PathOf(_rig.Make());
        string target = Directory.CreateDirectory(_rig["extracted"]).FullName;
        Programs.Run("unzip", "-q", archive, "-d", target);
        Assert.Equal("", Programs.Run("rsync", "-rlptn", "-i", "--delete", "--checksum", "--modify-window=1", _rig.Tree + "/", target + "/tree/"));
    }

    [Fact]
    public void Seventy_thousand_entries_are_more_than_a_zip_without_zip64_holds()
    {
        Directory.CreateDirectory(_rig.Tree);
        for (int i = 0; i < 70_000; i++)
        {
            ZooPosix.WriteFile(ZooPosix.Path(_rig.Tree, i.ToString("x5", System.Globalization.CultureInfo.InvariantCulture)), []);
        }

        ArchiveResult result = _rig.Make();
        Assert.Equal(70_000, result.Files);
        Assert.Contains("70001 files", Programs.Run("unzip", "-Zt", ArchiveRig.PathOf(result)), StringComparison.Ordinal);
        Assert.Contains("Everything is Ok", Programs.Run("7z", "t", ArchiveRig.PathOf(result)), StringComparison.Ordinal);
        Assert.Equal("", Programs.Run("python3", Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/Archives/zipcheck.py"),
            ArchiveRig.PathOf(result), _rig.Tree));
    }

    [Fact]
    [Trait("Takes", "minutes")]
    public void A_file_of_more_than_4_GiB_is_read_by_others()
    {
        Directory.CreateDirectory(_rig.Tree);
        ZooPosix.WriteSparse(ZooPosix.Path(_rig.Tree, "huge"), (5L << 30) + 7, (5L << 30, [1, 2, 3, 4, 5, 6, 7]));
        File.WriteAllText(_rig.Tree + "/z", "behind it");
        string archive = ArchiveRig.PathOf(_rig.Make());
        Assert.Contains("No errors detected", Programs.Run("unzip", "-tq", archive), StringComparison.Ordinal);
        Assert.Contains("Everything is Ok", Programs.Run("7z", "t", archive), StringComparison.Ordinal);
    }
}
