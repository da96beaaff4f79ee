using System.Globalization;
using System.Text.Json;
using Varve.History;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tree.Lists;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// The program run by a user without rights: what it cannot read is reported and the rest saved; what it cannot set is said once.
/// </summary>
[Trait("Needs", "root")]
public sealed class UserTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly VarveProcess _nobody;
    private readonly string _source;

    public UserTests()
    {
        _nobody = _desk.AsNobody();
        _source = _desk["source"];
        Directory.CreateDirectory(_source + "/secret/below");
        Directory.CreateDirectory(_source + "/open");
        _desk.Write("source/open/file", "open");
        _desk.Write("source/open/locked", "locked");
        _desk.Write("source/secret/file", "secret");
        _desk.Write("source/secret/below/file", "secret below");
        ZooPosix.Chmod(ZooPosix.Path(_source + "/open/locked"), 0x180);
        ZooPosix.Chmod(ZooPosix.Path(_source + "/secret"), 0x1C0);
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void What_cannot_be_read_is_reported_and_the_rest_saved_and_a_later_run_of_root_saves_it_all()
    {
        JsonElement json = _nobody.Run("backup", "--json", _source).Expect(3).Json[^1];
        Assert.Equal((2, 2), (json.GetProperty("failureCount").GetInt32(), json.GetProperty("failed").GetInt32()));
        JsonElement[] failures = [.. json.GetProperty("failures").EnumerateArray()];
        Assert.Equal(["open/locked", "secret"], failures.Select(static f => f.GetProperty("path").GetString()!));
        Assert.All(failures, static f => Assert.Equal(13, f.GetProperty("errno").GetInt32()));
        Assert.Equal(["open", "list"], failures.Select(static f => f.GetProperty("operation").GetString()!));
        VarveResult text = _nobody.Run("backup", _source).Expect(3);
        Assert.Contains("; 2 failed", text.Text, StringComparison.Ordinal);
        Assert.Contains("open/locked: ", text.Error, StringComparison.Ordinal);
        Assert.Contains("[2 failed]", _nobody.Succeed("snapshots").Text, StringComparison.Ordinal);
        Assert.Equal(2, _nobody.Succeed("snapshots", "--json").Json[0].GetProperty("failed").GetInt32());
        Assert.Equal(["open/", "open/file"], Lines(_nobody.Succeed("ls", "-R")));
        Assert.Empty(_nobody.Succeed("find", "locked", "--json").Json);
        Assert.Empty(_nobody.Succeed("find", "secret", "--json").Json);
        Assert.Equal("current", _nobody.Succeed("catalog", "status", "--json").Object.GetProperty("state").GetString());
        _nobody.Succeed("check", "--read-data");
        List<Failure> listed = ReadFailureList();
        Assert.Equal(["open/locked", "secret"], listed.Select(static f => System.Text.Encoding.UTF8.GetString(f.Path)));

        // Root believes no cache that somebody else may change, and is told so; it has one of its own.
        VarveProcess root = RootWithNobodysRepository();
        Assert.Contains($"{_nobody.Home}, above it, belongs to user 65534 (nobody)",
            root.Run("backup", "--cache-dir", _nobody.Home + "/.cache/varve", _source).Expect(1).Error, StringComparison.Ordinal);
        string[] own = ["--cache-dir", _desk["root-cache"]];
        JsonElement whole = root.Succeed(["backup", "--json", .. own, _source]).Object;
        Assert.Equal((0, 3, 1),
            (whole.GetProperty("failed").GetInt32(), whole.GetProperty("new").GetInt32(), whole.GetProperty("unchanged").GetInt32()));
        root.Succeed(["restore", .. own, "--target", _desk["restored"]]);
        Assert.Equal("", RsyncJudge.Compare(_source, _desk["restored"]));
        Assert.Equal("current", root.Succeed(["catalog", "status", "--json", .. own]).Object.GetProperty("state").GetString());
    }

    [Fact]
    public void What_was_saved_before_and_cannot_be_read_any_more_is_a_failure_and_leaves_the_snapshot()
    {
        _nobody.Run("backup", _source).Expect(3);
        ZooPosix.Chmod(ZooPosix.Path(_source + "/open/locked"), 0x1A4);
        ZooPosix.Chmod(ZooPosix.Path(_source + "/secret"), 0x1ED);
        JsonElement all = _nobody.Succeed("backup", "--json", _source).Object;
        Assert.Equal(3, all.GetProperty("new").GetInt32());
        Assert.Equal(["open/", "open/file", "open/locked", "secret/", "secret/below/", "secret/below/file", "secret/file"],
            Lines(_nobody.Succeed("ls", "-R")));
        ZooPosix.Chmod(ZooPosix.Path(_source + "/secret/below"), 0);
        JsonElement less = _nobody.Run("backup", "--json", _source).Expect(3).Object;
        Assert.Equal("secret/below", Assert.Single(less.GetProperty("failures").EnumerateArray()).GetProperty("path").GetString());
        Assert.Equal(["open/", "open/file", "open/locked", "secret/", "secret/file"], Lines(_nobody.Succeed("ls", "-R")));
        Assert.False(_nobody.Succeed("find", "secret/below/file", "--json").Object.GetProperty("current").GetBoolean());
        Assert.Equal("current", _nobody.Succeed("catalog", "status", "--json").Object.GetProperty("state").GetString());
        ZooPosix.Chmod(ZooPosix.Path(_source + "/secret/below"), 0x1ED);
        JsonElement again = _nobody.Succeed("backup", "--json", _source).Object;
        Assert.Equal(4, again.GetProperty("files").GetInt32());
        _nobody.Succeed("restore", "--target", _desk["nobody/restored"]);
        Assert.Equal("secret below", File.ReadAllText(_desk["nobody/restored/secret/below/file"]));
        _nobody.Succeed("check", "--read-data");
    }

    [Fact]
    public void A_single_file_or_a_root_that_cannot_be_read_leaves_no_snapshot_that_cannot_be_restored()
    {
        foreach (string source in (string[])[_source + "/open/locked", _source + "/secret"])
        {
            VarveResult result = _nobody.Run("backup", "--json", source);
            Assert.True(result.ExitCode is 1 or 3, $"exit code {result.ExitCode}");
            Assert.Contains("ermission", result.Text + result.Error, StringComparison.Ordinal);
        }

        VarveResult check = _nobody.Succeed("check", "--read-data", "--json");
        Assert.True(check.Object.GetProperty("ok").GetBoolean());
        foreach (JsonElement snapshot in _nobody.Succeed("snapshots", "--json").Json)
        {
            _nobody.Succeed("ls", snapshot.GetProperty("snapshot").GetString()!);
        }
    }

    [Fact]
    public void Thousands_of_failures_are_counted_but_the_list_is_bounded()
    {
        const int Locked = 10_500;
        string many = _source + "/many";
        Directory.CreateDirectory(many);
        for (int i = 0; i < Locked; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{many}/{i:00000}");
            File.WriteAllBytes(name, []);
            ZooPosix.Chmod(ZooPosix.Path(name), 0);
        }

        JsonElement json = _nobody.Run("backup", "--json", many).Expect(3).Json[^1];
        Assert.Equal((Locked, 10_000), (json.GetProperty("failureCount").GetInt32(), json.GetProperty("failures").GetArrayLength()));
        Assert.Equal(Locked, _nobody.Succeed("snapshots", "--json").Object.GetProperty("failed").GetInt32());
        Assert.Equal(10_000, ReadFailureList().Count);
        VarveResult text = _nobody.Run("backup", many).Expect(3);
        Assert.InRange(Lines(text.Error).Length, 2, 50);
        Assert.Contains("more", text.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_user_cannot_set_is_counted_and_said_once_for_each_sort()
    {
        string zoo = _desk["zoo"];
        Zoo.Create(zoo, names: 20);
        _desk.Varve.Succeed("backup", zoo);
        Programs.Run("cp", "-r", _desk.Varve.Home + "/.", _nobody.Home);
        Programs.Run("chown", "-R", "65534:65534", _nobody.Home);
        JsonElement json = _nobody.Run("restore", "--json", "--target", _desk["nobody/restored"]).Expect(0).Object;
        Assert.Equal(0, json.GetProperty("failureCount").GetInt32());
        string[] notes = [.. json.GetProperty("notSet").EnumerateArray().Select(static n => n.GetString()!)];
        Assert.InRange(notes.Length, 3, 6);
        foreach (string word in (string[])["owner or group", "setuid", "devices", "trusted", "security"])
        {
            Assert.Single(notes, n => n.Contains(word, StringComparison.Ordinal) && char.IsAsciiDigit(n[0]));
        }
        VarveResult text = _nobody.Run("restore", "--target", _desk["nobody/restored2"]).Expect(0);
        Assert.Equal(notes.Length, Lines(text.Error).Count(static l => l.Contains("not set", StringComparison.Ordinal)));
        string[] expected = [": owner ", ": mode ", ": xattr trusted.", ": xattr security.", "special/char: missing",
            "special/char-large: missing", "special/block: missing"];
        Assert.All(TreeCompare.Compare(zoo, _desk["nobody/restored"]),
            d => Assert.Contains(expected, e => d.Contains(e, StringComparison.Ordinal)));
    }

    private VarveProcess RootWithNobodysRepository()
    {
        var root = new VarveProcess(_desk["home"]);
        root.Environment["VARVE_REPO"] = _nobody.Home + "/.local/share/varve/repository";
        root.Environment["VARVE_KEY_FILE"] = _nobody.Home + "/.config/varve/key";
        return root;
    }

    private List<Failure> ReadFailureList()
    {
        var options = new RepositoryOptions { CacheRoot = _desk["cache"] };
        using Repository repository = Repository.Open(
            new RepositoryLocation(_desk["nobody/.local/share/varve/repository"]),
            new Credentials { KeyFilePath = _desk["nobody/.config/varve/key"] }, options);
        SnapshotPrivate names = repository.FindSnapshot("latest").Snapshot.Private!;
        return [.. FailureList.Decode(repository.MetaChunks.Read(names.FailureList).Span)];
    }

    private static string[] Lines(VarveResult result) => Lines(result.Text);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
