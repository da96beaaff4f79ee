using System.Diagnostics;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>What a command prints is a file of a snapshot.</summary>
public sealed class StreamTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void What_a_command_prints_is_a_file_with_a_history()
    {
        Save("seq 1 500000", "/dumps/numbers");
        Save("seq 1 500001", "/dumps/numbers");
        Assert.Equal(Programs.Run("seq", "1", "500001"), _desk.Varve.Succeed("dump", "latest:/dumps/numbers").Text);
        Assert.Equal(Programs.Run("seq", "1", "500000"), _desk.Varve.Succeed("dump", "latest~1:/dumps/numbers").Text);
        Assert.Equal(2, _desk.Varve.Succeed("history", "/dumps/numbers", "--json").Json.Count(static o => o.TryGetProperty("size", out _)));
        _desk.Varve.Succeed("restore", "latest", "--target", _desk["out"]);
        string restored = Assert.Single(Directory.GetFiles(_desk["out"], "*", SearchOption.AllDirectories));
        Assert.Equal("numbers", Path.GetFileName(restored));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(restored));
        Assert.InRange(File.GetLastWriteTimeUtc(restored), DateTime.UtcNow.AddMinutes(-10), DateTime.UtcNow.AddSeconds(5));
    }

    [Fact]
    public void Nothing_and_little_and_a_name_alone_and_bytes_that_are_no_text()
    {
        Save("true", "empty");
        Assert.Equal("", _desk.Varve.Succeed("dump", "latest:/empty").Text);
        Save("printf 'a\\000b'", "/dumps/little");
        Assert.Equal("a\0b"u8.ToArray(), _desk.Varve.Succeed("dump", "latest:/dumps/little").Output);
        Save("head -c 30000000 /dev/zero", "/dumps/zeros");
        Assert.Equal(30_000_000, _desk.Varve.Succeed("dump", "latest:/dumps/zeros").Output.Length);
    }

    [Theory]
    [InlineData("seq 1 300000; exit 7", "exit code 7")]
    [InlineData("seq 1 300000; kill -9 $$", "signal 9")]
    [InlineData("(echo a; exit 3) | cat", "exit code 3")]
    [InlineData("no-such-program", "exit code 127")]
    public void A_command_that_fails_makes_no_snapshot(string command, string why)
    {
        Save("echo before", "/dumps/it");
        VarveResult failed = _desk.Varve.Run("backup", "--stdin-from", command, "--as", "/dumps/it").Expect(1);
        Assert.Contains(why, failed.Error, StringComparison.Ordinal);
        Assert.Contains("no snapshot is made", failed.Error, StringComparison.Ordinal);
        Assert.Equal("before\n", _desk.Varve.Succeed("dump", "latest:/dumps/it").Text);
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json").Json);
        // What was stored of it is used, or swept, and in nobody's way.
        Save("echo after", "/dumps/it");
        Assert.Equal("after\n", _desk.Varve.Succeed("dump", "latest:/dumps/it").Text);
        _desk.Varve.Succeed("check", "--read-data");
    }

    [Fact]
    public void A_command_that_is_interrupted_is_ended_and_makes_no_snapshot()
    {
        Save("echo before", "/dumps/it");
        _desk.Write("pid", "");
        string command = $"seq 1 300000; echo $$ > '{_desk["pid"]}'; exec sleep 1000";
        using Process run = _desk.Varve.Start("backup", "--stdin-from", command, "--as", "/dumps/it");
        Poll.Until(() => File.ReadAllText(_desk["pid"]).EndsWith('\n'), "the command tells its number");
        Signals.Send(run, Signals.Interrupt);
        VarveProcess.Finish(run).Expect(128 + Signals.Interrupt);
        string pid = File.ReadAllText(_desk["pid"]).Trim();
        Assert.False(Directory.Exists("/proc/" + pid));
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json").Json);
    }

    [Fact]
    public void The_password_is_not_handed_to_the_command()
    {
        _desk.Varve.Environment["VARVE_PASSWORD"] = "secret";
        _desk.Varve.Environment["OTHER"] = "other";
        Save("echo \"[$VARVE_PASSWORD][$OTHER]\"", "/dumps/it");
        Assert.Equal("[][other]\n", _desk.Varve.Succeed("dump", "latest:/dumps/it").Text);
    }

    [Fact]
    public void What_does_not_go_with_a_command_is_refused_before_it_runs()
    {
        string mark = _desk["mark"], command = $"touch '{mark}'";
        string[][] wrong =
        [
            [], ["--as", "/x", _desk["tree"]], ["--as", "/x", "--dry-run"], ["--as", "/x", "--budget", "1M"], ["--as", "/"],
            ["--as", "/x", "--newest-first"], ["--as", "/x", "--fs-snapshot", "auto"], ["--as", "/x", "--files-from", mark],
        ];
        foreach (string[] arguments in wrong) { _desk.Varve.Run(["backup", "--stdin-from", command, .. arguments]).Expect(2); }
        _desk.Varve.Run("backup", "--as", "relative", _desk["tree"]).Expect(2);
        Assert.False(File.Exists(mark));
    }

    private void Save(string command, string name) => _desk.Varve.Succeed("backup", "--stdin-from", command, "--as", name);
}
