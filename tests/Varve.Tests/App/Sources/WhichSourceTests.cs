using System.Text.Json;

namespace Varve.Tests.App.Sources;

/// <summary>Which source is meant, where there are several.</summary>
public sealed class WhichSourceTests : IDisposable
{
    private readonly Person _me = new();

    public void Dispose() => _me.Dispose();

    [Fact]
    public void With_one_source_nothing_has_to_be_named_and_what_was_taken_is_said_on_standard_error()
    {
        string docs = _me.Write("docs/a", "text");
        _me.Run("backup", docs);
        _me.Run("restore", "--target", _me["out"]);
        Assert.Equal("text", File.ReadAllText(_me["out/a"]));
        string[] takers = ["ls", "ls latest", $"ls {docs}", $"dump {docs}/a", "failures", $"restore --target {_me["again"]}"];
        foreach (string taker in takers)
        {
            _me.Run(taker.Split(' '));
            Assert.Matches($"^varve: snapshot [0-9a-f]{{8}} of docs \\(desk:{docs}\\), 20..-..-.. ..:..:.. .*\n", _me.Error);
        }

        Assert.Equal("text", _me.Run("dump", docs + "/a"));
    }

    [Fact]
    public void A_copy_is_named_once_however_many_sources_have_the_file_and_another_host_is_named()
    {
        string docs = _me.Write("docs/a", "the same");
        _me.Write("docs/copy", "the same");
        _me.Run("backup", docs);
        _me.On("laptop").Run("backup", docs);
        _me.On("desk");
        string[] expected = ["desk a False", "laptop a False", "desk copy True", "laptop copy True"];
        Assert.Equal(expected, _me.Lines("history", "a", "--copies").Select(static r =>
            $"{r.GetProperty("host").GetString()} {r.GetProperty("path").GetString()} {r.GetProperty("copy").GetBoolean()}"));
        string[] lines = _me.Run("find", "copy").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("docs: copy", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("docs (laptop): copy", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void In_JSON_what_was_taken_is_in_the_document_and_standard_error_is_empty()
    {
        string docs = _me.Write("docs/a", "text");
        JsonElement saved = _me.Json("backup", docs);
        JsonElement restored = _me.Json("restore", "--target", _me["out"]);
        Assert.Equal("", _me.Error);
        foreach (string member in new[] { "snapshot", "sourceId", "source", "host", "canonicalRoot", "start" })
        {
            Assert.Equal(saved.GetProperty(member).GetString(), restored.GetProperty(member).GetString());
        }
    }

    [Fact]
    public void Several_sources_of_this_host_are_an_error_that_lists_them()
    {
        string docs = _me.Write("docs/a", "text"), pictures = _me.Write("pictures/b", "text");
        _me.Run("backup", docs, pictures);
        foreach (string[] command in (string[][])[["ls"], ["restore", "-t", _me["out"]], ["failures"], ["dump", "latest:a"]])
        {
            Assert.Equal(2, _me.Try(command));
            Assert.Contains("the latest snapshot may be of 2 sources", _me.Error, StringComparison.Ordinal);
            Assert.Contains($"desk:{docs}", _me.Error, StringComparison.Ordinal);
            Assert.Contains($"desk:{pictures}", _me.Error, StringComparison.Ordinal);
            Assert.Contains("--source NAME", _me.Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, _me.Try("ls", "--json"));
        JsonElement sources = JsonDocument.Parse(_me.Error).RootElement.GetProperty("error").GetProperty("sources");
        Assert.Equal(["docs", "pictures"], sources.EnumerateArray().Select(static s => s.GetProperty("source").GetString()!));
        Assert.Equal(["b"], Paths("ls", "--source", "pictures"));
        Assert.Equal(["b"], Paths("ls", "--source", pictures));
        Assert.Equal(["b"], Paths("ls", "--source", sources[1].GetProperty("sourceId").GetString()![..6]));
        Assert.Equal(["a"], Paths("ls", docs));
        Assert.False(Directory.Exists(_me["out"]));
    }

    [Fact]
    public void An_absolute_path_chooses_the_source_with_the_deepest_root()
    {
        string home = _me.Write("me/a", "outer"), docs = _me.Write("me/docs/a", "as it was");
        _me.Run("backup", docs, home);
        _me.Write("me/docs/a", "later");
        _me.Run("backup", home);
        Assert.Equal("as it was", _me.Run("dump", docs + "/a"));
        Assert.Equal("as it was", _me.Run("dump", "latest:" + docs + "//./a"));
        Assert.Equal("outer", _me.Run("dump", home + "/a"));
        Assert.Equal("later", _me.Run("dump", "--source", "me", docs + "/a"));
        _me.Run("restore", docs, "--target", _me["out"]);
        Assert.Equal("as it was", File.ReadAllText(_me["out/a"]));
        Assert.Equal(1, _me.Try("ls", "/nowhere/at/all"));
        Assert.Contains("lies in no source", _me.Error, StringComparison.Ordinal);
        Assert.Contains($"desk:{docs}", _me.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_hosts_with_one_path_this_one_comes_first()
    {
        string docs = _me.Write("docs/a", "of desk");
        _me.Run("backup", docs);
        _me.Write("docs/a", "of laptop");
        _me.On("laptop").Run("backup", docs);
        Assert.Equal("of laptop", _me.Run("dump", docs + "/a"));
        Assert.Equal("of desk", _me.Run("dump", "--host", "desk", docs + "/a"));
        Assert.Equal("of desk", _me.On("desk").Run("dump", "latest:a"));
        Assert.Equal("of laptop", _me.Run("dump", "--source", "docs", "--host", "laptop", "latest:a"));

        // A third has none of its own.
        Assert.Equal(2, _me.On("tower").Try("dump", docs + "/a"));
        Assert.Contains("may be of 2 sources", _me.Error, StringComparison.Ordinal);
        Assert.Equal("of desk", _me.Run("dump", "--host", "desk", docs + "/a"));
    }

    [Fact]
    public void On_a_new_machine_the_only_source_is_taken()
    {
        string docs = _me.Write("docs/a", "text");
        _me.Run("backup", docs);
        Assert.Equal("text", _me.On("new").Run("dump", "latest:a"));
        Assert.Equal("text", _me.Run("dump", docs + "/a"));
    }

    [Fact]
    public void Two_roots_of_one_name_are_told_apart_by_path_and_by_id()
    {
        string one = _me.Write("one/docs/a", "1"), two = _me.Write("two/docs/a", "2");
        _me.Run("backup", one, two);
        Assert.Equal(2, _me.Try("dump", "--source", "docs", "latest:a"));
        Assert.Equal("1", _me.Run("dump", one + "/a"));
        Assert.Equal("2", _me.Run("dump", "--source", two, "latest:a"));
        Assert.Equal(2, _me.Lines("snapshots", "--source", "docs").Count);
    }

    [Theory]
    [InlineData("snapshots")]
    [InlineData("ls")]
    [InlineData("ls 1234")]
    [InlineData("find x")]
    [InlineData("restore --target OUT")]
    [InlineData("dump latest:a")]
    [InlineData("failures")]
    [InlineData("unstable")]
    [InlineData("source list")]
    public void A_source_or_host_that_does_not_exist_is_an_error_with_those_that_do(string command)
    {
        _me.Run("backup", _me.Write("docs/a", "text"));
        string[] args = command.Replace("OUT", _me["out"], StringComparison.Ordinal).Split(' ');
        foreach (string[] wrong in (string[][])[["--source", "documents"], ["--host", "elsewhere"]])
        {
            Assert.Equal(1, _me.Try([.. args, .. wrong]));
            Assert.Contains($"'{wrong[1]}' is the", _me.Error, StringComparison.Ordinal);
            Assert.Contains("desk:" + _me["docs"], _me.Error, StringComparison.Ordinal);
            Assert.Equal("", _me.Output);
        }
    }

    [Fact]
    public void A_host_is_called_as_it_was_said()
    {
        string docs = _me.Write("docs/a", "text");
        Assert.Equal("desk", _me.Json("backup", docs).GetProperty("host").GetString());
        Assert.Equal("typed", _me.Json("backup", "--host", "typed", docs).GetProperty("host").GetString());
        _me.Environment.Remove("VARVE_HOST");
        _me.Write("home/.config/varve/config.yaml", "host: configured\n");
        Assert.Equal("configured", _me.Json("backup", docs).GetProperty("host").GetString());
        Assert.Equal(["configured"], _me.Lines("ls", docs).Select(static _ => "configured").Distinct());
        _me.Run("ls");
        Assert.Contains("(configured:", _me.Error, StringComparison.Ordinal);
        Assert.Equal("desk", _me.On("desk").Json("backup", docs).GetProperty("host").GetString());

        // What is wrong with a configuration keeps nobody from a restore.
        _me.Environment.Remove("VARVE_HOST");
        _me.Write("home/.config/varve/config.yaml", "hosts: [a]\n");
        _me.Run("restore", "-r", _me["home/.local/share/varve/repository"], "--host", "desk", "--target", _me["out"]);
        Assert.Contains("warning", _me.Error, StringComparison.Ordinal);
        Assert.Equal(2, _me.Try("backup", docs));
    }

    [Fact]
    public void Snapshots_are_filtered_by_source_host_tag_and_number()
    {
        string docs = _me.Write("docs/a", "1"), pictures = _me.Write("pictures/b", "1");
        _me.Run("backup", "--tag", "first", docs, pictures);
        _me.Run("backup", "--tag", "second", docs);
        _me.On("laptop").Run("backup", docs);
        Assert.Equal(4, _me.Lines("snapshots").Count);
        Assert.Equal(3, _me.Lines("snapshots", "--source", "docs").Count);
        Assert.Single(_me.Lines("snapshots", "--host", "laptop"));
        Assert.Equal(2, _me.Lines("snapshots", "--source", "docs", "--host", "desk").Count);
        Assert.Equal(2, _me.Lines("snapshots", "--tag", "first").Count);
        Assert.Equal(3, _me.Lines("snapshots", "--tag", "first", "--tag", "second").Count);
        Assert.Equal(3, _me.Lines("snapshots", "--last", "1").Count);
        Assert.Empty(_me.Lines("snapshots", "--tag", "third"));
    }

    private IEnumerable<string> Paths(params string[] args) => _me.Lines(args).Select(static e => e.GetProperty("path").GetString()!);
}
