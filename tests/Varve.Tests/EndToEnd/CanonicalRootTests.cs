using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// Trees that are recorded under another root than they are read from, and sources that are put together from several roots.
/// </summary>
[Trait("Takes", "minutes")]
public sealed class CanonicalRootTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    [Trait("Needs", "root")]
    public void A_tree_seen_at_another_place_shares_its_revisions()
    {
        string source = _desk.Source(), elsewhere = _desk["elsewhere"];
        Settle();
        _desk.Varve.Succeed("backup", source);
        Directory.CreateDirectory(elsewhere);
        Programs.Run("mount", "--bind", source, elsewhere);
        try
        {
            JsonElement mapped = _desk.Varve.Succeed("backup", "--json", "--as", source + "/", elsewhere).Object;
            Assert.True(mapped.GetProperty("nothingChanged").GetBoolean());
            Assert.Equal((source, elsewhere, "Documents"),
                (mapped.GetProperty("canonicalRoot").GetString(), mapped.GetProperty("root").GetString(),
                mapped.GetProperty("source").GetString()));
            _desk.Write("Documents/letters/new", "new");
            Assert.Equal((1, 0), Counts(_desk.Varve.Succeed("backup", "--json", "--as", source, elsewhere).Object));
        }
        finally { Programs.Run("umount", elsewhere); }

        Settle();
        _desk.Varve.Succeed("backup", source);
        Assert.True(_desk.Varve.Succeed("backup", "--json", source).Object.GetProperty("nothingChanged").GetBoolean());
        Assert.Equal("new", _desk.Varve.Succeed("dump", "latest:" + source + "/letters/new").Text);
        Sound(source);
    }

    [Fact]
    public void A_single_file_and_the_root_directory_can_be_what_is_stood_for()
    {
        Write("a/report", "text");
        Settle();
        JsonElement file = _desk.Varve.Succeed("backup", "--json", "--as", "/srv/report.odt", _desk["a/report"]).Json[^1];
        Assert.Equal("report.odt", file.GetProperty("source").GetString());
        Assert.True(_desk.Varve.Succeed("backup", "--json", "--as", "/srv/report.odt", _desk["a/report"])
            .Object.GetProperty("nothingChanged").GetBoolean());
        Assert.Equal("text", _desk.Varve.Succeed("dump", "latest:/srv/report.odt").Text);
        JsonElement root = _desk.Varve.Succeed("backup", "--json", "--as", "/", _desk["a"]).Object;
        Assert.Equal(("root", "/"), (root.GetProperty("source").GetString(), root.GetProperty("canonicalRoot").GetString()));
        Assert.Equal("text", _desk.Varve.Succeed("dump", "latest:/report").Text);
        Assert.True(_desk.Varve.Succeed("backup", "--json", "--as", "/", _desk["a"]).Object.GetProperty("nothingChanged").GetBoolean());
        _desk.Varve.Succeed("restore", "--source", "root", "--target", _desk["restored"]);
        Assert.Empty(TreeCompare.Compare(_desk["a"], _desk["restored"]));
        _desk.Varve.Succeed("check", "--read-data");
    }

    [Fact]
    public void Roots_that_stand_for_one_tree_are_merged_and_the_newer_of_two_files_is_taken()
    {
        Old("a/both", "old of a");
        Write("b/both", "new of b");
        Write("a/both2", "new of a");
        Old("b/both2", "old of b");
        Write("a/dir/in-a", "1");
        Write("b/dir/in-b", "2");
        Write("a/dir/deep/er/x", "3");
        Write("b/dir/deep/er/y", "4");
        Write("a/only/z", "5");
        Write("b/lonely/z", "6");
        Old("a/kind", "a file");
        Write("b/kind/of", "a directory");
        File.CreateSymbolicLink(_desk["a/link"], "to-a");
        Settle();
        JsonElement merged = _desk.Varve.Succeed("backup", "--json", "--as", "/srv", _desk["a"], _desk["b"]).Json[^1];
        Assert.Equal(
            ["both", "both2", "dir", "dir/deep", "dir/deep/er", "dir/deep/er/x", "dir/deep/er/y", "dir/in-a", "dir/in-b", "kind", "kind/of",
            "link", "lonely", "lonely/z", "only", "only/z"], Listed());
        Assert.Equal(("new of b", "new of a"), (Dump("both"), Dump("both2")));
        string[] notes = Notes(merged);
        Assert.Equal(
            [$"left out {_desk["a/both"]}: {_desk["b/both"]} is newer", $"left out {_desk["a/kind"]}: {_desk["b/kind"]} is newer",
            $"left out {_desk["b/both2"]}: {_desk["a/both2"]} is newer"],
            notes.Order(StringComparer.Ordinal));
        Assert.True(Again().GetProperty("nothingChanged").GetBoolean());

        // The other one becomes the newer; a file goes in one root, and what it hid shows.
        Write("a/both", "newest of a");
        File.Delete(_desk["a/both2"]);
        JsonElement next = Again();
        Assert.Equal((0, 2, 0),
            (next.GetProperty("new").GetInt32(), next.GetProperty("changed").GetInt32(), next.GetProperty("gone").GetInt32()));
        Assert.Equal(("newest of a", "old of b"), (Dump("both"), Dump("both2")));
        Directory.Delete(_desk["b/dir"], recursive: true);
        Assert.Equal((0, 2), Counts(Again()));
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal(["5", "6", "3"],
            new[] { "only/z", "lonely/z", "dir/deep/er/x" }.Select(p => File.ReadAllText(_desk["restored/" + p])));
        _desk.Varve.Succeed("check", "--read-data");
        Assert.Equal("current", _desk.Varve.Succeed("catalog", "status", "--json").Object.GetProperty("state").GetString());
        int snapshots = _desk.Varve.Succeed("snapshots", "--json").Json.Count;
        Assert.Equal(snapshots, _desk.Varve.Succeed("catalog", "rebuild", "--json").Object.GetProperty("snapshots").GetInt32());
        Settle();
        Assert.True(Again().GetProperty("nothingChanged").GetBoolean());

        JsonElement Again() => _desk.Varve.Succeed("backup", "--json", "--as", "/srv", _desk["a"], _desk["b"]).Object;
    }

    [Fact]
    public void Of_two_entries_of_equal_mtime_and_size_but_other_content_the_loser_is_named()
    {
        foreach (string root in (string[])["a", "b"])
        {
            Old(root + "/same", "the same");
            Old(root + "/dir/other", "content of " + root);
            Old(root + "/late", "as before");
            File.CreateSymbolicLink(_desk[root + "/link"], "to-" + root);
            Varve.Tests.Kit.Programs.Run("touch", "-h", "-d", "2020-01-01", _desk[root + "/link"]);
        }

        Settle();
        string[] first = [$"left out {_desk["b/dir/other"]}: {_desk["a/dir/other"]} is as new and as large, has other content, and comes first",
            $"left out {_desk["b/link"]}: {_desk["a/link"]} is as new and as large, has other content, and comes first"];
        string[] backup = ["backup", "--as", "/srv", _desk["a"], _desk["b"]];
        string[] notes = Notes(_desk.Varve.Succeed([.. backup, "--json"]).Json[^1]);
        Assert.Equal(first, notes.Where(static n => n.StartsWith("left", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains(notes, static n => n.StartsWith("2 entries are alike", StringComparison.Ordinal));
        Assert.Equal("content of a", Dump("dir/other"));

        // One that was left out changes, and tells it by its ctime alone.
        Old("b/late", "as it is!");
        Settle();
        VarveResult result = _desk.Varve.Succeed(backup);
        string text = result.Text + result.Error;
        Assert.Contains(
            $"left out {_desk["b/late"]}: {_desk["a/late"]} is as new and as large, has other content", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_desk["b/same"], text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_lays_roots_into_a_tree()
    {
        Write("home/me", "1");
        Write("home/photos/old", "of the home");
        Write("photos/2026/new", "2");
        Old("photos/old", "of the disk");
        Write("far/x", "3");
        _desk.Varve.Environment["VARVE_CONFIG"] = _desk["config"];
        File.WriteAllText(_desk["config"], $"""
            sources:
              - name: home
                as: /home
                roots:
                  - {_desk["home"]}
                  - path: {_desk["photos"]}
                    as: /home/photos
                  - path: {_desk["far"]}
                    as: /home/a/long/way
                exclude: ['.cache', '.local', '.config']
            """);
        Settle();
        Assert.Equal("/home", _desk.Varve.Succeed("backup", "--json").Json[^1].GetProperty("canonicalRoot").GetString());
        Assert.Equal(["a", "a/long", "a/long/way", "a/long/way/x", "me", "photos", "photos/2026", "photos/2026/new", "photos/old"],
            Listed());
        Assert.Equal("of the home", Dump("photos/old"));
        Settle();
        _desk.Varve.Succeed("backup");
        JsonElement again = _desk.Varve.Succeed("backup", "--json", "--source", "home").Object;
        Assert.True(again.GetProperty("nothingChanged").GetBoolean());
        // Excludes are of the merged tree.
        Assert.Equal((0, 5),
            Counts(_desk.Varve.Succeed("backup", "--json", "--exclude", "/home/photos", "--exclude", "/home/a/long/way/x", "--exclude",
            "/home/me").Object, files: true));
        Assert.Equal(["a", "a/long", "a/long/way"], Listed());
        // Named alone, a root is recorded at its place.
        _desk.Varve.Succeed("backup", _desk["photos"]);
        Assert.Equal(["photos", "photos/2026", "photos/2026/new", "photos/old"], Listed());
        Assert.Equal("of the disk", Dump("photos/old"));
        Assert.Equal(6, _desk.Varve.Succeed("snapshots", "--source", "home", "--json").Json.Count + 1);
        _desk.Varve.Succeed("check", "--read-data");
        File.AppendAllText(_desk["config"], "\n    excludes: []\n");
        Assert.Contains("config:11:5: there is no key 'excludes' in a source", _desk.Varve.Run("backup").Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void Files_of_different_file_systems_with_one_inode_number_are_no_links_of_each_other()
    {
        foreach (string root in new[] { "a", "b" })
        {
            Directory.CreateDirectory(_desk[root]);
            Programs.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _desk[root]);
        }

        try
        {
            foreach (string root in new[] { "a", "b" })
            {
                Write(root + "/both/of-" + root, root);
                Programs.Run("ln", _desk[$"{root}/both/of-{root}"], _desk[$"{root}/both/link-of-{root}"]);
            }

            Assert.Equal(ZooPosix.Stat(ZooPosix.Path(_desk["a/both/of-a"])).Inode,
                ZooPosix.Stat(ZooPosix.Path(_desk["b/both/of-b"])).Inode);
            _desk.Varve.Succeed("backup", "--as", "/srv", _desk["a"], _desk["b"]);
            _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
            foreach (string root in new[] { "a", "b" })
            {
                Assert.Equal(root, File.ReadAllText(_desk["restored/both/of-" + root]));
                Assert.Equal(ZooPosix.Stat(ZooPosix.Path(_desk["restored/both/of-" + root])).Inode,
                    ZooPosix.Stat(ZooPosix.Path(_desk["restored/both/link-of-" + root])).Inode);
            }

            Assert.NotEqual(ZooPosix.Stat(ZooPosix.Path(_desk["restored/both/of-a"])).Inode,
                ZooPosix.Stat(ZooPosix.Path(_desk["restored/both/of-b"])).Inode);
        }
        finally
        {
            foreach (string root in new[] { "a", "b" }) { Programs.Run("umount", "-l", _desk[root]); }
        }
    }

    [Fact]
    [Trait("Needs", "root")]
    public void What_cannot_be_merged_is_refused_and_what_cannot_be_listed_is_a_failure()
    {
        Write("a/dir/x", "1");
        Write("b/dir/y", "2");
        _desk.Varve.Succeed("backup", _desk.Source());
        _desk.Varve.Run("backup", "--as", "/srv", _desk["a"], _desk["a/dir/x"]).Expect(2);
        _desk.Varve.Run("backup", "--as", "srv", _desk["a"]).Expect(2);
        _desk.Varve.Run("backup", "--as", "/srv").Expect(2);
        _desk.Varve.Run("backup").Expect(2);
        _desk.Varve.Run("backup", "--config", _desk["missing"]).Expect(2);
        _desk.Varve.Run("backup", "--as", "/srv", _desk["missing"], _desk["missing too"]).Expect(1);
        // One of several that is missing keeps none of the others from being saved.
        Assert.Contains("missing", _desk.Varve.Run("backup", "--as", "/srv", _desk["a"], _desk["missing"]).Expect(3).Error);
        string place = _desk["source/place"];
        Directory.CreateDirectory(place);

        // A user may not list one of the two.
        VarveProcess nobody = _desk.AsNobody();
        Programs.Run("chmod", "700", _desk["b/dir"]);
        VarveResult partial = nobody.Run("backup", "--as", "/srv", _desk["a"], _desk["b"]).Expect(3);
        Assert.Contains("dir: permission denied (in " + _desk["b"], partial.Error, StringComparison.Ordinal);
        Assert.Equal(["dir", "dir/x"], nobody.Succeed("ls", "-R", "-0").Text.Split('\0', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Merged_roots_are_saved_within_a_budget_and_what_moves_in_one_of_them_is_not_read_again()
    {
        for (int i = 0; i < 3; i++)
        {
            Write($"a/x/{i}", $"x {i}");
            Write($"b/y/deep/{i}", $"y {i}");
            Write($"a/dir/{i}", $"of a {i}");
            Write($"b/dir/{i + 3}", $"of b {i}");
        }

        // What was read from elsewhere is read again if it is as new as the newest, to the second.
        FileClock.SettleCoarse();
        Write("a/newest", "n");
        Settle();
        JsonElement partial = Backup("--newest-first", "--budget", "1");
        Assert.Equal((true, 13, 0),
            (partial.GetProperty("partial").GetBoolean(), partial.GetProperty("pendingFiles").GetInt32(),
            partial.GetProperty("files").GetInt32()));
        JsonElement whole = Backup("--newest-first", "--budget", "10M");
        Assert.Equal((false, 0, 13),
            (whole.GetProperty("partial").GetBoolean(), whole.GetProperty("pendingFiles").GetInt32(),
            whole.GetProperty("files").GetInt32()));

        Directory.Move(_desk["a/x"], _desk["a/w"]);
        Directory.Move(_desk["b/y"], _desk["b/z"]);
        Settle();
        JsonElement moved = Backup();
        Assert.Equal((6, 1, 13),
            (moved.GetProperty("moved").GetInt32(), moved.GetProperty("bytesRead").GetInt32(), moved.GetProperty("files").GetInt32()));
        Assert.Equal(("x 1", "y 2", "of b 0"), (Dump("w/1"), Dump("z/deep/2"), Dump("dir/3")));
        _desk.Varve.Succeed("check", "--read-data");

        JsonElement Backup(params string[] options) =>
            _desk.Varve.Succeed([(object)"backup", "--json", .. options, "--as", "/srv", _desk["a"], _desk["b"]]).Json[^1];
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_desk[name])!);
        _desk.Write(name, text);
    }

    private void Old(string name, string text)
    {
        Write(name, text);
        File.SetLastWriteTimeUtc(_desk[name], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    private void Sound(string source)
    {
        _desk.Varve.Succeed("restore", "--target", _desk["sound"]);
        Assert.Empty(TreeCompare.Compare(source, _desk["sound"]));
        _desk.Varve.Succeed("check", "--read-data");
        Assert.Equal("current", _desk.Varve.Succeed("catalog", "status", "--json").Object.GetProperty("state").GetString());
    }

    private string Dump(string path) => _desk.Varve.Succeed("dump", "latest", path).Text;

    private string[] Listed() => _desk.Varve.Succeed("ls", "-R", "-0").Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Notes(JsonElement json) => [.. json.GetProperty("notes").EnumerateArray().Select(static n => n.GetString()!)];

    private static (int New, int Gone) Counts(JsonElement json, bool files = false) =>
        (json.GetProperty("new").GetInt32(), json.GetProperty("gone").GetInt32() + (files ? 1 : 0));

    // Past the tick of the timestamps.
    private static void Settle() => FileClock.Settle();
}
