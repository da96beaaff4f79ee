using System.Text.Json;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Drills;

/// <summary><c>varve verify --drill</c>.</summary>
public sealed class DrillTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly FakeWorld _world;

    public DrillTests()
    {
        Directory.CreateDirectory(At("docs/below"));
        var random = new Random(1);
        for (int i = 0; i < 40; i++)
        {
            var bytes = new byte[1000 + (i * 1000)];
            random.NextBytes(bytes);
            File.WriteAllText(At($"docs/below/{i}"), Convert.ToHexStringLower(bytes)[..bytes.Length]);
        }

        _world = new FakeWorld
        {
            Environment =
            {
                ["HOME"] = At("home"), ["VARVE_REPO"] = At("repository"), ["VARVE_KEY_FILE"] = At("key"), ["VARVE_CACHE_DIR"] = At("cache"),
            },
        };
        _world.Expect(0, "init");
        _world.Expect(0, "backup", At("docs"));
    }

    public void Dispose() => _d.Dispose();

    [Fact]
    public void What_comes_back_is_compared_with_what_is_there_and_nothing_is_left()
    {
        JsonElement drill = Drill(0);
        Assert.Equal((true, 40, 40, 40, 0, 0), (drill.GetProperty("ok").GetBoolean(), Number(drill, "filesInAll"), Number(drill, "files"),
            Number(drill, "same"), Number(drill, "faultCount"), Number(drill, "notCompared")));
        Assert.Single(drill.GetProperty("snapshots").EnumerateArray());
        Assert.Empty(Directory.GetFileSystemEntries(At("cache/drills")));
    }

    [Fact]
    public void What_changed_since_or_is_gone_is_no_fault()
    {
        File.WriteAllText(At("docs/below/3"), "another");
        string kept = At("docs/below/4");
        DateTime then = File.GetLastWriteTimeUtc(kept);
        File.WriteAllText(kept, File.ReadAllText(kept).ToUpperInvariant()); // size and time are the same: ctime tells
        File.SetLastWriteTimeUtc(kept, then);
        File.Delete(At("docs/below/5"));
        File.Delete(At("docs/below/6"));
        Directory.CreateDirectory(At("docs/below/6"));
        JsonElement drill = Drill(0);
        Assert.Equal((40, 36, 3, 1, 0),
            (Number(drill, "files"), Number(drill, "same"), Number(drill, "changed"), Number(drill, "gone"), Number(drill, "faultCount")));
    }

    [Fact]
    public void What_the_repository_lost_is_a_fault_each()
    {
        foreach (string pack in Directory.GetFiles(At("repository/packs"), "*", SearchOption.AllDirectories))
        {
            byte[] bytes = File.ReadAllBytes(pack);
            if (bytes.Length < 10_000) { continue; } // trees
            bytes.AsSpan(bytes.Length / 4, bytes.Length / 2).Fill(0x55);
            File.SetUnixFileMode(pack, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.WriteAllBytes(pack, bytes);
        }

        JsonElement drill = Drill(1);
        Assert.False(drill.GetProperty("ok").GetBoolean());
        Assert.InRange(Number(drill, "faultCount"), 1, 40);
        Assert.NotEqual("", drill.GetProperty("faults").EnumerateArray().First().GetProperty("problem").GetString());
        Assert.Empty(Directory.GetFileSystemEntries(At("cache/drills")));
        Assert.Contains("fault", _world.Expect(1, "verify", "--drill"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_is_bounded_and_the_seed_decides_it()
    {
        JsonElement few = Drill(0, "--files", "7");
        Assert.Equal((40, 7), (Number(few, "filesInAll"), Number(few, "files")));
        JsonElement small = Drill(0, "--size", "20K");
        Assert.InRange(Number(small, "bytes"), 1000, 20 * 1024);
        JsonElement one = Drill(0, "--files", "5", "--seed", "1"), again = Drill(0, "--files", "5", "--seed", "1"),
            other = Drill(0, "--files", "5", "--seed", "2");
        Assert.Equal(Number(one, "bytes"), Number(again, "bytes"));
        Assert.NotEqual(Number(one, "bytes"), Number(other, "bytes"));
        Assert.Equal(1, Number(one, "seed"));
    }

    [Fact]
    public void A_single_file_below_a_directory_is_found_where_it_was_restored()
    {
        JsonElement drill = Drill(0, "--files", "1");
        Assert.Equal((1, 1, 0), (Number(drill, "files"), Number(drill, "same"), Number(drill, "faultCount")));
    }

    [Fact]
    public void The_latest_of_each_source_is_drilled_or_the_one_that_is_named()
    {
        Directory.CreateDirectory(At("other"));
        File.WriteAllText(At("other/x"), "x");
        _world.Expect(0, "backup", At("other"));
        Assert.Equal((41, 2), (Number(Drill(0), "filesInAll"), Drill(0).GetProperty("snapshots").GetArrayLength()));
        Assert.Equal(1, Number(Drill(0, "--source", "other"), "filesInAll"));
        Assert.Equal(40, Number(Drill(0, "latest~0", "--source", "docs"), "filesInAll"));
        _world.Expect(2, "verify", "--drill", "latest:below");
        _world.Expect(2, "verify");
    }

    [Fact]
    public void What_another_host_saved_comes_back_and_is_compared_with_nothing()
    {
        _world.Expect(0, "backup", "--host", "elsewhere", At("docs"));
        JsonElement drill = Drill(0, "--host", "elsewhere");
        Assert.Equal((40, 0, 40), (Number(drill, "files"), Number(drill, "same"), Number(drill, "notCompared")));
    }

    [Fact]
    public void What_others_could_change_is_no_place_for_it()
    {
        Directory.CreateDirectory(At("open"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(At("open"), (UnixFileMode)0x1FF);
        _world.Expect(1, "verify", "--drill", "--scratch-dir", At("open"));
    }

    private string At(string name) => Path.Combine(_d.Path, name);

    private JsonElement Drill(int code, params string[] words)
    {
        using var said = JsonDocument.Parse(_world.Expect(code, ["verify", "--drill", "--json", .. words]));
        return said.RootElement.Clone();
    }

    private static int Number(JsonElement drill, string name) => drill.GetProperty(name).GetInt32();
}
