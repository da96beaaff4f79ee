using System.Globalization;
using System.Text;
using Varve.Archives.Foreign;
using Varve.Archives.Lists;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Archives.Foreign;

/// <summary>Lists of what was saved, as the real programs print them: each says what was in the tree that they saved.</summary>
public sealed class SavedReaderTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public SavedReaderTests()
    {
        Directory.CreateDirectory(At("src/a dir/below"));
        string[] names = ["x", "a dir/a -> b", "a dir/below/back\\slash", "a dir/1 link to 2", "\u00e9"];
        for (int i = 0; i < names.Length; i++)
        {
            File.WriteAllText(At("src/" + names[i]), new string('x', 10 + i));
            ZooPosix.SetTime(ZooPosix.Path(At("src/" + names[i])), 1_700_000_000 + (i * 86_461), 123_456_789);
        }

        File.CreateSymbolicLink(At("src/link"), "x");
        ZooPosix.SetTime(ZooPosix.Path(At("src/link")), 1_700_000_000, 0);
    }

    public void Dispose() => _d.Dispose();

    [Fact]
    public void What_GNU_tar_lists_is_read_in_the_zone_it_was_listed_in()
    {
        ZooPosix.WriteFile(ZooPosix.Path(At("src"), [0xFF, (byte)'\n', (byte)'\t', 0x07]), "odd"u8.ToArray());
        File.WriteAllText(At("src/long"), "linked to");
        Shell("ln src/x src/zz; ln src/long src/zz2; tar -cf t.tar src; TZ=Asia/Kolkata tar -tvf t.tar > list; "
            + "TZ=Asia/Kolkata tar --full-time -tvf t.tar > full");
        Judge("list", "Asia/Kolkata", 60, hasLinks: true);
        Judge("full", "Asia/Kolkata", 1, hasLinks: true);
    }

    [Fact]
    public void What_bsdtar_lists_is_read_with_the_year_that_it_leaves_out()
    {
        ZooPosix.WriteFile(ZooPosix.Path(At("src"), [0xFF, (byte)'\n', (byte)'\t', 0x07]), "odd"u8.ToArray());
        Shell("bsdtar -cf t.tar src; LC_ALL=C TZ=Europe/Berlin bsdtar -tvf t.tar > list");
        // What is older than some months is told to the day.
        Judge("list", "Europe/Berlin", 86_400, hasLinks: true);
    }

    [Fact]
    public void A_time_without_a_year_is_of_the_last_twelve_months()
    {
        var times = new LocalTimes(TimeZoneInfo.Utc, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal("2026-03-02T11:25:00.000000000Z", Time("Mar  2 11:25"));
        Assert.Equal("2025-03-03T00:01:00.000000000Z", Time("Mar  3 00:01"));
        Assert.Equal("2025-12-31T23:59:00.000000000Z", Time("Dec 31 23:59"));
        Assert.Equal("1969-12-31T00:00:00.000000000Z", Time("Dec 31  1969"));

        string Time(string text)
        {
            Assert.True(times.TryLs(Encoding.UTF8.GetBytes(text), out FileTime time, out _));
            return time.ToString();
        }
    }

    [Fact]
    public void What_zpaq_lists_is_read_as_UTC()
    {
        Assert.SkipUnless(Exists("zpaq"), "zpaq is not installed");
        Shell("rm src/link; zpaq add t.zpaq src >/dev/null 2>&1; TZ=Asia/Kolkata zpaq list t.zpaq > list 2>/dev/null");
        Judge("list", "UTC", 1, hasLinks: false);
    }

    [Fact]
    public void What_restic_lists_is_read_to_the_nanosecond()
    {
        Assert.SkipUnless(Exists("restic"), "restic is not installed");
        Shell("export RESTIC_PASSWORD=x HOME=$PWD; restic init -q -r r >/dev/null; restic -q -r r backup src >/dev/null; "
            + "restic -r r ls latest --json > list");
        string[] read = Read("list", "Europe/Berlin", 0);
        string[] root = [.. read.Where(static r => r.EndsWith("/x", StringComparison.Ordinal)).Select(static r => r.Split(' ', 3)[2][..^1])];
        Assert.Equal(Facts(0, root[0].Length > 5 ? root[0] : "/src/"), read);
    }

    [Fact]
    public void What_borg_lists_is_read_in_the_zone_it_was_listed_in()
    {
        Assert.SkipUnless(Exists("borg"), "borg is not installed");
        Shell("export BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes HOME=$PWD; borg init -e none b 2>/dev/null; borg create b::x src; "
            + "TZ=Asia/Kolkata borg list --json-lines b::x > list");
        Judge("list", "Asia/Kolkata", 0, hasLinks: true, isMicroseconds: true);
    }

    [Theory]
    [InlineData("zpaq v7.15\n- 2026-12-01 11:25:09 x 0644 a\n", 2, "has no size")]
    [InlineData("drwxr-xr-x root/root 0 2026-12-01 11:25 a/\n-rw-r--r-- root/root 0 yesterday a\n", 2, "has no time")]
    [InlineData("{\"type\": \"-\", \"path\": \"a\", \"mtime\": \"x\"}\n", 1, "has no time")]
    [InlineData("{\"type\": \"-\", \"path\"\n", 1, "is no JSON")]
    [InlineData("{\"type\": \"-\"}\n", 1, "has no path")]
    [InlineData("{\"struct_type\":\"node\",\"path\":\"\\ud800\"}\n", 1, "no text")]
    public void A_malformed_line_is_named_or_skipped(string list, int line, string what)
    {
        var bad = new List<string>();
        var reader = new SavedReader(new MemoryStream(Encoding.UTF8.GetBytes(list)), null, "list", Times("UTC"), e => bad.Add(e.Message));
        var entry = new ListEntry();
        while (reader.Read(ref entry)) { }
        Assert.Contains(what, Assert.Single(bad), StringComparison.Ordinal);
        Assert.StartsWith($"list:{line}: ", bad[0], StringComparison.Ordinal);
        var strict = new SavedReader(new MemoryStream(Encoding.UTF8.GetBytes(list)), null, "list", Times("UTC"), null);
        Assert.Throws<VarveException>(() =>
        {
            var again = new ListEntry();
            while (strict.Read(ref again)) { }
        });
    }

    private void Judge(string list, string zone, int seconds, bool hasLinks, bool isMicroseconds = false)
    {
        string[] facts = Facts(seconds, "src/", isMicroseconds, hasLinks ? zone : "UTC");
        Assert.Equal(facts, Read(list, zone, seconds, isMicroseconds));
    }

    /// <summary>Time, size and name of each file, as the system has them; of further names the size is not told.</summary>
    private string[] Facts(int seconds, string prefix, bool isMicroseconds = false, string zone = "UTC")
    {
        Shell("find src ! -type d -printf '%T@ %s %n %y %p\\0' > facts");
        return [.. Encoding.Latin1.GetString(File.ReadAllBytes(At("facts"))).Split('\0')[..^1].Select(record =>
        {
            string[] f = record.Split(' ', 5);
            return $"{Time(f[0], seconds, isMicroseconds, zone)} {(f[2] != "1" || f[3] == "l" ? "?" : f[1])} {prefix}{f[4]["src/".Length..]}";
        }).Order(StringComparer.Ordinal)];
    }

    private string[] Read(string list, string zone, int seconds, bool isMicroseconds = false)
    {
        using FileStream stream = File.OpenRead(At(list));
        var reader = new SavedReader(stream, null, list, Times(zone), skip: null);
        var entry = new ListEntry();
        var read = new List<string>();
        while (reader.Read(ref entry))
        {
            if (entry.Kind == EntryKind.Directory) { continue; }
            string name = Encoding.Latin1.GetString(entry.Name);
            Assert.True(entry.HasTime, name);
            string size = entry.Size < 0 || entry.Kind == EntryKind.Symlink || IsLinked(name) ? "?" : $"{entry.Size}";
            read.Add($"{Time($"{entry.Time.Seconds}.{entry.Time.Nanoseconds:000000000}0", seconds, isMicroseconds, zone)} {size} {name}");
        }

        read.Sort(StringComparer.Ordinal);
        return [.. read];
    }

    private bool IsLinked(string name) => name.StartsWith("src/", StringComparison.Ordinal) && File.Exists(At("src/zz"))
        && (string[])["src/x", "src/zz", "src/long", "src/zz2"] is var linked && linked.Contains(name);

    /// <summary>A time, cut to whole units of the zone it was told in.</summary>
    private static string Time(string time, int seconds, bool isMicroseconds, string zone)
    {
        if (seconds == 0) { return isMicroseconds ? time[..^5] : time; } // borg rounds
        long whole = long.Parse(time.AsSpan(0, time.IndexOf('.', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
        long offset = (long)TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(whole)).TotalSeconds;
        return $"{((whole + offset) / seconds * seconds) - offset}";
    }

    private static LocalTimes Times(string zone) => new(TimeZoneInfo.FindSystemTimeZoneById(zone), TimeProvider.System.GetUtcNow());

    private static bool Exists(string program) => File.Exists("/usr/bin/" + program);

    private void Shell(string command) => Programs.Run("bash", "-c", $"cd '{_d.Path}'; set -e; {command}");

    private string At(string name) => Path.Combine(_d.Path, name);
}
