using System.Diagnostics;
using System.Text.Json;
using Varve.Platform;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Exit codes and errors of the published program; help of every command.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class ExitCodeTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    public static TheoryData<string> Commands =>
        ["init", "backup", "snapshots", "ls", "find", "history", "diff", "grep", "log", "why", "restore", "dump", "check", "stats", "source list",
        "source rename", "source adopt", "key list", "key add", "key remove",
        "catalog rebuild", "catalog status", "sql"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_of_every_command_has_an_example_and_ends_with_0(string command)
    {
        VarveResult help = _desk.Varve.Succeed([.. command.Split(' '), "--help"]);
        Assert.Matches($"Examples?:\n  .*varve {command}", help.Text);
        Assert.Equal("", help.Error);
    }

    [Fact]
    public void Help_of_the_program_names_every_command()
    {
        string text = _desk.Varve.Succeed("--help").Text;
        Assert.All(Commands, c => Assert.Contains(c.Data.Split(' ')[0], text, StringComparison.Ordinal));
        Assert.Contains("Example", text, StringComparison.Ordinal);
        Assert.Equal(text, _desk.Varve.Run().Expect(2).Text);
    }

    [Fact]
    public void Usage_errors_end_with_2()
    {
        foreach (string[] line in (string[][])
            [["nonsense"], ["backup"], ["restore"], ["backup", "--nonsense", "/"], ["find"], ["key"], ["key", "remove"], ["ls", "a/b"],
            ["backup", "/", "--compression", "20"], ["key", "add", "--level", "x"]])
        {
            VarveResult result = _desk.Varve.Run(line).Expect(2);
            Assert.Contains("varve", result.Error, StringComparison.Ordinal);
            Assert.Equal("usage", _desk.Varve.Run([.. line, "--json"]).Expect(2).ErrorObject.GetProperty("kind").GetString());
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_desk["home"]));
    }

    [Fact]
    public void Where_there_is_no_repository_every_command_ends_with_10_and_says_how_to_make_one()
    {
        foreach (string command in (string[])["snapshots", "ls", "find x", "restore --target t", "check", "stats", "key list",
            "key remove x", "catalog status", "catalog rebuild", "sql select", "backup /"])
        {
            VarveResult result = _desk.Varve.Run(["-r", _desk["nothing"], "--json", .. command.Split(' ')]).Expect(10);
            Assert.Equal("noRepository", result.ErrorObject.GetProperty("kind").GetString());
            Assert.Contains("varve init", result.ErrorObject.GetProperty("hint").GetString(), StringComparison.Ordinal);
        }

        _desk.Varve.Run("-r", _desk["nothing"], "dump", "latest:x").Expect(10);
        Assert.Contains("there is no repository", _desk.Varve.Run("snapshots").Expect(10).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_desk["nothing"]));
    }

    [Fact]
    public void A_wrong_password_or_key_ends_with_12()
    {
        _desk.Varve.Environment["VARVE_REPO"] = _desk["repository"];
        _desk.Varve.Environment["VARVE_PASSWORD"] = "right";
        _desk.Varve.Succeed("init");
        _desk.Varve.Succeed("snapshots");
        _desk.Varve.Environment["VARVE_PASSWORD"] = "wrong";
        Assert.Equal("wrongKey", _desk.Varve.Run("snapshots", "--json").Expect(12).ErrorObject.GetProperty("kind").GetString());
        _desk.Varve.Environment.Remove("VARVE_PASSWORD");
        _desk.Varve.Run("snapshots").Expect(12);
        _desk.Varve.Run("init", "-r", _desk["other"], "--key-file", _desk["key"]).Expect(0);
        _desk.Varve.Run("snapshots", "--key-file", _desk["key"]).Expect(12);
        _desk.Varve.Run("snapshots", "--key-file", _desk["no-such-key"]).Expect(12);
        _desk.Write("password", "right\n");
        _desk.Varve.Run("snapshots", "--password-file", _desk["password"]).Expect(0);
        _desk.Varve.Run("snapshots", "--password-command", "echo right").Expect(0);
    }

    [Fact]
    public void What_is_not_there_ends_with_1()
    {
        _desk.Varve.Run("backup", _desk["no-such-source"]).Expect(1);
        _desk.Varve.Succeed("init");
        _desk.Varve.Run("restore", "--target", _desk["t"]).Expect(1);
        _desk.Varve.Succeed("backup", _desk.Source());
        Assert.Equal("notFound", _desk.Varve.Run("ls", ":nothing", "--json").Expect(1).ErrorObject.GetProperty("kind").GetString());
        _desk.Varve.Run("restore", "0123456789", "--target", _desk["t"]).Expect(1);
        Assert.False(Directory.Exists(_desk["t"]));
    }

    [Fact]
    public void A_source_that_is_missing_does_not_keep_the_others_from_being_saved()
    {
        VarveResult result = _desk.Varve.Run("backup", "--json", _desk["no-such-source"], _desk.Source()).Expect(1);
        Assert.Equal("notFound", result.ErrorObject.GetProperty("kind").GetString());
        Assert.Equal("backup", result.Json[^2].GetProperty("type").GetString());
        Assert.Equal("unsaved", result.Json[^1].GetProperty("type").GetString());
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json").Json);
    }

    [Fact]
    public void A_second_backup_of_the_same_source_at_the_same_time_ends_with_11_and_an_interrupted_one_with_130()
    {
        const int files = 32;
        string source = _desk["held"];
        Directory.CreateDirectory(source);
        for (int i = 0; i < files; i++) { File.WriteAllBytes(System.IO.Path.Combine(source, $"{i}"), Desk.Bytes(i, 1 << 20)); }

        _desk.Varve.Succeed("init");
        using var gates = new Gates(Gate.BatchRead, Gate.Interrupted);
        using Process first = _desk.Varve.StartHeld(gates, "backup", "--json", "--progress", "--workers", "1", source);
        gates.Await(Gate.BatchRead, first);
        JsonElement progress = JsonDocument.Parse(first.StandardOutput.ReadLine()!).RootElement;
        Assert.Equal("progress", progress.GetProperty("type").GetString());
        Assert.Equal(
            "bytes bytesRead bytesStored directories expectedBytes expectedFiles failed files path phase type",
            string.Join(' ', progress.EnumerateObject().Select(static p => p.Name).Order(StringComparer.Ordinal)));
        Assert.Equal("busy", _desk.Varve.Run("backup", "--json", source).Expect(11).ErrorObject.GetProperty("kind").GetString());
        Signals.Send(first, Signals.Interrupt);
        gates.Await(Gate.Interrupted, first);
        gates.Open(Gate.Interrupted);
        gates.Open(Gate.BatchRead);
        VarveResult interrupted = VarveProcess.Finish(first).Expect(130);
        Assert.Equal("interrupted", interrupted.ErrorObject.GetProperty("kind").GetString());
        Assert.Empty(_desk.Varve.Succeed("snapshots", "--json").Json);
        JsonElement resumed = _desk.Varve.Succeed("backup", "--json", source).Object;
        Assert.True(resumed.GetProperty("resumed").GetBoolean());
        Assert.Equal(files, resumed.GetProperty("files").GetInt32());
        Assert.True(resumed.GetProperty("bytesRead").GetInt64() < files << 20, "what was checkpointed is read again");
        _desk.Varve.Succeed("check", "--read-data");
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
    }

    [Theory]
    [InlineData(Signals.Terminate, 143)]
    [InlineData(Signals.HangUp, 129)]
    public void A_signal_ends_with_its_number_and_128(int signal, int code)
    {
        string source = _desk["held"];
        Directory.CreateDirectory(source);
        for (int i = 0; i < 4; i++) { File.WriteAllBytes(System.IO.Path.Combine(source, $"{i}"), Desk.Bytes(i, 1 << 20)); }
        _desk.Varve.Succeed("init");
        using var gates = new Gates(Gate.BatchRead, Gate.Interrupted);
        using Process first = _desk.Varve.StartHeld(gates, "backup", "--json", "--workers", "1", source);
        gates.Await(Gate.BatchRead, first);
        Signals.Send(first, signal);
        gates.Await(Gate.Interrupted, first);
        gates.Open(Gate.Interrupted);
        gates.Open(Gate.BatchRead);
        VarveResult ended = VarveProcess.Finish(first).Expect(code);
        Assert.Equal("interrupted", ended.ErrorObject.GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("--key-file")]
    [InlineData("--password-file")]
    public void A_credential_that_is_not_there_ends_with_12(string option)
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        Assert.Equal("wrongKey",
            _desk.Varve.Run("snapshots", "--json", option, _desk["nothing"]).Expect(12).ErrorObject.GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("0123456789")]
    [InlineData("nonsense")]
    [InlineData("ab")]
    public void What_names_no_snapshot_ends_with_1_whether_it_could_be_a_name_or_not(string name)
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        VarveResult result = _desk.Varve.Run("ls", name).Expect(1);
        Assert.StartsWith($"varve: '{name}' names no snapshot\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_that_check_finds_ends_with_1()
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        string pack = Directory.EnumerateFiles(_desk["home/.local/share/varve/repository/packs"], "*", SearchOption.AllDirectories)
            .MaxBy(static f => new FileInfo(f).Length)!;
        using (FileStream file = File.OpenWrite(pack))
        {
            file.Position = file.Length / 2;
            file.WriteByte(0x55);
            file.WriteByte(0xAA);
        }

        JsonElement damage = _desk.Varve.Run("check", "--read-data", "--json").Expect(1).Object;
        Assert.False(damage.GetProperty("ok").GetBoolean());
        Assert.Contains(damage.GetProperty("damages").EnumerateArray(),
            d => d.GetProperty("object").GetString()!.Contains(System.IO.Path.GetFileName(pack), StringComparison.Ordinal));
    }
}
