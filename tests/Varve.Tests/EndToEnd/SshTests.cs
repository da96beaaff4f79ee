using System.Diagnostics;
using Varve.App.Settings.Values;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>A repository on another machine, through a real sshd.</summary>
public sealed class SshTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly SshServer _server = new();
    private readonly string _address;

    public SshTests()
    {
        _address = "ssh://there" + _desk["far away's"]
            .Replace(" ", "%20", StringComparison.Ordinal).Replace("'", "%27", StringComparison.Ordinal);
        _desk.Varve.Environment["VARVE_REPO"] = _address;
        _desk.Varve.Environment["VARVE_SSH"] = _server.Command;
        _desk.Varve.Environment["VARVE_KEY_FILE"] = _desk["key"];
    }

    public void Dispose()
    {
        _server.Dispose();
        _desk.Dispose();
    }

    [Fact]
    public void All_that_is_done_with_a_repository_is_done_with_one_on_another_machine()
    {
        string source = _desk.Source();
        Assert.Equal(ExitCodes.NoRepository, _desk.Varve.Run("snapshots", "--password-command", "echo x").ExitCode);
        _desk.Varve.Succeed("init");
        _desk.Varve.Succeed("backup", source);
        _desk.Write("Documents/later.txt", "later");
        _desk.Varve.Succeed("backup", source);
        Assert.Equal(2, _desk.Varve.Succeed("snapshots", "--json").Json.Count);
        Assert.Contains("later.txt", _desk.Varve.Succeed("ls", "latest:" + source).Text);
        Assert.Contains("to-anna.txt", _desk.Varve.Succeed("find", "to-anna.txt").Text);
        _desk.Varve.Succeed("check", "--read-data");
        _desk.Varve.Succeed("forget", "--keep-last", "1");
        _desk.Varve.Succeed("prune");
        _desk.Varve.Succeed("check", "--read-data");
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
        Assert.Empty(Directory.GetFiles(_desk["far away's"] + "/sessions"));

        // The same repository where it lies: known by its id, with the same catalog.
        Programs.Run("mv", _desk["far away's"], _desk["near"]);
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json", "-r", _desk["near"]).Json);
        Assert.Single(Directory.GetDirectories(_desk["home/.cache/varve"]), static d => Path.GetFileName(d).Length == 32);
    }

    [Fact]
    public void Who_may_only_add_backs_up_and_forgets_nothing()
    {
        string source = _desk.Source();
        _server.Force($"varve serve --stdio --append-only --repository '{_desk["added"]}'");
        _desk.Varve.Environment["VARVE_REPO"] = "ssh://there/whatever";
        _desk.Varve.Succeed("init");
        _desk.Varve.Succeed("backup", source);
        _desk.Write("Documents/later.txt", "later");
        _desk.Varve.Succeed("backup", source);
        Assert.Empty(Directory.GetFiles(_desk["added"] + "/sessions"));
        string before = Listing(_desk["added"]);
        foreach (string[] command in (string[][])[["forget", "--keep-last", "1"], ["prune"], ["key", "remove", "user"]])
        {
            VarveResult result = _desk.Varve.Run(command);
            Assert.NotEqual(0, result.ExitCode);
            Assert.Equal(before, Listing(_desk["added"]));
        }

        VarveResult forget = _desk.Varve.Run("forget", "--keep-last", "1").Expect(ExitCodes.Failed);
        Assert.Contains("is not taken: here packs, index runs and snapshots are added, and nothing else", forget.Error);
        Assert.Contains("do it on the machine that has the repository", forget.Error);
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
    }

    [Fact]
    public void No_more_goes_there_in_a_second_than_was_allowed()
    {
        _desk.Varve.Succeed("init");
        File.WriteAllBytes(_desk["random"], Desk.Bytes(1, 500_000));
        long began = Stopwatch.GetTimestamp();
        _desk.Varve.Succeed("backup", _desk["random"], "--limit-upload", "200K");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(2), TimeSpan.MaxValue);
        began = Stopwatch.GetTimestamp();
        _desk.Varve.Succeed("restore", "--target", _desk["back"], "--limit-download", "200K");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(2), TimeSpan.MaxValue);
    }

    [Fact]
    public void A_host_that_has_another_key_is_not_talked_to()
    {
        _server.Know("other");
        VarveResult result = _desk.Varve.Run("init").Expect(ExitCodes.Failed);
        Assert.Contains("ssh does not trust the host's key", result.Error);
        Assert.Contains("if that is the right machine", result.Error);
    }

    [Theory]
    [InlineData("echo Welcome; cat", "is not Varve serving a repository; it says 'Welcome'")]
    [InlineData("no-such-program", "has no Varve to serve it")]
    [InlineData("exit 3", "ended with exit code 3")]
    [InlineData("head -c 1000000 /dev/zero", "is not Varve serving a repository")]
    public void What_is_started_there_instead_is_told(string forced, string what)
    {
        _server.Force(forced);
        Assert.Contains(what, _desk.Varve.Run("init").Expect(ExitCodes.Failed).Error);
    }

    [Fact]
    public void Without_ssh_the_error_says_so()
    {
        _desk.Varve.Environment["VARVE_SSH"] = "no-such-ssh";
        Assert.Contains("no-such-ssh is not installed", _desk.Varve.Run("init").Expect(ExitCodes.Failed).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_backup_carries_on_when_its_connection_is_killed(bool here)
    {
        string source = _desk.Source();
        for (int i = 0; i < 5; i++) { File.WriteAllBytes(_desk[$"Documents/{i}"], Desk.Bytes(i + 50, 8_000_000)); }
        _desk.Varve.Succeed("init");
        using var gates = new Gates("pack-stored");
        using Process backup = _desk.Varve.StartHeld(gates, "backup", source);
        gates.Await("pack-stored", backup);
        if (here) { Programs.Run("pkill", "-9", "-P", backup.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), "-x", "ssh"); }
        else { Programs.Run("kill", "-9", _server.LastServed.ToString(System.Globalization.CultureInfo.InvariantCulture)); }
        gates.PassAll("pack-stored");
        VarveProcess.Finish(backup).Expect(0);
        _desk.Varve.Succeed("check", "--read-data");
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
    }

    private static string Listing(string store) => Programs.Run("find", store, "-type", "f", "-printf", "%P %s\n");
}
