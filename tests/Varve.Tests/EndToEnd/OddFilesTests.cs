using System.Text;
using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// File systems that do not do what they should, as FUSE mounts may: lengths that are not so, attributes that cannot be read, calls that
/// are interrupted for ever, directories that contain themselves.
/// </summary>
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class OddFilesTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Files_longer_than_their_stat_says_are_stored_whole_and_read_by_every_run_and_nothing_else_is()
    {
        using var odd = new OddFileSystem("zero,0,5000", "ten,10,5000", "big,0,3000000", "large,1500000,3000000", "plain,1000,1000");
        (string Name, int Length)[] files = [("zero", 5000), ("ten", 5000), ("big", 3_000_000), ("large", 3_000_000), ("plain", 1000)];
        for (int run = 1; run <= 3; run++)
        {
            JsonElement json = _desk.Varve.Succeed("backup", "--json", odd.Path).Json[^1];
            Assert.Equal(run == 1 ? 5 : 0, json.GetProperty("new").GetInt32());
            // Nothing tells by which clock this file system stamps: what is newest is read a second time, once (decision 0004).
            if (run > 1) { Assert.Equal(run == 2 ? 6_011_000 : 6_010_000, json.GetProperty("bytesRead").GetInt64()); }
            Assert.Equal(4, json.GetProperty("unstable").GetInt32());
            IReadOnlyList<JsonElement> listed = _desk.Varve.Succeed("unstable", "--json").Json;
            Assert.Equal(["big", "large", "ten", "zero"], listed.Select(static f => f.GetProperty("path").GetString()));
            Assert.All(listed, static f => Assert.True(f.GetProperty("lengthUnknown").GetBoolean()));
            if (run == 1) { FileClock.SettleCoarse(); }
        }

        Assert.Contains("zero (length unknown)", _desk.Varve.Succeed("unstable").Text, StringComparison.Ordinal);
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.All(files, f => Assert.Equal(OddFileSystem.Content(f.Length), File.ReadAllBytes(_desk["restored/" + f.Name])));
    }

    [Fact]
    public void A_file_that_never_ends_is_read_as_far_as_the_bound_and_named_and_the_others_are_saved()
    {
        using var odd = new OddFileSystem("endless,0,-1", "endless-too,1000,-1", "plain,1000,1000");
        VarveResult backup = _desk.Varve.Run("backup", "--json", "--spool-limit", "8M", odd.Path).Expect(3);
        Assert.Equal(["endless", "endless-too"], Failures(backup).Select(static f => f.GetProperty("path").GetString()));
        Assert.All(Failures(backup), static f =>
            Assert.Contains("it did not end within ", f.GetProperty("message").GetString(), StringComparison.Ordinal));
        Assert.Equal(["plain"], Listed());
    }

    [Fact]
    public void A_file_without_length_that_reads_otherwise_each_time_is_stored_torn_and_named()
    {
        using var odd = new OddFileSystem("restless,0,5000,c", "large,0,3000000,c");
        VarveResult backup = _desk.Varve.Run("backup", "--json", odd.Path).Expect(3);
        Assert.Equal(["large changed", "restless changed"], Failures(backup).Select(static f =>
            $"{f.GetProperty("path").GetString()} {f.GetProperty("operation").GetString()}"));
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal((5000L, 3_000_000L), (new FileInfo(_desk["restored/restless"]).Length, new FileInfo(_desk["restored/large"]).Length));
    }

    [Fact]
    public void An_attribute_that_cannot_be_read_is_the_failure_and_content_and_all_below_are_saved_and_it_is_tried_again()
    {
        using var odd = new OddFileSystem("file,1000,1000,v", "large,3000000,3000000,v", "list,10,10,l", "sub,0,0,dv", "tree,0,0,dl");
        string[] named = ["file xattr user.bad", "large xattr user.bad", "list xattrs", "sub xattr user.bad", "tree xattrs"];
        for (int run = 1; run <= 3; run++)
        {
            VarveResult backup = _desk.Varve.Run("backup", "--json", odd.Path).Expect(3);
            Assert.Equal(named, Failures(backup).Select(static f =>
                $"{f.GetProperty("path").GetString()} {f.GetProperty("attribute").GetString()}"));
            Assert.All(Failures(backup), static f => Assert.Equal("metadata", f.GetProperty("operation").GetString()));
            Assert.Equal(["file", "large", "list", "sub", "sub/inside", "tree", "tree/inside"], Listed());
            // In the second what is newest is read a second time, once (decision 0004).
            if (run == 3) { Assert.Equal(0, backup.Json[^1].GetProperty("bytesRead").GetInt64()); }
            if (run == 1) { FileClock.SettleCoarse(); }
        }

        Assert.Contains("sub: its extended attribute user.bad cannot be read: input/output error; the rest is saved",
            _desk.Varve.Run("backup", odd.Path).Expect(3).Error, StringComparison.Ordinal);
        _desk.Varve.Succeed("catalog", "rebuild");
        Assert.Equal(5, Failures(_desk.Varve.Run("backup", "--json", odd.Path).Expect(3)).Count);
        _desk.Varve.Run("restore", "--target", _desk["restored"]).Expect(3); // it says what the snapshot lacks
        Assert.Equal(OddFileSystem.Content(1000), File.ReadAllBytes(_desk["restored/file"]));
        Assert.Equal(6, new FileInfo(_desk["restored/sub/inside"]).Length);

        foreach (string name in (string[])["file", "large", "list", "sub", "tree"]) { odd.Mend(name); }
        JsonElement mended = _desk.Varve.Succeed("backup", "--json", odd.Path).Json[^1];
        Assert.InRange(mended.GetProperty("metadataOnly").GetInt32(), 2, 3); // file and large, and list, which has none; no directories
        Assert.True(_desk.Varve.Succeed("backup", "--json", odd.Path).Json[^1].GetProperty("nothingChanged").GetBoolean());
    }

    [Fact]
    public void An_open_that_is_interrupted_each_time_is_a_failure_of_its_file()
    {
        using var odd = new OddFileSystem("busy,1000,1000,i", "plain,1000,1000");
        VarveResult backup = _desk.Varve.Run("backup", "--json", odd.Path).Expect(3);
        JsonElement failure = Assert.Single(Failures(backup));
        Assert.Equal(("busy", "open", 4), (failure.GetProperty("path").GetString(), failure.GetProperty("operation").GetString(),
            failure.GetProperty("errno").GetInt32()));
        Assert.Equal(["plain"], Listed());
    }

    [Fact]
    public void A_directory_that_contains_itself_is_named_and_the_walk_ends()
    {
        using var odd = new OddFileSystem("loop,0,0,o", "plain,1000,1000");
        VarveResult backup = _desk.Varve.Run("backup", "--json", odd.Path).Expect(3);
        JsonElement failure = Assert.Single(Failures(backup));
        Assert.Equal("loop/again", failure.GetProperty("path").GetString());
        Assert.Equal("is loop again: a directory that contains itself", failure.GetProperty("message").GetString());
        Assert.Equal(["loop", "loop/inside", "plain"], Listed());
    }

    [Fact]
    public void A_directory_that_is_mounted_below_itself_is_saved_there_too()
    {
        Directory.CreateDirectory(_desk["source/sub/again"]);
        _desk.Write("source/file", "once");
        Programs.Run("mount", "--bind", _desk["source"], _desk["source/sub/again"]);
        try
        {
            _desk.Varve.Succeed("backup", _desk["source"]);
            Assert.Equal(["file", "sub", "sub/again", "sub/again/file", "sub/again/sub", "sub/again/sub/again"], Listed());
        }
        finally { Programs.Run("umount", _desk["source/sub/again"]); }
    }

    [Fact]
    public void A_mount_that_may_not_even_be_asked_is_passed_over_where_other_file_systems_are_and_else_named()
    {
        using var odd = new OddFileSystem("plain,1000,1000"); // root's: nobody else may stat it
        VarveProcess varve = _desk.AsNobody();
        Directory.CreateDirectory(_desk["home-of-nobody/mount"]);
        _desk.Write("home-of-nobody/file", "mine");
        Programs.Run("chmod", "-R", "a+rX", _desk["home-of-nobody"]);
        Programs.Run("mount", "--bind", odd.Path, _desk["home-of-nobody/mount"]);
        try
        {
            VarveResult plain = varve.Run("backup", "--json", _desk["home-of-nobody"]).Expect(3);
            Assert.Equal("mount", Assert.Single(Failures(plain)).GetProperty("path").GetString());
            JsonElement one = varve.Succeed("backup", "--json", "-x", _desk["home-of-nobody"]).Json[^1];
            Assert.Equal(0, one.GetProperty("failureCount").GetInt32());
            Assert.Contains("mount is left out: it is another file system", Assert.Single(one.GetProperty("notes").EnumerateArray())
                .GetString(), StringComparison.Ordinal);
            varve.Succeed("backup", "--exclude", "mount", _desk["home-of-nobody"]);
        }
        finally { Programs.Run("umount", "-l", _desk["home-of-nobody/mount"]); }
    }

    [Fact]
    public void A_source_that_cannot_be_read_keeps_no_later_one_from_being_saved_and_the_end_tells()
    {
        using var odd = new OddFileSystem("plain,1000,1000");
        odd.Kill();
        Directory.CreateDirectory(_desk["good"]);
        _desk.Write("good/file", "good");
        Programs.Run("mkfifo", _desk["fifo"]);
        File.CreateSymbolicLink(_desk["loop"], _desk["loop"]);
        foreach (string bad in (string[])[odd.Path, _desk["fifo"], _desk["loop"], _desk["good/file/below"], _desk["none"],
            _desk[new string('n', 300)]])
        {
            VarveResult backup = _desk.Varve.Run("backup", "--json", bad, _desk["good"]).Expect(1);
            Assert.Equal("good", backup.Json[^2].GetProperty("source").GetString());
            JsonElement unsaved = backup.Json[^1];
            Assert.Equal(("unsaved", 2, 1), (unsaved.GetProperty("type").GetString(), unsaved.GetProperty("sources").GetInt32(),
                unsaved.GetProperty("saved").GetInt32()));
            Assert.Equal(bad, Assert.Single(unsaved.GetProperty("unsaved").EnumerateArray()).GetProperty("root").GetString());
            Assert.Contains("1 of 2 sources saved; not saved: ", _desk.Varve.Run("backup", bad, _desk["good"]).Expect(1).Error,
                StringComparison.Ordinal);
        }

        _desk.Write("config.yaml", $"""
            sources:
              - name: dead
                roots: [{odd.Path}]
              - name: good
                roots: [{_desk["good"]}]
            """);
        VarveResult configured = _desk.Varve.Run("backup", "--json", "--config", _desk["config.yaml"]).Expect(1);
        Assert.Equal("good", configured.Json[^2].GetProperty("source").GetString());
        Assert.Equal("dead", Assert.Single(configured.Json[^1].GetProperty("unsaved").EnumerateArray()).GetProperty("source").GetString());
    }

    private static List<JsonElement> Failures(VarveResult backup) => [.. backup.Json[^1].GetProperty("failures").EnumerateArray()];

    private List<string> Listed() => [.. Encoding.UTF8.GetString(_desk.Varve.Succeed("ls", "-0", "-R").Output)
        .Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(static p => p.TrimEnd('/'))];
}
