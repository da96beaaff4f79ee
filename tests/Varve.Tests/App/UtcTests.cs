using System.Text.RegularExpressions;
using Varve.Tests.Kit;

namespace Varve.Tests.App;

/// <summary>Times that people read are local with their zone, and in UTC where <c>--utc</c> is given.</summary>
public sealed partial class UtcTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly FakeWorld _world = new() { Time = new FarTime() };

    public UtcTests()
    {
        _world.Environment["HOME"] = At("home");
        foreach (string name in (string[])["a/Documents", "b/Documents"])
        {
            Directory.CreateDirectory(At(name));
            File.WriteAllText(At(name + "/report.odt"), "report");
            File.SetLastWriteTimeUtc(At(name + "/report.odt"), new DateTime(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc));
            _world.Expect(0, "backup", At(name));
        }
    }

    public void Dispose() => _d.Dispose();

    [Fact]
    public void Each_command_that_shows_times_shows_them_in_UTC_if_it_is_told_to()
    {
        string snapshot = Snapshot().Match(_world.Expect(0, "snapshots")).Value;
        Assert.Equal(8, snapshot.Length);
        foreach (string[] command in (string[][])
            [["snapshots"], ["ls", "-l", snapshot], ["find", "report.odt"], ["key", "list"], ["source", "list"], ["catalog", "status"]])
        {
            string local = _world.Expect(0, command), utc = _world.Expect(0, [.. command, "--utc"]);
            Assert.Contains("+05:30", local, StringComparison.Ordinal);
            Assert.DoesNotMatch(Utc(), local);
            Assert.DoesNotContain("+05:30", utc, StringComparison.Ordinal);
            Assert.Matches(Utc(), utc);
        }

        Assert.Contains("2026-01-02 17:30:00 +05:30", _world.Expect(0, "ls", "-l", snapshot), StringComparison.Ordinal);
        Assert.Contains("2026-01-02 12:00:00 UTC", _world.Expect(0, "ls", "-l", snapshot, "--utc"), StringComparison.Ordinal);
    }

    [Fact]
    public void So_do_the_line_that_says_which_snapshot_is_taken_and_the_error_that_lists_the_candidates()
    {
        foreach ((string[] option, string zone) in ((string[], string)[])[([], " +05:30"), (["--utc"], " UTC")])
        {
            string[] known = Times(_world.Expect(0, ["snapshots", .. option]));
            _world.Expect(0, ["ls", "latest:" + At("a/Documents"), .. option]);
            Assert.Contains(known[0] + zone, _world.Error, StringComparison.Ordinal);
            _world.Expect(2, ["ls", "--source", "Documents", .. option]);
            Assert.Equal(known.Order(StringComparer.Ordinal), Times(_world.Error).Order(StringComparer.Ordinal));
        }
    }

    private static string[] Times(string text) => [.. Time().Matches(text).Select(static m => m.Value)];

    [GeneratedRegex("[0-9-]{10} [0-9:]{8}")] private static partial Regex Time();
    [GeneratedRegex("UTC(?![+])")] private static partial Regex Utc();
    [GeneratedRegex("[0-9a-f]{8}")] private static partial Regex Snapshot();

    private string At(string name) => Path.Combine(_d.Path, name);

    /// <summary>The system's clock, in a zone that is no system's.</summary>
    private sealed class FarTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } =
            TimeZoneInfo.CreateCustomTimeZone("far", new TimeSpan(5, 30, 0), "far", "far");
    }
}
