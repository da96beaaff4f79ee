using System.Text;
using System.Text.Json;
using Varve.App.Output;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.App.Output.Reports;
using Varve.Backup;
using Varve.History;
using Varve.Model;

namespace Varve.Tests.App.Output;

public sealed class ReportTests
{
    private readonly MemoryStream _stream = new();

    [Fact]
    public void A_backup_s_object_has_the_documented_fields()
    {
        using JsonDocument document = Json(
            new BackupReport(Result(new SnapshotCounts { Files = 7, New = 2, BytesRead = 99, BytesAdded = 9 })));
        JsonElement root = document.RootElement;
        Assert.Equal(
            ["type", "snapshot", "sourceId", "source", "host", "user", "root", "canonicalRoot", "tags", "pin", "start", "end", "unchangedUntil",
                "partial",
                "writer", "signature", "undecided", "generation", "parent", "program",
                "files", "directories", "symlinks", "others", "bytes", "failed", "new", "changed", "metadataOnly", "unchanged", "gone",
                "moved", "bytesRead", "bytesAdded", "bytesStored", "pendingFiles", "pendingBytes", "leftOut",
                "nothingChanged", "skipped", "resumed", "torn", "unstable", "deltaFiles", "deltaBytes", "seconds", "failureCount", "failures",
                "pending", "unmatchedExcludes", "notes"],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("backup", root.GetProperty("type").GetString());
        Assert.Equal("/home/me/docs", root.GetProperty("root").GetString());
        Assert.Equal("2026-11-22T10:00:00.000000005Z", root.GetProperty("start").GetString());
        Assert.Equal(2, root.GetProperty("new").GetInt64());
        Assert.False(root.GetProperty("nothingChanged").GetBoolean());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("parent").ValueKind);
        JsonElement failure = root.GetProperty("failures")[0];
        Assert.Equal(JsonValueKind.Null, failure.GetProperty("path").ValueKind);
        Assert.Equal([0x61, 0xFF], failure.GetProperty("pathBytes").GetBytesFromBase64());
        Assert.Equal("open", failure.GetProperty("operation").GetString());
        Assert.Equal(13, failure.GetProperty("errno").GetInt32());
    }

