using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.App;

/// <summary><c>-v</c>: a line for each entry that is not as it was.</summary>
public sealed class VerboseTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly FakeWorld _world = new() { Time = TimeProvider.System };

    public VerboseTests()
    {
        _world.Environment["HOME"] = At("home");
        Directory.CreateDirectory(At("source/old/inner"));
        Directory.CreateDirectory(At("source/going/inner"));
        foreach (string file in (string[])["kept", "changed", "mode", "gone", "old/a", "old/b", "old/dropped", "old/inner/c", "going/d",
            "going/inner/e"])
        {
            File.WriteAllText(At("source/" + file), file);
        }

        File.CreateSymbolicLink(At("source/link"), "kept");
        FileClock.Settle();
    }

    public void Dispose() => _d.Dispose();

    [Fact]
    public void A_first_backup_tells_each_entry()
    {
        Assert.Equal(
        [
            "+ ./", "+ changed", "+ going/", "+ going/d", "+ going/inner/", "+ going/inner/e", "+ gone", "+ kept", "+ link", "+ mode", "+ old/", "+ old/a",
            "+ old/b", "+ old/dropped", "+ old/inner/", "+ old/inner/c",
        ], Told());
        Assert.Empty(Told());
    }

    [Fact]
    public void What_changed_was_moved_or_is_gone_is_told_and_nothing_else()
    {
        Told();
        File.WriteAllText(At("source/changed"), "otherwise");
        ZooPosix.Chmod(ZooPosix.Path(At("source/mode")), 0x180);
        File.Delete(At("source/gone"));
        File.Delete(At("source/link"));
        File.CreateSymbolicLink(At("source/link"), "changed");
        Directory.Move(At("source/old"), At("source/new"));
        File.Delete(At("source/new/dropped"));
        File.WriteAllText(At("source/new/fresh"), "fresh");
        Directory.Delete(At("source/going"), recursive: true);
        FileClock.Settle();
        Assert.Equal(
        [
            "+ new/fresh", "- going/", "- going/d", "- going/inner/", "- going/inner/e", "- gone", "- old/dropped", "> new/", "> new/a", "> new/b",
            "> new/inner/", "> new/inner/c", "M changed", "M link", "m ./", "m mode",
        ], Told());
        Assert.Empty(Told());
    }

    [Fact]
    public void Directories_that_changed_places_are_moved_and_nothing_is_gone()
    {
        Told();
        Directory.Move(At("source/old"), At("source/x"));
        Directory.Move(At("source/going"), At("source/old"));
        Directory.Move(At("source/x"), At("source/going"));
        FileClock.Settle();
        string[] told = Told();
        Assert.Contains("> old/d", told);
        Assert.Contains("> going/a", told);
        Assert.Contains("> going/inner/c", told);
        Assert.DoesNotContain(told, static l => l.StartsWith("- ", StringComparison.Ordinal));
    }

    [Fact]
    public void As_JSON_each_entry_is_an_object_of_its_own()
    {
        Told();
        File.Delete(At("source/gone"));
        FileClock.Settle();
        string output = _world.Expect(0, "backup", "-v", "--json", At("source"));
        JsonElement[] lines =
            [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonDocument.Parse(l).RootElement)];
        JsonElement gone = Assert.Single(lines, static l => l.GetProperty("type").GetString() == "entry"
            && l.GetProperty("change").GetString() == "gone");
        Assert.Equal(("gone", "file"), (gone.GetProperty("path").GetString(), gone.GetProperty("kind").GetString()));
        Assert.Equal("backup", lines[^1].GetProperty("type").GetString());
    }

    [Fact]
    public void A_restore_tells_what_it_wrote_and_what_was_in_its_way()
    {
        Told();
        string all = _world.Expect(0, "restore", "-v", "--target", At("restored"));
        Assert.Equal(Told(all), Told(all).Distinct());
        Assert.Contains("+ old/inner/c", Told(all));
        Assert.Contains("+ link", Told(all));
        Directory.CreateDirectory(At("full"));
        File.WriteAllText(At("full/kept"), "mine");
        string some = _world.Expect(3, "restore", "-v", "--overwrite", "--target", At("full"));
        Assert.Contains(Told(some), static l => l.StartsWith("! kept: ", StringComparison.Ordinal));
        Assert.Equal("mine", File.ReadAllText(At("full/kept")));
    }

    [Fact]
    public void A_check_tells_packs_snapshots_and_damage_at_once()
    {
        Told();
        string told = _world.Expect(0, "check", "-v");
        Assert.Contains("= packs/", told);
        Assert.Matches("= snapshot [0-9a-f]{8}\n", told);
        string pack = Directory.GetFiles(At("home/.local/share/varve/repository/packs"), "*", SearchOption.AllDirectories)[0];
        File.Delete(pack);
        Assert.Contains($"/{Path.GetFileName(pack)}: it is missing", _world.Expect(1, "check", "-v"));
    }

    private string[] Told() => Told(_world.Expect(0, "backup", "-v", At("source")));

    private static string[] Told(string output) => [.. output.Split('\n')
        .Where(static l => l.Length > 1 && l[1] == ' ' && "+Mm>-!=".Contains(l[0], StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private string At(string name) => Path.Combine(_d.Path, name);
}
