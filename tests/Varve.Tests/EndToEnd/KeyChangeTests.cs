using System.Diagnostics;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Terminals;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Changing and removing keys through the program, on a terminal and without; and which credential is tried when.</summary>
public sealed class KeyChangeTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly VarveProcess _varve;

    public KeyChangeTests()
    {
        _varve = _desk.Varve;
        _varve.Environment["VARVE_REPO"] = _desk["repository"];
        _varve.Succeed("init", "--label", "first", "--key-file", _desk["full"]);
        _desk.Write("old", "old password\n");
        _desk.Write("new", "new password\n");
        _varve.Succeed("key", "add", "--label", "in my head", "--new-password-file", _desk["old"], "--key-file", _desk["full"]);
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void On_a_terminal_the_old_password_is_asked_for_once_and_the_new_one_twice()
    {
        using var terminal = new PseudoTerminal(80);
        using Process process = OnTerminal(terminal).Start("key", "passwd");
        terminal.Answer($"Password for {_desk["repository"]}: ", "old password");
        terminal.Answer("New password: ", "new password");
        terminal.Answer("Again: ", "new password");
        Assert.True(VarveProcess.Finish(process).ExitCode == 0, terminal.AllText());
        Assert.Contains("Changed the password of key ", terminal.AllText(), StringComparison.Ordinal);
        Assert.DoesNotContain("old password", terminal.AllText(), StringComparison.Ordinal);
        Assert.DoesNotContain("new password", terminal.AllText(), StringComparison.Ordinal);
        _varve.Succeed("key", "list", "--password-file", _desk["new"]);
        _varve.Run("key", "list", "--password-file", _desk["old"]).Expect(12);
    }

    [Fact]
    public void New_passwords_that_differ_change_nothing()
    {
        using var terminal = new PseudoTerminal(80);
        using Process process = OnTerminal(terminal).Start("key", "passwd");
        terminal.Answer($"Password for {_desk["repository"]}: ", "old password");
        terminal.Answer("New password: ", "new password");
        terminal.Answer("Again: ", "another");
        Assert.Equal(2, VarveProcess.Finish(process).ExitCode);
        _varve.Succeed("key", "list", "--password-file", _desk["old"]);
    }

    [Fact]
    public void Without_a_terminal_options_say_the_new_password_and_a_key_file_is_not_replaced_by_one()
    {
        VarveResult changed = _varve.Succeed("key", "passwd", "--password-file", _desk["old"], "--new-password-command", "echo newer", "--json");
        Assert.Equal(("in my head", "password"),
            (changed.Object.GetProperty("label").GetString(), changed.Object.GetProperty("method").GetString()));
        _varve.Succeed("key", "list", "--password-command", "echo newer");
        VarveResult refused = _varve.Run("key", "passwd", "--key-file", _desk["full"], "--new-password-file", _desk["new"]).Expect(2);
        Assert.Contains("(first) is opened by a key file", refused.Error, StringComparison.Ordinal);
        refused = _varve.Run("key", "passwd", "--key-file", _desk["full"]).Expect(2);
        Assert.Contains("varve key list", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--new-password-file", _varve.Run("key", "passwd", "in my head", "--key-file", _desk["full"]).Expect(2).Error,
            StringComparison.Ordinal);
        _varve.Succeed("key", "passwd", "in my head", "--key-file", _desk["full"], "--new-password-file", _desk["new"]);
        _varve.Succeed("key", "list", "--password-file", _desk["new"]);
        _varve.Succeed("key", "passwd", "--key-file", _desk["full"], "--new-key-file", _desk["full2"]);
        _varve.Run("key", "list", "--key-file", _desk["full"]).Expect(12);
        Assert.Equal(2, _varve.Succeed("key", "list", "--key-file", _desk["full2"], "--json").Json.Count);
    }

    [Fact]
    public void The_same_key_file_or_password_is_not_added_twice_and_the_key_is_named()
    {
        VarveResult twice = _varve.Run("key", "add", "--new-key-file", _desk["full"], "--key-file", _desk["full"]).Expect(2);
        Assert.Matches("the key file .*/full opens key [0-9a-f]{8} already \\(first\\)", twice.Error);
        twice = _varve.Run("key", "add", "--level", "write", "--new-password-file", _desk["old"], "--key-file", _desk["full"]).Expect(2);
        Assert.Matches("the password opens key [0-9a-f]{8} already \\(in my head\\)", twice.Error);
        Assert.Equal(2, _varve.Succeed("key", "list", "--key-file", _desk["full"], "--json").Json.Count);
    }

    [Fact]
    public void Removing_the_key_in_use_wants_yes_or_an_answer()
    {
        VarveResult refused = _varve.Run("key", "remove", "first", "--key-file", _desk["full"]).Expect(2);
        Assert.Contains("(first) is the one in use", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--yes", refused.Error, StringComparison.Ordinal);
        Assert.Equal((1, true), Remove("n"));
        Assert.Equal((1, true), Remove("\u0004"));
        Assert.Equal((0, false), Remove("y"));
        Assert.Contains("last full key", _varve.Run("key", "remove", "in my head", "--yes", "--password-file", _desk["old"]).Expect(2).Error,
            StringComparison.Ordinal);
        _varve.Succeed("key", "add", "--label", "third", "--new-key-file", _desk["third"], "--password-file", _desk["old"]);
        _varve.Succeed("key", "remove", "in my head", "--yes", "--password-file", _desk["old"]);
        Assert.Single(_varve.Succeed("key", "list", "--key-file", _desk["third"], "--json").Json);
    }

    [Fact]
    public void What_the_environment_has_is_tried_in_turn_and_the_error_says_what_each_did()
    {
        _varve.Environment["VARVE_PASSWORD"] = "wrong";
        _varve.Environment["VARVE_PASSWORD_FILE"] = _desk["nothing"];
        _varve.Environment["VARVE_PASSWORD_COMMAND"] = "exit 3";
        string failed = _varve.Run("key", "list").Expect(12).Error;
        Assert.Contains("is not opened: VARVE_PASSWORD opens no key slot; VARVE_PASSWORD_FILE: ", failed, StringComparison.Ordinal);
        Assert.Contains("; VARVE_PASSWORD_COMMAND: the password command ended with exit code 3", failed, StringComparison.Ordinal);

        _varve.Environment["VARVE_PASSWORD_COMMAND"] = "echo old password";
        Assert.Equal("in my head", Current());
        _varve.Environment.Remove("VARVE_PASSWORD_COMMAND");
        _varve.Environment["VARVE_PASSWORD_FILE"] = _desk["old"];
        Assert.Equal("in my head", Current());
        _varve.Environment.Remove("VARVE_PASSWORD_FILE");
        _varve.Environment["VARVE_KEY_FILE"] = _desk["full"];
        Assert.Equal("first", Current());

        // What an option names is tried and nothing else.
        _varve.Run("key", "list", "--password-file", _desk["new"]).Expect(12);
        _varve.Environment.Remove("VARVE_KEY_FILE");
        Assert.Contains("VARVE_PASSWORD opens no key slot", _varve.Run("key", "list").Expect(12).Error, StringComparison.Ordinal);
        Directory.CreateDirectory(_desk["home/.config/varve"]);
        File.Copy(_desk["full"], _desk["home/.config/varve/key"]);
        Assert.Equal("first", Current());
    }

    [Fact]
    public void At_a_terminal_it_says_what_was_tried_and_asks()
    {
        using var terminal = new PseudoTerminal(80);
        VarveProcess varve = OnTerminal(terminal);
        varve.Environment["VARVE_PASSWORD"] = "wrong";
        using Process process = varve.Start("key", "list");
        terminal.Await("varve: VARVE_PASSWORD opens no key slot");
        terminal.Answer("Password for ", "old password");
        Assert.True(VarveProcess.Finish(process).ExitCode == 0, terminal.AllText());
    }

    private string Current() => _varve.Succeed("key", "list", "--json").Json.Single(static k => k.GetProperty("current").GetBoolean())
        .GetProperty("label").GetString()!;

    private (int ExitCode, bool Stays) Remove(string answer)
    {
        using var terminal = new PseudoTerminal(80);
        using Process process = OnTerminal(terminal).Start("key", "remove", "first", "--key-file", _desk["full"]);
        terminal.Answer("is the one in use. Remove it? [y/N] ", answer);
        int code = VarveProcess.Finish(process).ExitCode;
        return (code, _varve.Run("key", "list", "--key-file", _desk["full"]).ExitCode == 0);
    }

    private VarveProcess OnTerminal(PseudoTerminal terminal)
    {
        var varve = new VarveProcess(_desk["home"]) { Redirections = terminal.All };
        varve.Environment["VARVE_REPO"] = _desk["repository"];
        varve.Environment["TERM"] = "xterm";
        return varve;
    }
}
