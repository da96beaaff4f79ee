using System.Diagnostics;
using System.Globalization;
using Varve.App.Settings.Values;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>A repository on another machine that has no Varve, through a real sshd and its server of SFTP.</summary>
public sealed class SftpTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly SshServer _server = new();

    public SftpTests() => Use(_server, "sftp://there" + _desk["far%20away"]);

    private string There => _desk["far away"];

    public void Dispose()
    {
        _server.Dispose();
        _desk.Dispose();
    }

    [Fact]
    public void All_that_is_done_with_a_repository_is_done_with_one_behind_SFTP()
    {
        string source = _desk.Source();
        Assert.Equal(ExitCodes.NoRepository, _desk.Varve.Run("snapshots", "--password-command", "echo x").ExitCode);
        Assert.False(Directory.Exists(There));
        _desk.Varve.Succeed("init");
        _desk.Varve.Succeed("backup", source);
        _desk.Write("Documents/later.txt", "later");
        _desk.Varve.Succeed("backup", source);
        Assert.Equal(2, _desk.Varve.Succeed("snapshots", "--json").Json.Count);
        Assert.Contains("later.txt", _desk.Varve.Succeed("ls", "latest:" + source).Text);
        _desk.Varve.Succeed("check", "--read-data");
        _desk.Varve.Succeed("forget", "--keep-last", "1");
        _desk.Varve.Succeed("prune");
        _desk.Varve.Succeed("check", "--read-data");
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
        Assert.Empty(Directory.GetFiles(There + "/sessions"));
        Assert.Empty(Directory.GetFiles(There + "/tmp"));

        // The same repository where it lies, and where Varve serves it.
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json", "-r", There).Json);
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json", "-r", "ssh://there" + _desk["far%20away"]).Json);
        Assert.Single(Directory.GetDirectories(_desk["home/.cache/varve"]), static d => Path.GetFileName(d).Length == 32);
    }

    [Fact]
    public void A_backup_carries_on_when_the_server_is_killed()
    {
        string source = _desk.Source();
        for (int i = 0; i < 5; i++) { File.WriteAllBytes(_desk[$"Documents/{i}"], Desk.Bytes(i + 50, 8_000_000)); }
        _desk.Varve.Succeed("init");
        using var gates = new Gates("pack-stored");
        using Process backup = _desk.Varve.StartHeld(gates, "backup", source);
        gates.Await("pack-stored", backup);
        Programs.Run("kill", "-9", _server.LastServed.ToString(CultureInfo.InvariantCulture));
        gates.PassAll("pack-stored");
        VarveProcess.Finish(backup).Expect(0);
        _desk.Varve.Succeed("check", "--read-data");
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
    }

    [Fact]
    public void A_host_that_offers_no_SFTP_is_told()
    {
        using var without = new SshServer(hasSftp: false);
        Use(without, "sftp://there/x");
        VarveResult result = _desk.Varve.Run("init").Expect(ExitCodes.Failed);
        Assert.Contains("offers no SFTP", result.Error, StringComparison.Ordinal);
        Assert.Contains("Subsystem sftp", result.Error, StringComparison.Ordinal);
    }

    private void Use(SshServer server, string address)
    {
        _desk.Varve.Environment["VARVE_REPO"] = address;
        _desk.Varve.Environment["VARVE_SSH"] = server.Command;
        _desk.Varve.Environment["VARVE_KEY_FILE"] = _desk["key"];
    }
}
