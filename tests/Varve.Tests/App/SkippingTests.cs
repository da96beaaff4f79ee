using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.App;

/// <summary>Backups that find nothing changed, and make no snapshot if they are told not to.</summary>
public sealed class SkippingTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly FakeWorld _world = new() { Time = TimeProvider.System };

    public SkippingTests()
    {
        _world.Environment["HOME"] = At("home");
        Directory.CreateDirectory(At("Documents/letters"));
        File.WriteAllText(At("Documents/letters/anna.txt"), "dear Anna");
        File.WriteAllText(At("Documents/report.odt"), "report");
    }

    public void Dispose() => _d.Dispose();

    [Fact]
    public void Nothing_changed_is_one_line_and_no_snapshot_if_none_is_wanted()
    {
        string first = Backup()[9..17];
        string line = Backup("--skip-if-unchanged");
        Assert.Matches($@"^No snapshot of Documents \({At("Documents")}\): nothing changed since {first}; 2 files, 15 B in \d\.\d s\n$",
            line);
        Assert.Single(Json("snapshots"));
        Assert.Matches(@"\[unchanged until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]\n$", _world.Expect(0, "snapshots"));
        Assert.NotNull(Json("snapshots")[0].GetProperty("unchangedUntil").GetString());
        Assert.Contains($"nothing changed since snapshot {first}", _world.Expect(0, "catalog", "status"));
        JsonElement run = Json("catalog", "status")[0].GetProperty("runs")[0];
        Assert.Equal((true, "Documents"), (run.GetProperty("skipped").GetBoolean(), run.GetProperty("source").GetString()));
        Assert.Equal("snapshot\nunchanged\n", _world.Expect(0, "sql", "select result from runs order by run")[7..]);
        Assert.Equal("1\n", _world.Expect(0, "sql", "select count(*) as n from snapshots")[2..]);
        Assert.Contains("now", _world.Expect(0, "find", "report.odt"));
        Assert.Contains("state        current", _world.Expect(0, "catalog", "status"));
    }

    [Fact]
    public void As_JSON_it_names_the_snapshot_that_stands()
    {
        Backup();
        JsonElement backup = JsonDocument.Parse(Backup("--skip-if-unchanged", "--json")).RootElement;
        Assert.True(backup.GetProperty("skipped").GetBoolean());
        Assert.True(backup.GetProperty("nothingChanged").GetBoolean());
        Assert.Equal(Json("snapshots")[0].GetProperty("snapshot").GetString(), backup.GetProperty("snapshot").GetString());
    }

    [Fact]
    public void What_changed_after_runs_without_snapshots_is_found_and_compared_with_the_last_snapshot()
    {
        Backup();
        for (int i = 0; i < 3; i++) { Backup("--skip-if-unchanged"); }
        File.AppendAllText(At("Documents/report.odt"), " more");
        Assert.Contains(": 0 new, 1 changed, 0 gone;", Backup("--skip-if-unchanged"));
        JsonElement[] snapshots = Json("snapshots");
        Assert.Equal(2, snapshots.Length);
        Assert.Equal(snapshots[0].GetProperty("snapshot").GetString(), snapshots[1].GetProperty("parent").GetString());
        Assert.DoesNotContain("unchanged until", _world.Expect(0, "snapshots"));
        _world.Expect(0, "catalog", "rebuild");
        Assert.Equal(2, Json("snapshots").Length);
    }

    [Fact]
    public void A_first_backup_is_never_left_out()
    {
        Assert.StartsWith("Snapshot ", Backup("--skip-if-unchanged").Split('\n')[^2]);
        Assert.Single(Json("snapshots"));
    }

    [Fact]
    public void After_a_partial_snapshot_a_whole_one_is_made()
    {
        Backup("--budget", "1");
        Backup("--skip-if-unchanged");
        Assert.Equal(2, Json("snapshots").Length);
        Assert.False(Json("snapshots")[1].GetProperty("partial").GetBoolean());
    }

    [Fact]
    public void Quiet_backups_say_nothing_when_all_is_well()
    {
        Backup("--quiet"); // says what it created
        Assert.Equal("", Backup("-q"));
        Assert.Equal("", _world.Error);
        Assert.Equal("", Backup("-q", "--skip-if-unchanged"));
        Assert.Equal("", _world.Expect(0, "check", "-q"));
        Assert.Equal("", _world.Expect(0, "restore", "-q", "--target", At("restored")));
        Assert.Equal("", _world.Error);
        Assert.Equal(2, Json("snapshots").Length);
        _world.Expect(2, "backup", "-q", "-v", At("Documents"));
    }

    [Fact]
    public void Each_command_ends_in_one_line_off_a_terminal()
    {
        Backup();
        File.WriteAllText(At("Documents/new"), "new");
        Assert.Matches(@"^Snapshot [0-9a-f]{8} of Documents \(.*\): 1 new, 0 changed, 0 gone; 3 files, 18 B; .* stored in .* s\n$", Backup());
        Assert.Matches(@"^No damage found\. Checked \d+ objects: \d packs, 2 snapshots, \d+ chunks; 0 B read\n$", _world.Expect(0, "check"));
        Assert.Matches($@"^Restored snapshot [0-9a-f]{{8}} to {At("r")}: 3 files, 1 directory, 18 B in .* s\n$",
            _world.Expect(0, "restore", "--target", At("r")));
        Assert.Matches(@"^varve: snapshot [0-9a-f]{8} of Documents \(.*\), .*\n$", _world.Error); // what was taken: the latest
    }

    private string Backup(params string[] options)
    {
        FileClock.Settle();
        return _world.Expect(0, ["backup", .. options, At("Documents")]).Split("safe place.\n")[^1];
    }

    private JsonElement[] Json(params string[] args) =>
        [.. _world.Expect(0, [.. args, "--json"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static l => JsonDocument.Parse(l).RootElement)];

    private string At(string name) => Path.Combine(_d.Path, name);
}
