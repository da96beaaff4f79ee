using System.Text.Json;
using Varve.Platform;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Platform;

namespace Varve.Tests.App.Sources;

/// <summary>Whether a path is saved, and why not.</summary>
public sealed class WhyTests : IDisposable
{
    private readonly Person _me = new();

    public void Dispose() => _me.Dispose();

    [Fact]
    public void Each_path_is_saved_or_has_a_reason()
    {
        string docs = _me.Write("docs/same", "same");
        foreach (string name in (string[])["changes", "goes", "gone", "x.tmp", "build/deep/a", "bad"]) { _me.Write("docs/" + name, name); }
        _me.Write("rules", "# of mine\n\nbuild/\n");
        string[] backup = ["backup", docs, "--exclude", "*.tmp", "--exclude-from", _me["rules"]];
        FileClock.Settle();
        _me.Run(backup);
        File.Delete(_me["docs/gone"]);
        _me.Write("docs/bad", "other");
        FileClock.Settle();
        using (new SystemCallWatch(static (call, _, name) => call == SystemCall.Open && name.SequenceEqual("bad"u8) ? Errno.EACCES : 0))
        {
            Assert.Equal(3, _me.Try(backup));
        }

        _me.Write("docs/changes", "another");
        File.Delete(_me["docs/goes"]);
        _me.Write("docs/new", "new");
        _me.Write("docs/later.tmp", "tmp");
        Assert.Equal(
        [
            "same saved True", "changes changed False", "goes deleted True", "gone gone False", "x.tmp left-out False",
            "build/deep/a left-out False", "bad failed False", "new new False", "later.tmp left-out False", "never unknown False",
        ], Told("same", "changes", "goes", "gone", "x.tmp", "build/deep/a", "bad", "new", "later.tmp", "never"));
        JsonElement build = Why("build/deep/a");
        Assert.Equal(("build/", _me["rules"], 3), (build.GetProperty("rule").GetString(), build.GetProperty("ruleFile").GetString(),
            build.GetProperty("ruleLine").GetInt32()));
        Assert.Equal("*.tmp", Why("later.tmp").GetProperty("rule").GetString());
        Assert.Contains("ermission denied", Why("bad").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("no-source", Lines("/nowhere/at/all")[0].GetProperty("state").GetString());
        // What was saved of it last, and by which snapshot.
        string first = _me.Lines("snapshots")[0].GetProperty("snapshot").GetString()!;
        foreach (string name in (string[])["same", "gone", "bad"]) { Assert.Equal(first, Why(name).GetProperty("first").GetString()); }
        Assert.Equal(JsonValueKind.Null, Why("new").GetProperty("first").ValueKind);
        Assert.Equal(0, _me.Try("why", docs + "/same", docs + "/goes"));
        Assert.Equal(1, _me.Try("why", docs + "/same", docs + "/new"));
        Assert.Matches("/same: saved, and as it is since [0-9a-f]{8} \\(.*\\); the last backup was [0-9a-f]{8} \\(.*\\)\n", Text("same"));
        Assert.Matches("/build: it was excluded by 'build/' in .*rules, line 3, in the last backup, ", Text("build"));
        Assert.Equal(2, _me.Try("why"));
    }

    [Fact]
    public void The_root_and_what_lies_on_another_host_have_answers_too()
    {
        string docs = _me.Write("docs/a", "text");
        FileClock.Settle();
        _me.Run("backup", docs);
        Assert.Equal("saved", Lines(docs)[0].GetProperty("state").GetString());
        _me.Write("docs/b", "later");
        _me.On("laptop");
        Assert.Equal("saved", Lines(docs + "/a")[0].GetProperty("state").GetString());
        // Nobody can look there.
        Assert.Equal("unknown", Lines(docs + "/b")[0].GetProperty("state").GetString());
        _me.On("desk");
        Assert.Equal("new", Lines(docs + "/b")[0].GetProperty("state").GetString());
    }

    private string Text(string name)
    {
        _me.Try("why", _me["docs/" + name]);
        return _me.Output;
    }

    private JsonElement Why(string name) => Lines(_me["docs/" + name])[0];

    private List<string> Told(params string[] names) => [.. Lines([.. names.Select(n => _me["docs/" + n])]).Zip(names).Select(static p =>
        $"{p.Second} {p.First.GetProperty("state").GetString()} {p.First.GetProperty("saved").GetBoolean()}")];

    private List<JsonElement> Lines(params string[] paths)
    {
        _me.Try(["why", .. paths, "--json"]);
        return [.. _me.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
    }
}
