using System.Text.Json;
using Varve.Platform;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Platform;

namespace Varve.Tests.App.Sources;

/// <summary>What backups did, and what they saw.</summary>
public sealed class LogTests : IDisposable
{
    private readonly Person _me = new();

    public void Dispose() => _me.Dispose();

    [Fact]
    public void Each_backup_is_a_line_the_last_first_also_those_that_found_nothing_changed()
    {
        string docs = _me.Write("docs/a", "text");
        Backup(docs);
        Backup(docs, "--skip-if-unchanged");
        _me.Write("docs/b", "more");
        Backup(docs);
        List<JsonElement> runs = _me.Lines("log");
        Assert.Equal([false, true, false], runs.Select(static r => r.GetProperty("skipped").GetBoolean()));
        Assert.Equal([1, 0, 1], runs.Select(static r => r.GetProperty("new").GetInt32()));
        string[] lines = _me.Run("log").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("1 new", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("nothing had changed", lines[2], StringComparison.Ordinal);
        Assert.Single(_me.Lines("log", "--last", "1"));
        Assert.Empty(_me.Lines("log", "--until", "yesterday"));
        Assert.Equal(3, _me.Lines("log", "--since", "yesterday", "--source", "docs").Count);
        Assert.Equal(1, _me.Try("log", "--source", "nothing"));
        _me.Run("catalog", "rebuild");
        Assert.Equal([1, 1], _me.Lines("log").Select(static r => r.GetProperty("new").GetInt32()));
    }

    [Fact]
    public void What_a_backup_saw_is_told_with_what_of_it_changed_and_what_was_left_out_by_which_rule()
    {
        string docs = _me.Write("docs/a", "text");
        _me.Write("docs/dir/b", "b");
        _me.Write("docs/gone", "gone");
        _me.Write("docs/x.tmp", "tmp");
        Backup(docs, "--exclude", "*.tmp");
        _me.Write("docs/a", "longer text");
        File.Delete(_me["docs/gone"]);
        Directory.Move(_me["docs/dir"], _me["docs/moved"]);
        _me.Write("docs/new", "new");
        using (new SystemCallWatch(static (call, _, name) => call == SystemCall.Open && name.SequenceEqual("bad"u8) ? Errno.EACCES : 0))
        {
            _me.Write("docs/bad", "bad");
            FileClock.Settle();
            Assert.Equal(3, _me.Try("backup", docs, "--exclude", "*.tmp"));
        }

        Assert.Equal(["changed a", "gone gone", "moved moved", "new new", "failed bad", "left-out x.tmp"], Told("log", "latest"));
        Assert.Equal(["new a", "new dir", "new dir/b", "new gone", "left-out x.tmp"], Told("log", "latest~1"));
        JsonElement changed = _me.Lines("log", "latest")[0];
        Assert.Equal(["content", "mtime"], changed.GetProperty("properties").EnumerateArray().Select(static p => p.GetString()));
        Assert.Equal("*.tmp", _me.Lines("log", "latest")[^1].GetProperty("rule").GetString());
        Assert.Contains("ermission denied", _me.Lines("log", "latest", "--kind", "failed")[0].GetProperty("message").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(["moved moved"], Told("log", "latest:moved"));
        string text = _me.Run("log", "latest");
        Assert.Matches("(?m)^[0-9a-f]{8}  M a  \\[4 B -> 11 B, mtime\\]$", text);
        Assert.Matches("(?m)^[0-9a-f]{8}  x x.tmp  \\[excluded by '\\*.tmp'.*\\]$", text);
        Assert.Matches("(?m)^[0-9a-f]{8}  ! bad  \\[.*\\]$", text);
    }

    [Fact]
    public void A_path_or_a_kind_is_looked_for_in_all_backups()
    {
        string docs = _me.Write("docs/dir/a", "text"), art = _me.Write("art/large", "x");
        Backup(docs[..docs.LastIndexOf('/')]);
        Backup(art);
        _me.Write("docs/dir/a", "longer text");
        _me.Write("docs/other", "other");
        Backup(docs[..docs.LastIndexOf('/')]);
        File.Delete(_me["docs/dir/a"]);
        Backup(docs[..docs.LastIndexOf('/')]);
        Assert.Equal(["gone dir/a", "changed dir/a", "new dir/a"], Told("log", "--path", docs + "/a"));
        Assert.Equal(["gone dir/a"], Told("log", "--kind", "gone"));
        Assert.Equal(["gone dir/a", "changed dir/a", "new other"], Told("log", "--kind", "gone", "--kind", "changed", "--kind", "new",
            "--since", "yesterday", "--source", "docs").Where(static t => t != "new dir" && t != "new dir/a"));
        Assert.Contains("new large", Told("log", "--path", _me["."].TrimEnd('.', '/')));
        Assert.Equal(2, _me.Try("log", "latest", "--since", "yesterday"));
        Assert.Equal(2, _me.Try("log", "--kind", "purple"));
        Assert.Empty(Told("log", "--path", "/nowhere"));
    }

    private void Backup(string path, params string[] options)
    {
        FileClock.Settle();
        _me.Run(["backup", path, .. options]);
    }

    private List<string> Told(params string[] args) =>
        [.. _me.Lines(args).Select(static e => $"{e.GetProperty("kind").GetString()} {e.GetProperty("path").GetString()}")];
}
