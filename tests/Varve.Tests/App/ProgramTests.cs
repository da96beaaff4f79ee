using System.Text.Json;
using Varve.App;
using Varve.App.Output;
using Varve.Model;

namespace Varve.Tests.App;

public sealed class ProgramTests
{
    private readonly FakeWorld _world = new();

    [Theory]
    [InlineData(ErrorKind.Usage, 2)]
    [InlineData(ErrorKind.NoRepository, 10)]
    [InlineData(ErrorKind.Busy, 11)]
    [InlineData(ErrorKind.WrongKey, 12)]
    [InlineData(ErrorKind.Damaged, 1)]
    [InlineData(ErrorKind.Unsupported, 1)]
    [InlineData(ErrorKind.Storage, 1)]
    [InlineData(ErrorKind.NotFound, 1)]
    [InlineData(ErrorKind.SessionLost, 1)]
    public void Each_kind_of_error_has_its_exit_code(ErrorKind kind, int code) => Assert.Equal(code, Program.ExitCode(kind));

    [Fact]
    public void A_named_repository_that_is_not_there_is_exit_10_with_the_command_that_creates_it()
    {
        Assert.Equal(10, _world.Run("snapshots", "-r", "/nonexistent/r"));
        Assert.Equal("varve: there is no repository at /nonexistent/r\n       create it: varve init -r /nonexistent/r\n",
            _world.Error);
    }

    [Fact]
    public void Only_backup_creates_the_default_repository_and_others_say_so()
    {
        Assert.Equal(10, _world.Run("ls"));
        Assert.Contains("/nonexistent/home/.local/share/varve/repository", _world.Error);
        Assert.Contains("varve help backup", _world.Error);
    }

    [Theory]
    [InlineData("bakcup")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("key")]
    [InlineData("ls", "--nonsense")]
    [InlineData("ls", "a", "b")]
    [InlineData("backup", "--exlude", "x", "/etc")]
    [InlineData("backup", "-r", "/nonexistent/r", "-z", "--", "/etc")]
    [InlineData("ls", "some/path")]
    [InlineData("dump", "latest")]
    [InlineData("dump", "latest:a", "b")]
    [InlineData("check", "--read-data=0")]
    [InlineData("check", "--read-data=101")]
    [InlineData("backup", "/etc", "--compression", "20")]
    [InlineData("backup", "/etc", "--workers", "0")]
    [InlineData("backup", "/etc", "/usr", "--source", "x")]
    [InlineData("backup", "/etc", "-r", "")]
    [InlineData("key", "add", "--level", "half")]
    [InlineData("ls", "--key-file", "a", "--password-file", "b")]
    public void A_command_line_that_makes_no_sense_is_exit_2(params string[] args)
    {
        Assert.Equal(2, _world.Run(args));
        Assert.StartsWith("varve: ", _world.Error);
        Assert.Empty(_world.Output);
    }

    [Fact]
    public void An_error_is_an_object_with_json()
    {
        Assert.Equal(10, _world.Run("stats", "--json", "-r", "/nonexistent/r"));
        using JsonDocument document = JsonDocument.Parse(_world.Error);
        JsonElement error = document.RootElement.GetProperty("error");
        Assert.Equal("noRepository", error.GetProperty("kind").GetString());
        Assert.Equal("there is no repository at /nonexistent/r", error.GetProperty("message").GetString());
        Assert.StartsWith("create it", error.GetProperty("hint").GetString());
    }

    [Fact]
    public void An_error_in_the_command_line_is_an_object_too()
    {
        Assert.Equal(2, _world.Run("--json", "bakcup"));
        using JsonDocument document = JsonDocument.Parse(_world.Error);
        Assert.Equal("usage", document.RootElement.GetProperty("error").GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("init")]
    [InlineData("backup")]
    [InlineData("snapshots")]
    [InlineData("ls")]
    [InlineData("find")]
    [InlineData("restore")]
    [InlineData("dump")]
    [InlineData("check")]
    [InlineData("stats")]
    [InlineData("key")]
    [InlineData("key", "list")]
    [InlineData("key", "add")]
    [InlineData("key", "remove")]
    [InlineData("catalog")]
    [InlineData("catalog", "rebuild")]
    [InlineData("catalog", "status")]
    [InlineData("sql")]
    public void Every_command_has_help_with_an_example_of_itself(params string[] command)
    {
        Assert.Equal(0, _world.Run([.. command, "--help"]));
        Assert.Contains("Example", _world.Output);
        int examples = _world.Output.IndexOf("Example", StringComparison.Ordinal);
        Assert.Contains($"varve {string.Join(' ', command)}", _world.Output[examples..]);
        Assert.Contains("--repo", _world.Output);
        Assert.Empty(_world.Error);
    }

    [Fact]
    public void Help_lists_every_command_and_no_arguments_are_help_with_exit_2()
    {
        Assert.Equal(2, _world.Run());
        foreach (string name in new[] { "init", "backup", "snapshots", "ls", "find", "restore", "dump", "check", "stats", "key", "catalog",
            "sql" })
        {
            Assert.Contains($"\n  {name} ", _world.Output);
        }
    }

    [Fact]
    public void A_value_that_is_a_command_name_is_a_value()
    {
        Assert.Equal(10, _world.Run("-r", "backup", "snapshots"));
        Assert.Contains("there is no repository at backup", _world.Error);
    }

    [Fact]
    public void After_two_dashes_a_path_may_look_like_an_option()
    {
        Assert.Equal(10, _world.Run("backup", "-r", "/nonexistent/r", "--", "--exlude", "@file", "-"));
        Assert.Contains("no repository", _world.Error);
    }

    [Fact]
    public void Control_characters_in_an_argument_do_not_reach_the_terminal()
    {
        Assert.Equal(10, _world.Run("ls", "-r", "/x\e[2J"));
        Assert.DoesNotContain('\e', _world.Error);
        Assert.Contains(@"/x\x1b[2J", _world.Error);
    }

    [Fact]
    public void A_reader_that_goes_away_is_no_failure()
    {
        Assert.Equal(0, _world.Run(new BrokenStream(new BrokenPipeException()), "ls", "--help"));
        Assert.Empty(_world.Error);
    }

    [Fact]
    public void What_nobody_expected_is_called_a_bug_and_shows_its_trace_on_demand()
    {
        Assert.Equal(1, _world.Run(new BrokenStream(new VarveException(ErrorKind.Storage, Subject.None, "no room")), "--version"));
        Assert.Equal("varve: no room\n", _world.Error);
        var world = new FakeWorld { Environment = { ["VARVE_DEBUG"] = "1" } };
        Assert.Equal(1, world.Run(["ls", null!]));
        Assert.Contains("this is a bug", world.Error);
        Assert.Contains("   at ", world.Error);
    }

    [Fact]
    public void Without_a_home_the_missing_place_is_named()
    {
        _world.Environment.Clear();
        Assert.Equal(2, _world.Run("ls"));
        Assert.Contains("HOME is not set", _world.Error);
    }

    private sealed class BrokenStream(Exception exception) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw exception;
    }
}
