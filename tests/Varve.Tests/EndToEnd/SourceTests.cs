using System.Text;
using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// Sources of every sort: what is left out by rule, other file systems, single files, symlinks, names that are bytes, and the repository
/// within itself.
/// </summary>
[Trait("Takes", "minutes")]
public sealed class SourceTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData("*.txt", "empty link photo.raw report.odt letters letters/old")]
    [InlineData("letters", "empty link photo.raw report.odt")]
    [InlineData("letters/", "empty link photo.raw report.odt")]
    [InlineData("letters/*", "empty link photo.raw report.odt letters")]
    [InlineData("/report.odt", "empty link photo.raw report.odt letters letters/old letters/old/to-bob.txt letters/to-anna.txt")]
    [InlineData("/to-anna.txt", "empty link photo.raw report.odt letters letters/old letters/old/to-bob.txt letters/to-anna.txt")]
    [InlineData("**/old/*", "empty link photo.raw report.odt letters letters/old letters/to-anna.txt")]
    [InlineData("to-[ab]*.txt", "empty link photo.raw report.odt letters letters/old")]
    [InlineData("report.odt/", "empty link photo.raw report.odt letters letters/old letters/old/to-bob.txt letters/to-anna.txt")]
    public void What_an_exclude_matches_is_not_in_the_snapshot(string exclude, string kept)
    {
        string source = _desk.Source();
        ZooPosix.Unlink(ZooPosix.Path(source, [0xFF, (byte)'\n', (byte)'b']));
        JsonElement json = _desk.Varve.Succeed("backup", "--json", "--exclude", exclude, source).Json[^1];
        Assert.Equal(kept.Split(' ').Order(StringComparer.Ordinal), Listed());
        Assert.Equal(0, json.GetProperty("failed").GetInt32());
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal(
            kept.Split(' ').Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(_desk["restored"], "*", SearchOption.AllDirectories)
            .Select(f => System.IO.Path.GetRelativePath(_desk["restored"], f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_excluded_later_is_gone_and_what_is_no_longer_excluded_is_new()
    {
        string source = _desk.Source();
        _desk.Varve.Succeed("backup", source);
        Assert.Equal((0, 2), Run("--exclude", "*.txt"));
        Assert.Equal((0, 0), Run("--exclude", "*.txt"));
        Assert.Equal((2, 0), Run());
        Assert.Equal((0, 2), Run("--exclude", "letters"));
        Assert.Equal((2, 0), Run());
        Assert.Equal("current", _desk.Varve.Succeed("catalog", "status", "--json").Object.GetProperty("state").GetString());

        (int New, int Gone) Run(params string[] options)
        {
            JsonElement json = _desk.Varve.Succeed(["backup", "--json", .. options, source]).Object;
            return (json.GetProperty("new").GetInt32(), json.GetProperty("gone").GetInt32());
        }
    }

    [Fact]
    [Trait("Needs", "root")]
    public void Another_file_system_is_entered_unless_told_not_to()
    {
        string source = _desk.Source(), mount = _desk["Documents/mount"];
        Directory.CreateDirectory(mount);
        Programs.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount);
        try
        {
            Directory.CreateDirectory(mount + "/sub");
            File.WriteAllText(mount + "/file", "on another");
            File.WriteAllText(mount + "/sub/file", "on another, below");
            _desk.Varve.Succeed("backup", source);
            Assert.Equal(["mount", "mount/file", "mount/sub", "mount/sub/file"], Listed("mount"));
            JsonElement one = _desk.Varve.Succeed("backup", "--json", "--one-file-system", source).Object;
            Assert.Equal((0, 2), (one.GetProperty("new").GetInt32(), one.GetProperty("gone").GetInt32()));
            Assert.Equal(["mount"], Listed("mount"));
            Assert.True(_desk.Varve.Succeed("backup", "--json", "-x", source).Object.GetProperty("nothingChanged").GetBoolean());
            Assert.Equal("current", _desk.Varve.Succeed("catalog", "status", "--json").Object.GetProperty("state").GetString());
            _desk.Varve.Succeed("check", "--read-data");
            _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_desk["restored/mount"]));
        }
        finally { Programs.Run("umount", "-l", mount); }

        // The empty directory below the mount, and then none.
        _desk.Varve.Succeed("backup", "-x", source);
        Directory.Delete(mount);
        _desk.Varve.Succeed("backup", "-x", source);
        Assert.Empty(Listed("mount"));
        Assert.Equal("current", _desk.Varve.Succeed("catalog", "status", "--json").Object.GetProperty("state").GetString());
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_file_system_that_was_left_empty_from_the_first_run_on_can_be_entered_later_and_can_go()
    {
        string source = _desk["source"], mount = _desk["source/mount"];
        Directory.CreateDirectory(mount);
        Programs.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount);
        try
        {
            File.WriteAllText(mount + "/file", "on another");
            _desk.Varve.Succeed("backup", "-x", source);
            Assert.Equal(["mount"], Listed());
            Assert.Equal("current", _desk.Varve.Succeed("catalog", "status", "--json").Object.GetProperty("state").GetString());
            _desk.Varve.Succeed("backup", source);
            Assert.Equal(["mount", "mount/file"], Listed());
            _desk.Varve.Succeed("backup", "-x", source);
        }
        finally { Programs.Run("umount", "-l", mount); }

        string other = _desk["other"];
        Directory.CreateDirectory(other + "/mount");
        Programs.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", other + "/mount");
        try { _desk.Varve.Succeed("backup", "-x", other); }
        finally { Programs.Run("umount", "-l", other + "/mount"); }
        Directory.Delete(other + "/mount");
        VarveResult gone = _desk.Varve.Succeed("backup", "-x", other);
        Assert.Equal("", gone.Error);
        Assert.Empty(_desk.Varve.Succeed("ls", "-R", "-0", other).Output);
    }

    [Fact]
    public void A_single_file_can_be_a_source()
    {
        string file = System.IO.Path.Combine(_desk.Source(), "report.odt");
        FileClock.Settle();
        JsonElement json = _desk.Varve.Succeed("backup", "--json", file).Json[^1];
        Assert.Equal((1, 0, "report.odt"),
            (json.GetProperty("files").GetInt32(), json.GetProperty("directories").GetInt32(), json.GetProperty("source").GetString()));
        JsonElement again = _desk.Varve.Succeed("backup", "--json", file).Object;
        Assert.True(again.GetProperty("nothingChanged").GetBoolean());
        Assert.Equal((1, 0L), (again.GetProperty("unchanged").GetInt32(), again.GetProperty("bytesRead").GetInt64()));
        Assert.Equal(["report.odt"], Listed());
        byte[] content = File.ReadAllBytes(file);
        Assert.Equal(content, _desk.Varve.Succeed("dump", "latest:" + file).Output);
        Assert.Equal(content, _desk.Varve.Succeed("dump", "latest", "report.odt").Output);
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal(content, File.ReadAllBytes(_desk["restored/report.odt"]));
        Assert.NotEmpty(_desk.Varve.Succeed("find", "report*", "--json").Json);
        File.WriteAllText(file, "changed");
        Assert.Equal(1, _desk.Varve.Succeed("backup", "--json", file).Object.GetProperty("changed").GetInt32());
        _desk.Varve.Succeed("check", "--read-data");
        Assert.Equal(3, _desk.Varve.Succeed("catalog", "rebuild", "--json").Object.GetProperty("snapshots").GetInt32());
    }

    [Fact]
    public void A_symlink_to_a_directory_stands_for_the_directory()
    {
        string source = _desk.Source();
        File.CreateSymbolicLink(_desk["way"], source);
        JsonElement first = _desk.Varve.Succeed("backup", "--json", _desk["way"]).Json[^1];
        Assert.Equal((source, "Documents"), (first.GetProperty("canonicalRoot").GetString(), first.GetProperty("source").GetString()));
        Assert.True(_desk.Varve.Succeed("backup", "--json", source + "/./letters/..").Object.GetProperty("nothingChanged").GetBoolean());
        Assert.True(_desk.Varve.Succeed("backup", "--json", source + "/").Object.GetProperty("nothingChanged").GetBoolean());
        File.CreateSymbolicLink(_desk["nowhere"], _desk["missing"]);
        _desk.Varve.Run("backup", _desk["nowhere"]).Expect(1);
        ZooPosix.MakeNode(ZooPosix.Path(_desk["fifo"]), 0x1000 | 0x1A4, 0, 0);
        _desk.Varve.Run("backup", _desk["fifo"]).Expect(2);
    }

    [Fact]
    public void An_empty_directory_can_be_a_source()
    {
        Directory.CreateDirectory(_desk["nothing"]);
        ZooPosix.Chmod(ZooPosix.Path(_desk["nothing"]), 0x1E9);
        JsonElement json = _desk.Varve.Succeed("backup", "--json", _desk["nothing"]).Json[^1];
        Assert.Equal((0, 1), (json.GetProperty("files").GetInt32(), json.GetProperty("directories").GetInt32()));
        Assert.True(_desk.Varve.Succeed("backup", "--json", _desk["nothing"]).Object.GetProperty("nothingChanged").GetBoolean());
        Assert.Empty(Listed());
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Empty(TreeCompare.Compare(_desk["nothing"], _desk["restored"]));
        _desk.Varve.Succeed("check", "--read-data");
    }

    [Fact]
    public void The_repository_and_the_cache_within_the_source_are_left_out_with_a_note()
    {
        _desk.Write("home/file", "mine");
        VarveResult first = _desk.Varve.Succeed("backup", "--json", _desk["home"]);
        string[] notes = [.. first.Json[^1].GetProperty("notes").EnumerateArray().Select(static n => n.GetString()!)];
        Assert.Contains(notes, static n => n.Contains(".local/share/varve/repository", StringComparison.Ordinal));
        Assert.Contains(notes, static n => n.Contains(".cache/varve", StringComparison.Ordinal));
        Assert.Equal(2, notes.Length);
        string[] listed = Listed();
        Assert.Contains("file", listed);
        Assert.Contains(".config/varve/key", listed);
        Assert.DoesNotContain(listed, static l => l.StartsWith(".local/share/varve/repository", StringComparison.Ordinal)
            || l.StartsWith(".cache/varve/", StringComparison.Ordinal));
        Assert.Contains("left out", _desk.Varve.Succeed("backup", _desk["home"]).Error, StringComparison.Ordinal);
        Assert.True(_desk.Varve.Succeed("backup", "--json", _desk["home"]).Object.GetProperty("nothingChanged").GetBoolean());

        // The repository as the source itself.
        VarveResult itself = _desk.Varve.Run("backup", _desk["home/.local/share/varve/repository"]).Expect(2);
        Assert.Contains("repository itself", itself.Error, StringComparison.Ordinal);
        Assert.Contains("lies in the repository",
            _desk.Varve.Run("backup", _desk["home/.local/share/varve/repository/packs"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("cache", _desk.Varve.Run("backup", Directory.GetDirectories(_desk["home/.cache/varve"])[0]).Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_not_UTF8_can_be_given_on_the_command_line()
    {
        byte[] root = [.. ZooPosix.Path(_desk["x"]), 0xFF, 0xFE, (byte)'\n'], file = [.. root, (byte)'/', 0xC3, 0x28],
            below = [.. root, (byte)'/', 0x80];
        ZooPosix.MakeDirectory(root);
        ZooPosix.WriteFile(file, "bytes"u8.ToArray());
        ZooPosix.MakeDirectory(below);
        ZooPosix.WriteFile([.. below, (byte)'/', 0x81], "below"u8.ToArray());
        JsonElement json = _desk.Varve.Succeed("backup", "--json", root).Json[^1];
        Assert.Equal(JsonValueKind.Null, json.GetProperty("root").ValueKind);
        Assert.Equal(root, json.GetProperty("rootBytes").GetBytesFromBase64());
        Assert.Equal("bytes"u8.ToArray(), _desk.Varve.Succeed("dump", (byte[])[.. "latest:"u8, .. file]).Output);
        Assert.Equal([0x80, (byte)'/', 0x81, 0], _desk.Varve.Succeed("ls", "-0", (byte[])[.. "latest:"u8, .. below]).Output);
        byte[] target = [.. ZooPosix.Path(_desk["target"]), 0xFF];
        _desk.Varve.Succeed("restore", "--target", target, (byte[])[.. "latest:"u8, 0x80]);
        Assert.Equal(5, ZooPosix.Stat([.. target, (byte)'/', 0x81]).Size);
        Assert.Contains(@"x\xff\xfe\n", _desk.Varve.Succeed("snapshots").Text, StringComparison.Ordinal);
        Assert.True(_desk.Varve.Succeed("backup", "--json", root).Object.GetProperty("nothingChanged").GetBoolean());
    }

    [Fact]
    public void Several_sources_have_their_own_histories()
    {
        string source = _desk.Source();
        VarveResult both = _desk.Varve.Succeed("backup", "--json", source, source + "/letters");
        Assert.Equal(3, both.Json.Count);
        VarveResult again = _desk.Varve.Succeed("backup", "--json", source + "/letters", source);
        Assert.All(again.Json, static j => Assert.True(j.GetProperty("nothingChanged").GetBoolean()));
        Assert.Equal(2, _desk.Varve.Succeed("snapshots", "--source", "letters", "--json").Json.Count);
        Assert.Equal(["old", "to-anna.txt"],
            _desk.Varve.Succeed("ls", "--source", "letters", "--json").Json.Select(static j => j.GetProperty("path").GetString()!));
    }

    private string[] Listed(string? below = null) =>
        [.. Encoding.UTF8.GetString(_desk.Varve.Succeed("ls", "-R", "-0").Output).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => below is null || l == below || l.StartsWith(below + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
