using System.Diagnostics;
using System.Text.Json;
using Varve.Platform;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>The first command that somebody types, in an empty home, and the second.</summary>
public sealed class NewcomerTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_first_backup_makes_the_default_repository_and_a_key_file_and_says_where()
    {
        string text = _desk.Varve.Succeed("backup", _desk.Source()).Text;
        string repository = _desk["home/.local/share/varve/repository"], key = _desk["home/.config/varve/key"];
        Assert.Contains(repository, text, StringComparison.Ordinal);
        Assert.Contains(key, text, StringComparison.Ordinal);
        Assert.Contains("safe place", text, StringComparison.Ordinal);
        Assert.DoesNotContain("To get files back", text, StringComparison.Ordinal); // that is for somebody at a terminal
        Assert.True(File.Exists(System.IO.Path.Combine(repository, "varve")));
        Assert.Equal(0x180u, ZooPosix.Stat(ZooPosix.Path(key)).Mode);
        Assert.Contains("7 new, 0 changed, 0 gone", text, StringComparison.Ordinal);
        Assert.Contains(" of Documents (", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_run_says_that_nothing_changed_and_stores_only_a_snapshot()
    {
        string source = _desk.Source();
        FileClock.Settle();
        _desk.Varve.Succeed("backup", source);
        string[] before = Objects();
        string text = _desk.Varve.Succeed("backup", source).Text;
        Assert.Contains("nothing changed", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("Created", text, StringComparison.Ordinal);
        string added = Assert.Single(Objects().Except(before));
        Assert.StartsWith("snapshots/", added, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(_desk["home/.local/share/varve/repository/" + added]).Length, 1, 4096);
    }

    [Fact]
    public void Of_two_first_backups_at_once_one_makes_the_repository_and_both_save()
    {
        Directory.CreateDirectory(_desk["other"]);
        _desk.Write("other/file", "of the other source");
        using var gates = new Gates(Gate.FirstSlotStored, Gate.WaitsForFirst);
        using Process first = _desk.Varve.StartHeld(gates, "backup", _desk.Source());
        gates.Await(Gate.FirstSlotStored, first);
        using Process second = _desk.Varve.StartHeld(gates, "backup", _desk["other"]);
        gates.Await(Gate.WaitsForFirst, second);
        gates.Open(Gate.WaitsForFirst);
        gates.Open(Gate.FirstSlotStored);
        VarveProcess.Finish(first).Expect(0);
        Assert.DoesNotContain("Created", VarveProcess.Finish(second).Expect(0).Text, StringComparison.Ordinal);
        Assert.Equal(2, _desk.Varve.Succeed("snapshots", "--json").Json.Count);
    }

    [Fact]
    public void As_JSON_it_says_what_it_created()
    {
        VarveResult first = _desk.Varve.Succeed("backup", "--json", _desk.Source());
        Assert.Equal(2, first.Json.Count);
        JsonElement created = first.Json[0];
        Assert.Equal("created", created.GetProperty("type").GetString());
        Assert.Equal(_desk["home/.local/share/varve/repository"], created.GetProperty("repository").GetString());
        Assert.Equal(_desk["home/.config/varve/key"], created.GetProperty("createdKeyFile").GetString());
        Assert.Equal("backup", first.Json[1].GetProperty("type").GetString());
    }

    [Fact]
    public void A_default_repository_whose_disk_is_not_mounted_is_not_made_anew_beside_it()
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        Directory.Delete(_desk["home/.local"], true);
        VarveResult again = _desk.Varve.Run("backup", _desk.Source()).Expect(10);
        Assert.Contains("mount the disk it is on", again.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_desk["home/.local"]));
        JsonElement made = _desk.Varve.Succeed("init", "--json", "--key-file", _desk["home/.config/varve/key"]).Object;
        Assert.Equal(JsonValueKind.Null, made.GetProperty("createdKeyFile").ValueKind);
        _desk.Varve.Succeed("backup", _desk.Source());
    }

    [Fact]
    public void The_directories_of_the_desktop_standard_are_used_when_they_are_set()
    {
        _desk.Varve.Environment["XDG_DATA_HOME"] = _desk["data"];
        _desk.Varve.Environment["XDG_CONFIG_HOME"] = _desk["config"];
        _desk.Varve.Environment["XDG_CACHE_HOME"] = _desk["cache"];
        _desk.Varve.Succeed("backup", _desk.Source());
        Assert.True(File.Exists(_desk["data/varve/repository/varve"]));
        Assert.True(File.Exists(_desk["config/varve/key"]));
        Assert.True(Directory.Exists(_desk["cache/varve"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_desk["home"]));
        Assert.Equal(0x1C0u, ZooPosix.Stat(ZooPosix.Path(Assert.Single(Directory.GetDirectories(_desk["cache/varve"])))).Mode);
    }

    [Fact]
    public void Without_a_home_the_error_says_what_to_name()
    {
        _desk.Varve.Environment["HOME"] = "";
        VarveResult result = _desk.Varve.Run("backup", _desk.Source()).Expect(2);
        Assert.Contains("-r", result.Error, StringComparison.Ordinal);
    }

    private string[] Objects()
    {
        string root = _desk["home/.local/share/varve/repository"];
        return [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(root, f))];
    }
}
