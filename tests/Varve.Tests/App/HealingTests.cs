using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.App;

/// <summary>
/// Content that is lost in the repository and still there in the source: check says how to store it anew, that does, and check is content.
/// </summary>
public sealed class HealingTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly FakeWorld _world = new() { Time = TimeProvider.System, IsWatched = true };

    public HealingTests()
    {
        _world.Environment["HOME"] = At("home");
        Directory.CreateDirectory(At("home"));
        Directory.CreateDirectory(At("Documents/letters"));
        File.WriteAllText(At("Documents/report.odt"), new string('r', 3000));
        File.WriteAllText(At("Documents/letters/anna.txt"), "dear Anna");
        var photo = new byte[300_000];
        new Random(7).NextBytes(photo);
        File.WriteAllBytes(At("Documents/photo.raw"), photo);
    }

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData("deleted")]
    [InlineData("damaged")]
    [InlineData("cut short")]
    [InlineData("without a footer")]
    public void What_packs_lost_is_stored_anew_by_the_command_that_check_names(string how)
    {
        _world.Expect(0, "backup", At("Documents"));
        foreach (string pack in Packs()) { Hurt(pack, how); }
        string told = _world.Expect(1, "check", "--read-data");
        Assert.Contains("damaged: packs/", told);
        string command = Assert.Single(told.Split('\n'), static l => l.Trim().StartsWith("varve backup", StringComparison.Ordinal)).Trim();
        Assert.Equal($"varve backup --force {At("Documents")}", command);

        _world.Expect(0, command.Split(' ')[1..]);
        string content = _world.Expect(0, "check", "--read-data");
        Assert.Contains("  healed: packs/", content);
        Assert.Matches(@"No damage found; what was lost in \d packs? is stored anew\.\n$", content);
        _world.Expect(0, "check");
        foreach (JsonElement snapshot in Json("snapshots"))
        {
            string target = At(snapshot.GetProperty("snapshot").GetString()![..8]);
            _world.Expect(0, "restore", snapshot.GetProperty("snapshot").GetString()!, "--target", target);
            Assert.Empty(TreeCompare.Compare(At("Documents"), target));
        }
    }

    [Fact]
    public void One_damaged_block_is_stored_anew_and_its_pack_stays_healed()
    {
        // A test beside this one that starts a program has our files open for a moment: then the next backup reads them again.
        while (Json(0, "backup", At("Documents"))[^1].GetProperty("unstable").GetInt64() > 0) { }
        // What is newest is read once more by a run that comes two seconds later (decision 0004).
        FileClock.SettleCoarse();
        while (Json(0, "backup", At("Documents"))[^1].GetProperty("unstable").GetInt64() > 0) { }

        string pack = Packs().MaxBy(static p => new FileInfo(p).Length)!;
        Hurt(pack, "damaged");
        JsonElement check = Assert.Single(Json(1, "check", "--read-data"));
        JsonElement damage = Assert.Single(check.GetProperty("damages").EnumerateArray());
        Assert.True(damage.GetProperty("forceHelps").GetBoolean());
        Assert.Equal($"varve backup --force {At("Documents")}", Assert.Single(check.GetProperty("again").EnumerateArray()).GetString());

        // On the machine that checked, a backup reads again what needs it, though it did not change.
        _world.Expect(0, "backup", At("Documents"));
        for (int i = 0; i < 2; i++)
        {
            JsonElement again = Assert.Single(Json(0, "check", "--read-data"));
            Assert.Equal($"packs/{Path.GetFileName(Path.GetDirectoryName(pack))}/{Path.GetFileName(pack)}",
                Assert.Single(again.GetProperty("healed").EnumerateArray()).GetProperty("object").GetString());
        }
    }

    [Fact]
    public void What_the_source_no_longer_has_stays_damage()
    {
        _world.Expect(0, "backup", At("Documents"));
        File.Delete(Packs().MaxBy(static p => new FileInfo(p).Length)!); // trees can be read
        File.Delete(At("Documents/photo.raw"));
        _world.Expect(0, "backup", "--force", At("Documents"));
        string told = _world.Expect(1, "check", "--read-data");
        Assert.Contains("affects snapshot", told);
        Assert.Contains("put it back from a copy of the repository", told);
        Assert.DoesNotContain("--force", told);
    }

    [Fact]
    public void The_command_names_the_repository_as_it_was_named_and_roots_that_stand_for_others()
    {
        string repository = At("repository"), key = At("key");
        Directory.CreateDirectory(repository);
        _world.Expect(0, "init", "-r", repository, "--key-file", key);
        _world.Expect(0, "backup", "-r", repository, "--key-file", key, "--as", "/srv/docs", At("Documents"));
        foreach (string pack in Packs(repository)) { File.Delete(pack); }
        string told = _world.Expect(1, "check", "-r", repository, "--key-file", key);
        Assert.Contains($"varve backup --force --as /srv/docs {At("Documents")} -r {repository} --key-file {key}\n", told);
    }

    private JsonElement[] Json(params string[] args) => Json(0, args);

    private JsonElement[] Json(int code, params string[] args) =>
        [.. _world.Expect(code, [.. args, "--json"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static l => JsonDocument.Parse(l).RootElement)];

    private string[] Packs() => Packs(At("home/.local/share/varve/repository"));

    private static string[] Packs(string repository) =>
        Directory.GetFiles(Path.Combine(repository, "packs"), "*", SearchOption.AllDirectories);

    private static void Hurt(string pack, string how)
    {
        byte[] bytes = File.ReadAllBytes(pack);
        File.Delete(pack);
        if (how == "damaged") { bytes[200] ^= 1; } // in the first block
        else if (how == "cut short") { bytes = bytes[..(bytes.Length / 2)]; }
        else if (how == "without a footer") { bytes[^20] ^= 1; }
        if (how != "deleted") { File.WriteAllBytes(pack, bytes); }
    }

    private string At(string name) => Path.Combine(_d.Path, name);
}