    [Fact]
    public void Without_the_full_key_the_names_are_null()
    {
        BackupResult result = Result(new SnapshotCounts());
        using JsonDocument document = Json(new SnapshotReport(result.Name, result.Snapshot with { Private = null }));
        foreach (string name in new[] { "source", "host", "user", "root", "canonicalRoot", "tags" })
        {
            Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty(name).ValueKind);
        }
    }

    [Fact]
    public void A_hundred_thousand_tags_are_one_short_line_and_in_JSON_all_of_them()
    {
        BackupResult result = Result(new SnapshotCounts());
        SnapshotReport Tagged(int count) => new(result.Name, result.Snapshot with
        {
            Private = result.Snapshot.Private! with { Tags = [.. Enumerable.Range(1, count).Select(static i => $"t{i}")] },
        });

        string text = Text(Tagged(100_000));
        Assert.Contains(" #t1 #t2 ", text, StringComparison.Ordinal);
        Assert.Contains(" #t20 and 99,980 more tags", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 0, 500);
        Assert.EndsWith(" #t20\n", Text(Tagged(20)), StringComparison.Ordinal);
        using JsonDocument document = Json(Tagged(100_000));
        Assert.Equal(100_000, document.RootElement.GetProperty("tags").GetArrayLength());
    }

    [Fact]
    public void A_backup_s_summary_tells_counts_bytes_and_time()
    {
        string text = Text(new BackupReport(Result(new SnapshotCounts
        {
            Files = 78_635, Directories = 1, Bytes = 1 << 30, New = 12, Changed = 3, MetadataOnly = 1, Unchanged = 78_620, Gone = 4,
            BytesRead = 2 << 20, BytesAdded = 1 << 20, BytesStored = 312 << 10,
        })));
        Assert.Contains("of docs (/home/me/docs)", text);
        Assert.Contains("78,635 files, 1 directory, 1.0 GiB", text);
        Assert.Contains("12 new, 3 changed, 1 with new metadata, 78,620 unchanged, 4 gone", text);
        Assert.Contains("2.0 MiB read, 1.0 MiB added, 312 KiB stored", text);
        Assert.Contains("2.0 s", text);
        Assert.Contains("1 path could not be saved", text);
    }

    [Fact]
    public void What_deltas_saved_is_told_when_there_is_any()
    {
        BackupResult result = Result(new SnapshotCounts());
        Assert.DoesNotContain("deltas", Text(new BackupReport(result)));
        Assert.Contains("deltas   1.0 GiB of 2 changed files as stored before",
            Text(new BackupReport(result with { DeltaFiles = 2, DeltaBytes = 1 << 30 })));
    }

    [Fact]
    public void A_second_run_says_that_nothing_changed() =>
        Assert.Equal("Snapshot 00000000 of docs (/home/me/docs): nothing changed; 5 files, 0 B in 2.0 s\n",
        Text(new BackupReport(Well(new SnapshotCounts { Files = 5, Unchanged = 5 }) with { NothingChanged = true })));

    [Theory]
    [InlineData("Full", 6)]
    [InlineData("Line", 1)]
    [InlineData("Quiet", 0)]
    public void A_summary_is_as_long_as_is_wanted(string wanted, int lines)
    {
        Detail detail = Enum.Parse<Detail>(wanted);
        string text = Text(new BackupReport(Result(new SnapshotCounts { Files = 7, New = 2, BytesStored = 1 << 20 })), detail);
        Assert.Equal(lines, text.Count(static c => c == '\n'));
        if (detail == Detail.Line)
        {
            Assert.Equal("Snapshot 00000000 of docs (/home/me/docs): 2 new, 0 changed, 0 gone; 7 files, 0 B; 1.0 MiB stored in 2.0 s; "
                + "1 failed\n", text);
        }
    }

    [Fact]
    public void A_backup_that_made_no_snapshot_names_the_one_before() =>
        Assert.Equal("No snapshot of docs (/home/me/docs): nothing changed since 00000000; 5 files, 0 B in 2.0 s\n",
        Text(new BackupReport(Well(new SnapshotCounts { Files = 5 }) with { NothingChanged = true, IsSkipped = true })));

    [Fact]
    public void Files_that_were_not_seen_to_hold_still_are_not_said_to_have_moved()
    {
        BackupResult result = Result(new SnapshotCounts()) with { Unstable = 2 };
        Assert.Contains("  unstable  2 files not seen to hold still: varve unstable\n", Text(new BackupReport(result)));
        Assert.Contains("; 2 not seen to hold still\n", Text(new BackupReport(result), Detail.Line));
    }

    [Fact]
    public void Failures_are_listed_up_to_twenty_and_then_counted()
    {
        var error = new StringWriter { NewLine = "\n" };
        Failure[] failures = [.. Enumerable.Range(0, 25)
            .Select(i => new Failure(Encoding.UTF8.GetBytes($"f{i}\n"), FailedOperation.Read, 5, "Input/output error"))];
        FailureText.Print(new StatusLine(error, false, () => 80), failures, 1234);
        string[] lines = error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(21, lines.Length);
        Assert.Equal(@"varve: f0\n: Input/output error", lines[0]);
        Assert.Equal("varve: and 1,214 more", lines[20]);
    }

    [Fact]
    public void A_listed_entry_s_object_has_the_documented_fields()
    {
        var stat = new EntryStat
        {
            Kind = EntryKind.Symlink, Mode = 0x1FF, Uid = 1, Gid = 2, Size = 3,
            Mtime = new FileTime(-1, 999_999_999), Inode = ulong.MaxValue
        };
        using JsonDocument document = Json(
            new EntryReport(new ListedEntry("a/b"u8.ToArray(), stat, EntryFlags.None, [0xFF], "me", null), default));
        JsonElement root = document.RootElement;
        Assert.Equal(
            ["path", "kind", "size", "mode", "uid", "gid", "mtime", "ctime", "inode", "torn", "user", "group", "target", "targetBytes"],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("1969-12-31T23:59:59.999999999Z", root.GetProperty("mtime").GetString());
        Assert.Equal(ulong.MaxValue, root.GetProperty("inode").GetUInt64());
        Assert.Equal([0xFF], root.GetProperty("targetBytes").GetBytesFromBase64());
    }

    [Theory]
    [InlineData(0, 0, "1970-01-01T00:00:00.000000000Z")]
    [InlineData(253402300799, 1, "9999-12-31T23:59:59.000000001Z")]
    [InlineData(253402300800, 1, "@253402300800.000000001")]
    [InlineData(long.MinValue, 0, "@-9223372036854775808.000000000")]
    public void Times_are_exact_at_any_distance(long seconds, int nanoseconds, string text) =>
        Assert.Equal(text, new TimeText(new FileTime(seconds, nanoseconds)).ToString());

    [Fact]
    public void A_long_line_shows_what_ls_shows()
    {
        var stat = new EntryStat { Kind = EntryKind.File, Mode = 0x1A4, Uid = 1000, Gid = 100, Size = 12_345, Mtime = new FileTime(0, 0) };
        Assert.Equal(@"-rw-r--r-- me 100 12,345 1970-01-01 00:00:00 UTC a\nb  [torn]" + "\n",
            Text(new EntryReport(new ListedEntry("a\nb"u8.ToArray(), stat, EntryFlags.Torn, null, "me", null), EntryView.Long)));
    }

    [Fact]
    public void Rows_of_a_query_become_objects_with_distinct_members()
    {
        IReadOnlyList<string> names = SqlRow.Distinct(["n", "n", "b", "n:2", "x"]);
        Assert.Equal(["n", "n:2", "b", "n:2:2", "x"], names);
        using JsonDocument document = Json(new SqlRow(names, [1L, 0.5, new byte[] { 1, 255 }, "text", null]));
        Assert.Equal("""{"n":1,"n:2":0.5,"b":{"base64":"Af8="},"n:2:2":"text","x":null}""", document.RootElement.GetRawText());
        Assert.Equal("1\tname\tx'01ff'\ta\\tb\tNULL\n",
            Text(new SqlRow(names, [1L, "name"u8.ToArray(), new byte[] { 1, 255 }, "a\tb", null])));
    }

    [Fact]
    public void Output_keeps_its_order_across_its_buffer()
    {
        string big = new('é', 100_000);
        Assert.Equal("a" + big + "😀b\n", Text(output =>
        {
            output.Write("a");
            output.WriteBytes(Encoding.UTF8.GetBytes(big));
            output.WriteLine("😀b");
        }));
        string odd = "x" + string.Concat(Enumerable.Repeat("😀", 60_000));
        Assert.Equal(odd, Text(output => output.Write(odd)));
    }

    private static BackupResult Well(SnapshotCounts counts) => Result(counts) with { Failures = [], FailureCount = 0 };

    private static BackupResult Result(SnapshotCounts counts) => new(
        default,
        new Snapshot
        {
            SourceId = default,
            Start = new FileTime(1_795_341_600, 5),
            End = new FileTime(1_795_341_602, 0),
            RootTree = default,
            Counts = counts,
            Program = "varve test",
            Private = new SnapshotPrivate
            {
                Source = "docs", Host = "h", User = "me", RootPath = "/home/me/docs"u8.ToArray(),
                CanonicalRoot = "/home/me/docs"u8.ToArray(),
            },
        },
        [new Failure([0x61, 0xFF], FailedOperation.Open, 13, "Permission denied")], 1, [new Notice(Subject.None, "note")],
        TimeSpan.FromSeconds(2), false);

    private string Text(Action<TextOutput> write)
    {
        _stream.SetLength(0);
        var output = new TextOutput(_stream);
        write(output);
        output.Flush();
        return Encoding.UTF8.GetString(_stream.ToArray());
    }

    private string Text<T>(T report, Detail detail = Detail.Full) where T : IReport<T> => Text(output =>
    {
        ReportWriter writer = Pages.Writer(output, json: false, detail);
        writer.Write(report);
        writer.Finish();
    });

    private JsonDocument Json<T>(T report) where T : IReport<T>
    {
        string text = Text(output => Pages.Writer(output, json: true).Write(report));
        _stream.SetLength(0);
        Assert.EndsWith("}\n", text);
        Assert.Equal(1, text.Count(c => c == '\n'));
        return JsonDocument.Parse(text);
    }
}
