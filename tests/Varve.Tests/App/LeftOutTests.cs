using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.App;

/// <summary>What a backup left out on purpose is said in its summary, in JSON, by <c>failures</c> and where a path is looked for.</summary>
public sealed class LeftOutTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly FakeWorld _world = new() { Time = TimeProvider.System, IsWatched = true };

    public LeftOutTests()
    {
        _world.Environment["HOME"] = At("home");
        foreach (string path in (string[])["source/obj/a", "source/src/x.o", "source/src/x.c", "home/.config/varve/none"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
            File.WriteAllText(At(path), path);
        }

        File.WriteAllText(At("home/.config/varve/config.yaml"), "exclude: ['*.o']\n");
        FileClock.Settle();
        Run("init");
    }

    public void Dispose() => _d.Dispose();

    [Fact]
    public void The_summary_counts_it_and_failures_lists_it_when_asked()
    {
        Assert.Matches(@"\n +left out +2 by rules: varve failures --left-out", Backup("-v"));
        Assert.Equal("nothing failed\n", Run("failures") + _world.Error[^15..]);
        string configured = $"left out  src/x.o: excluded by '*.o' ({At("home/.config/varve/config.yaml")}:1)\n";
        Assert.Equal("left out  obj: excluded by 'obj/'\n" + configured, Run("failures", "--left-out"));
        Assert.Equal(configured, Run("failures", "latest:src", "--left-out"));
    }

    [Fact]
    public void JSON_has_the_counts_and_the_list()
    {
        Backup();
        JsonElement counts = JsonDocument.Parse(Run("snapshots", "--json")).RootElement.GetProperty("leftOut");
        Assert.Equal((2, 0), (counts.GetProperty("excluded").GetInt32(), counts.GetProperty("notEntered").GetInt32()));
        string[] lines = Run("failures", "--left-out", "--json").TrimEnd('\n').Split('\n');
        Assert.Equal("""
            {"path":"obj","operation":null,"errno":0,"message":"excluded by 'obj/'","stored":false,
            """ + """
            "leftOut":"excluded","rule":"obj/","origin":"option"}
            """, lines[0]);
        Assert.EndsWith("""
            "leftOut":"excluded","rule":"*.o","origin":"configuration","file":
            """ + $"\"{At("home/.config/varve/config.yaml")}\",\"line\":1}}", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Who_looks_for_a_path_that_was_left_out_is_told_why_it_is_missing()
    {
        Backup();
        Assert.Contains("has no obj/a: it was excluded by 'obj/'", Fails("dump", "latest:obj/a"), StringComparison.Ordinal);
        Assert.Contains("has no src/y.o\n", Fails("dump", "latest:src/y.o") + "\n", StringComparison.Ordinal);
    }

    private string Backup(params string[] more) => Run(["backup", "--exclude", "obj/", At("source"), .. more]);

    private string Run(params string[] arguments) =>
        _world.Expect(0, [.. arguments, "-r", At("repository"), "--key-file", At("key"), "--cache-dir", At("cache")]);

    private string Fails(params string[] arguments)
    {
        Assert.NotEqual(0, _world.Run([.. arguments, "-r", At("repository"), "--key-file", At("key"), "--cache-dir", At("cache")]));
        return _world.Error;
    }

    private string At(string path) => Path.Combine(_d.Path, path);
}
