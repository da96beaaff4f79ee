using System.Text;
using Varve.App.Output;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.App.Output.Reports;
using Varve.Model;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Output;

public sealed class TextTableTests
{
    private static readonly TableShape s_shape =
        new(new TableColumn("NAME"), new TableColumn("COUNT", IsRight: true), new TableColumn("TIME", IsTime: true), new TableColumn("REST"));

    private readonly List<string> _lines = [];

    [Fact]
    public void Columns_are_as_wide_as_what_is_in_them()
    {
        Print(["a", "1", "now", "x"], ["a longer name", "1,000,000", "then", ""]);
        Assert.Equal(
        [
            "NAME               COUNT  TIME (UTC)  REST",
            "a                      1  now         x",
            "a longer name  1,000,000  then",
        ], _lines);
    }

    [Fact]
    public void Letters_of_two_columns_and_marks_of_none_are_measured_as_terminals_show_them()
    {
        Print(["\u6587\u5b57", "1", "t", "x"], ["e\u0301t\u00e9", "2", "t", "y"], ["\e[31mred\e[0m", "3", "t", "z"]);
        Assert.Equal("\u6587\u5b57      1  t           x", _lines[1]);
        Assert.Equal("e\u0301t\u00e9       2  t           y", _lines[2]);
        Assert.Equal("\e[31mred\e[0m       3  t           z", _lines[3]);
    }

    [Fact]
    public void Rows_beyond_those_that_were_measured_go_out_at_once_and_a_wider_cell_moves_the_rest()
    {
        var table = new TextTable(s_shape, "UTC", _lines.Add);
        for (int i = 0; i < 1000; i++) { table.Add(["n", "1", "t", "x"]); }
        Assert.Equal(1001, _lines.Count); // with the headings
        table.Add(["a longer name", "2", "t", "y"]);
        Assert.Equal("a longer name      2  t           y", _lines[^1]);
        table.Flush();
        Assert.Equal(1002, _lines.Count);
    }

    [Fact]
    public void A_table_without_rows_is_nothing()
    {
        new TextTable(s_shape, "UTC", _lines.Add).Flush();
        Assert.Empty(_lines);
    }

    [Theory]
    [InlineData("Europe/Berlin", "START (Europe/Berlin)", "2026-11-22 11:00:00")]
    [InlineData("UTC", "START (UTC)", "2026-11-22 10:00:00")]
    public void Times_are_local_and_their_zone_is_stated(string zone, string heading, string time)
    {
        string text = Text(writer => writer.Write(new SnapshotReport(Some.Name(1), Snapshot())), zone);
        Assert.Contains(heading, text);
        Assert.Contains(time, text);
    }

    [Theory]
    [InlineData("Europe/Berlin", 1_795_341_600, "2026-11-22 11:00:00 +01:00")]
    [InlineData("Europe/Berlin", 1_784_800_000, "2026-07-23 11:46:40 +02:00")]
    [InlineData("UTC", 1_795_341_600, "2026-11-22 10:00:00 UTC")]
    public void Where_there_is_no_heading_each_time_has_its_zone(string zone, long seconds, string time)
    {
        var stat = new EntryStat { Kind = EntryKind.File, Mode = 0x1A4, Mtime = new FileTime(seconds, 0) };
        string text = Text(writer => writer.Write(
            new EntryReport(new ListedEntry("a"u8.ToArray(), stat, EntryFlags.None, null, "me", "us"), EntryView.Long)), zone);
        Assert.Equal($"-rw-r--r-- me us 0 {time} a\n", text);
    }

    [Fact]
    public void A_zone_without_a_name_is_told_by_its_distance()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("odd", TimeSpan.FromMinutes(210), "odd", "odd");
        Assert.Equal("UTC+03:30", Human.ZoneName(zone, DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void A_snapshot_says_until_when_nothing_changed() => Assert.Contains("[unchanged until 2026-11-23 10:00:00]",
        Text(writer => writer.Write(new SnapshotReport(Some.Name(1), Snapshot(), new FileTime(1_795_428_000, 0))), "UTC"));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefgh", 6, "...fgh")]
    [InlineData("\u6587\u6587\u6587", 5, "...\u6587")]
    public void The_end_of_a_path_is_what_is_kept_of_it(string text, int width, string tail) =>
        Assert.Equal(tail, TextWidth.Tail(text, width));

    private void Print(params string[][] rows)
    {
        var table = new TextTable(s_shape, "UTC", _lines.Add);
        foreach (string[] row in rows) { table.Add(row); }
        table.Flush();
    }

    private static string Text(Action<ReportWriter> write, string zone)
    {
        using var stream = new MemoryStream();
        var output = new TextOutput(stream);
        ReportWriter writer = Pages.Writer(output, json: false, zone: TimeZoneInfo.FindSystemTimeZoneById(zone));
        write(writer);
        writer.Finish();
        output.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Snapshot Snapshot() => new()
    {
        SourceId = default, Start = new FileTime(1_795_341_600, 0), End = default, RootTree = default, Counts = new SnapshotCounts(),
        Program = "p",
    };
}
