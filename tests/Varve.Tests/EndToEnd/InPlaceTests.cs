using System.Diagnostics;
using System.Text.Json;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Terminals;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>The program restores to where a snapshot came from.</summary>
public sealed class InPlaceTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly string _source, _saved;

    public InPlaceTests()
    {
        _source = _desk.Source();
        File.WriteAllText(_source + "/letters/known.o", "an object");
        Programs.Run("find", _source, "-exec", "touch", "-h", "-d", "@1500000000.000000007", "{}", "+");
        _desk.Varve.Succeed("backup", _source, "--exclude", "*.o");
        _saved = _desk["saved"];
        File.Delete(_source + "/letters/known.o");
        Programs.Run("touch", "-d", "@1500000000.000000007", _source + "/letters");
        Programs.Run("cp", "-a", _source, _saved);
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void What_differs_comes_back_and_what_does_not_is_neither_opened_nor_touched()
    {
        File.AppendAllText(_source + "/report.odt", "more");
        File.Delete(_source + "/letters/old/to-bob.txt");
        ZooPosix.Chmod(ZooPosix.Path(_source + "/empty"), 0x1FF);
        long content = Inode("empty");
        string[] untouched = ["photo.raw", "letters/to-anna.txt"];
        ZooStat[] before = [.. untouched.Select(Stat)];
        VarveResult result;
        using (var photo = new OpenWatch(_source + "/photo.raw"))
        {
            result = _desk.Varve.Succeed("restore", "--in-place", "--json");
            Assert.Equal(0, photo.Opened);
        }

        Assert.Equal("", RsyncJudge.Compare(_saved, _source));
        Assert.Equal(before.Select(static s => (s.Ctime, s.Inode)), untouched.Select(Stat).Select(static s => (s.Ctime, s.Inode)));
        Assert.Equal(content, Inode("empty"));
        Assert.Equal((2, 1, 1), (Number(result, "files"), Number(result, "replaced"), Number(result, "metadataOnly")));
        Assert.Equal(_source, result.Object.GetProperty("target").GetString());
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_source), static p => p.Contains(".varve", StringComparison.Ordinal));
    }

    [Fact]
    public void Directories_get_their_metadata_at_and_below_the_path_and_never_above()
    {
        foreach (string name in (string[])["", "/letters", "/letters/old"])
        {
            ZooPosix.Chmod(ZooPosix.Path(_source + name), 0x1F8);
            ZooPosix.SetTime(ZooPosix.Path(_source + name), 1_600_000_000, 5);
        }

        File.WriteAllText(_source + "/letters/to-anna.txt", "no");
        ZooStat above = Stat("");
        _desk.Varve.Succeed("restore", "latest:letters", "--in-place");
        Assert.Equal("", RsyncJudge.Compare(_saved + "/letters", _source + "/letters"));
        Assert.Equal((above.Mode, above.Mtime, above.Ctime), (Stat("").Mode, Stat("").Mtime, Stat("").Ctime));
    }

    [Fact]
    public void What_the_snapshot_has_not_goes_with_delete_but_for_what_it_left_out()
    {
        Directory.CreateDirectory(_source + "/new/below");
        File.WriteAllText(_source + "/new/below/it", "it");
        Directory.CreateDirectory(_source + "/build/objects");
        File.WriteAllText(_source + "/build/objects/a.o", "object");
        File.WriteAllText(_source + "/build/objects/a.c", "source");
        File.WriteAllText(_source + "/letters/extra", "extra");
        File.WriteAllText(_source + "/letters/known.o", "another");
        VarveResult result = _desk.Varve.Succeed("restore", "--in-place", "--delete", "--json");
        Assert.False(Directory.Exists(_source + "/new"));
        Assert.False(File.Exists(_source + "/letters/extra"));
        Assert.Equal(["a.o"], Directory.EnumerateFileSystemEntries(_source + "/build/objects").Select(Path.GetFileName));
        Assert.Equal(["build/objects/a.o: '*.o' excludes it from snapshots", "letters/known.o: it was excluded by '*.o'"],
            result.Object.GetProperty("protected").EnumerateArray().Select(static k => $"{k.GetProperty("path")}: {k.GetProperty("message")}"));
        Assert.Equal((5, 2), (Number(result, "deleted"), Number(result, "protectedCount")));
        _desk.Varve.Succeed("restore", "--in-place", "--delete", "--delete-excluded");
        Assert.Equal("", RsyncJudge.Compare(_saved, _source));
    }

    [Fact]
    public void Nothing_is_deleted_by_a_partial_snapshot()
    {
        File.WriteAllBytes(_source + "/second.raw", Desk.Bytes(9, 4_000_000));
        File.WriteAllBytes(_source + "/third.raw", Desk.Bytes(10, 4_000_000));
        _desk.Varve.Succeed("backup", _source, "--budget", "1M");
        Assert.Contains("is partial", _desk.Varve.Run("restore", "--in-place", "--delete").Expect(2).Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_source + "/second.raw"));
    }

    [Fact]
    public void A_dry_run_tells_what_would_be_and_writes_nothing()
    {
        File.AppendAllText(_source + "/report.odt", "more");
        File.Delete(_source + "/letters/to-anna.txt");
        File.WriteAllBytes(_source + "/extra", new byte[2048]);
        ZooPosix.Chmod(ZooPosix.Path(_source + "/letters"), 0x1F8);
        string state = Programs.Run("find", _source, "-printf", "%p %i %C@ %m\n");
        string text = _desk.Varve.Succeed("restore", "--in-place", "--delete", "--dry-run").Text;
        Assert.Equal(["+ letters/to-anna.txt  9 B", "- extra  2.0 KiB", "M report.odt  23 B", "m letters/"],
            text.Split('\n')[..^2].Order(StringComparer.Ordinal));
        Assert.StartsWith("Would restore snapshot ", text.Split('\n')[^2], StringComparison.Ordinal);
        JsonElement[] json = [.. _desk.Varve.Succeed("restore", "--in-place", "--delete", "-n", "--json").Json];
        Assert.Equal(2048, json.Single(static e => e.TryGetProperty("change", out JsonElement c) && c.GetString() == "gone")
            .GetProperty("size").GetInt64());
        Assert.True(json[^1].GetProperty("dryRun").GetBoolean());
        Assert.Equal((2, 1, 1), (json[^1].GetProperty("files").GetInt64(), json[^1].GetProperty("replaced").GetInt64(),
            json[^1].GetProperty("deleted").GetInt64()));
        Assert.Equal(state, Programs.Run("find", _source, "-printf", "%p %i %C@ %m\n"));

        // Nor where there is nothing at all.
        _desk.Varve.Succeed("restore", "--target", _desk["nowhere"], "--dry-run");
        Assert.False(Directory.Exists(_desk["nowhere"]));
    }

    [Fact]
    public void A_kill_leaves_old_or_new_files_and_the_same_command_goes_on()
    {
        for (int i = 0; i < 300; i++) { File.WriteAllBytes($"{_source}/f{i}", Desk.Bytes(i, 20_000)); }
        _desk.Varve.Succeed("backup", _source);
        // Not rsync: it leaves the time of a directory that is of the same second.
        Programs.Run("rm", "-rf", _saved);
        Programs.Run("cp", "-a", _source, _saved);
        byte[] old = Desk.Bytes(1000, 10_000);
        for (int i = 0; i < 300; i++) { File.WriteAllBytes($"{_source}/f{i}", old); }
        using (var gates = new Gates(Gate.BlockWritten))
        {
            using Process process = _desk.Varve.StartHeld(gates, "restore", "--in-place", "--workers", "1");
            gates.Await(Gate.BlockWritten, process);
            process.Kill();
            VarveProcess.Finish(process);
        }

        for (int i = 0; i < 300; i++)
        {
            byte[] now = File.ReadAllBytes($"{_source}/f{i}");
            Assert.True(now.AsSpan().SequenceEqual(old) || now.AsSpan().SequenceEqual(File.ReadAllBytes($"{_saved}/f{i}")), $"f{i}");
        }

        VarveResult again = _desk.Varve.Succeed("restore", "--in-place", "--json");
        Assert.InRange(Number(again, "unchanged"), 1, 305);
        Assert.Equal("", RsyncJudge.Compare(_saved, _source));
    }

    [Fact]
    public void Several_paths_come_to_their_places_and_one_file_under_another_name()
    {
        Directory.Delete(_source + "/letters", recursive: true);
        File.Delete(_source + "/report.odt");
        File.Delete(_source + "/empty");
        File.WriteAllText(_source + "/other", "other");
        _desk.Varve.Succeed("restore", "latest:letters/old", "report.odt", "--in-place");
        Assert.True(File.Exists(_source + "/letters/old/to-bob.txt") && File.Exists(_source + "/report.odt"));
        Assert.False(File.Exists(_source + "/letters/to-anna.txt") || File.Exists(_source + "/empty"));
        _desk.Varve.Succeed("restore", "latest:letters", _source + "/empty", "--target", _desk["elsewhere"]);
        Assert.Equal(["empty", "letters"], Directory.EnumerateFileSystemEntries(_desk["elsewhere"]).Select(Path.GetFileName).Order());
        _desk.Varve.Succeed("restore", "latest:report.odt", "--in-place", "--as", "report.before");
        Assert.Equal(File.ReadAllBytes(_saved + "/report.odt"), File.ReadAllBytes(_source + "/report.before"));
        _desk.Varve.Run("restore", "latest:letters", "--target", _desk["x"], "--as", "y").Expect(2);
    }

    [Fact]
    public void What_is_replaced_or_goes_is_kept_under_a_name_with_the_suffix()
    {
        File.WriteAllText(_source + "/report.odt", "changed");
        Directory.CreateDirectory(_source + "/extra");
        File.WriteAllText(_source + "/extra/it", "it");
        Directory.Delete(_source + "/letters/old", recursive: true);
        File.WriteAllText(_source + "/letters/old", "a file");
        _desk.Varve.Succeed("restore", "--in-place", "--delete", "--keep-old", ".old");
        Assert.Equal("changed", File.ReadAllText(_source + "/report.odt.old"));
        Assert.Equal("it", File.ReadAllText(_source + "/extra.old/it"));
        Assert.Equal("a file", File.ReadAllText(_source + "/letters/old.old"));
        Programs.Run("rm", "-r", _source + "/report.odt.old", _source + "/extra.old", _source + "/letters/old.old");
        _desk.Varve.Succeed("restore", "--in-place");
        Assert.Equal("", RsyncJudge.Compare(_saved, _source));
    }

    [Fact]
    public void Content_that_changed_behind_size_and_time_is_found_with_verify()
    {
        string file = _source + "/photo.raw";
        using (FileStream open = File.OpenWrite(file))
        {
            open.Position = 3_000_000;
            open.WriteByte((byte)(File.ReadAllBytes(_saved + "/photo.raw")[3_000_000] ^ 1));
        }

        ZooPosix.SetTime(ZooPosix.Path(file), 1_500_000_000, 7);
        _desk.Varve.Succeed("restore", "--in-place");
        Assert.NotEqual("", RsyncJudge.Compare(_saved, _source));
        VarveResult result = _desk.Varve.Succeed("restore", "--in-place", "--verify", "--json");
        Assert.Equal("", RsyncJudge.Compare(_saved, _source));
        // Of a large file only what differs is fetched.
        Assert.InRange(Number(result, "bytes"), 1, 1_500_000);
        Assert.Equal((1, 7), (Number(result, "replaced"), Number(result, "verified")));
    }

    [Fact]
    public void Kinds_that_changed_are_changed_back_and_no_link_is_followed()
    {
        Directory.CreateDirectory(_desk["outside"]);
        File.WriteAllText(_desk["outside/to-anna.txt"], "outside");
        Directory.Delete(_source + "/letters", recursive: true);
        Directory.CreateSymbolicLink(_source + "/letters", _desk["outside"]);
        File.Delete(_source + "/link");
        Directory.CreateDirectory(_source + "/link");
        File.Delete(_source + "/empty");
        File.CreateSymbolicLink(_source + "/empty", _desk["outside/to-anna.txt"]);
        _desk.Varve.Run("restore", "latest:letters/to-anna.txt", "--in-place").Expect(3);
        _desk.Varve.Succeed("restore", "--in-place");
        Assert.Equal("", RsyncJudge.Compare(_saved, _source));
        Assert.Equal("outside", File.ReadAllText(_desk["outside/to-anna.txt"]));
        Assert.Single(Directory.EnumerateFileSystemEntries(_desk["outside"]));

        // A directory with something in it goes by --delete alone.
        File.Delete(_source + "/link");
        Directory.CreateDirectory(_source + "/link/below");
        Assert.Contains("not empty", _desk.Varve.Run("restore", "--in-place").Expect(3).Error, StringComparison.Ordinal);
        _desk.Varve.Succeed("restore", "--in-place", "--delete");
        Assert.Equal("", RsyncJudge.Compare(_saved, _source));
    }

    [Fact]
    public void Another_hosts_snapshot_has_no_place_here_but_for_a_target()
    {
        _desk.Varve.Succeed("backup", _source, "--host", "elsewhere");
        Assert.Contains("is of another host, elsewhere", _desk.Varve.Run("restore", "--in-place", "--host", "elsewhere").Expect(2).Error,
            StringComparison.Ordinal);
        _desk.Varve.Succeed("restore", "--in-place", "--host", "elsewhere", "--target", _desk["here"]);
        Assert.Equal("", RsyncJudge.Compare(_saved, _desk["here"]));
    }

    [Fact]
    public void What_to_overwrite_can_be_said()
    {
        string target = Directory.CreateDirectory(_desk["target"]).FullName;
        File.WriteAllText(target + "/report.odt", "newer");
        File.WriteAllText(target + "/empty", "older");
        ZooPosix.SetTime(ZooPosix.Path(target + "/empty"), 1_400_000_000, 0);
        string before = File.ReadAllText(target + "/report.odt");
        _desk.Varve.Run("restore", "--target", target).Expect(2);
        Assert.Contains("--target is missing", _desk.Varve.Run("restore").Expect(2).Error, StringComparison.Ordinal);
        JsonElement[] never = [.. _desk.Varve.Run("restore", "--target", target, "--overwrite", "--dry-run", "--json").Expect(3).Json];
        Assert.Equal((2, 4), (never[^1].GetProperty("failureCount").GetInt32(), never[^1].GetProperty("files").GetInt32()));
        Assert.Contains("is not empty", _desk.Varve.Run("restore", "--target", target, "--dry-run").Expect(2).Error,
            StringComparison.Ordinal);
        Assert.Contains("exists", _desk.Varve.Run("restore", "--target", target, "--overwrite").Expect(3).Error, StringComparison.Ordinal);
        foreach (string[] options in (string[][])[["--keep-old", "x"], ["--inplace-write"], ["--delete"]])
        {
            Assert.Contains("if-changed", _desk.Varve.Run(["restore", "--target", target, "--overwrite", .. options]).Expect(2).Error,
                StringComparison.Ordinal);
        }

        VarveResult fresh = _desk.Varve.Succeed("restore", "--target", _desk["fresh"], "--verify", "--json");
        Assert.Equal(7, Number(fresh, "verified"));
        VarveResult result = _desk.Varve.Succeed("restore", "--target", target, "--overwrite", "if-newer", "--json");
        Assert.Equal((1, 1), (Number(result, "leftAlone"), Number(result, "replaced")));
        Assert.Equal((before, ""), (File.ReadAllText(target + "/report.odt"), File.ReadAllText(target + "/empty")));
        _desk.Varve.Succeed("restore", "--target", target, "--overwrite", "always");
        Assert.Equal("", RsyncJudge.Compare(_saved, target));
    }

    [Theory]
    [InlineData("n", 1)]
    [InlineData("y", 0)]
    public void On_a_terminal_it_asks_before_it_deletes(string answer, int code)
    {
        File.WriteAllText(_source + "/extra", "extra");
        using var terminal = new PseudoTerminal(200);
        var varve = new VarveProcess(_desk["home"]) { Redirections = terminal.All };
        varve.Environment["TERM"] = "xterm";
        using Process process = varve.Start("restore", "--in-place", "--delete");
        terminal.Answer("(5 B), which the snapshot has not: extra? [y/N] ", answer);
        Assert.Equal(code, VarveProcess.Finish(process).ExitCode);
        Assert.Equal(code == 1, File.Exists(_source + "/extra"));
        if (code == 0) { return; }
        using Process sure = varve.Start("restore", "--in-place", "--delete", "--yes");
        Assert.Equal(0, VarveProcess.Finish(sure).ExitCode);
        Assert.False(File.Exists(_source + "/extra"));
    }

    private ZooStat Stat(string name) => ZooPosix.Stat(ZooPosix.Path(_source + (name.Length > 0 ? "/" + name : "")));

    private long Inode(string name) => (long)Stat(name).Inode;

    private static long Number(VarveResult result, string member) => result.Object.GetProperty(member).GetInt64();
}
