using Varve.App.Output;
using Varve.App.Output.Reports;
using Varve.History;
using Varve.Model;

namespace Varve.Tests.App.Output;

/// <summary>Lists of millions stream through: nothing is kept, and an item costs no more than the texts of its times.</summary>
public sealed class ReportAllocationTests
{
    private const int Items = 20_000;

    [Fact]
    public void An_item_of_a_list_allocates_only_the_texts_of_its_times()
    {
        var writer = new ReportWriter(new TextOutput(Stream.Null), new StatusLine(TextWriter.Null, false, () => 80), () => TimeZoneInfo.Utc,
            json: true);
        var entry = new ListedEntry("a/b"u8.ToArray(), new EntryStat { Kind = EntryKind.File, Size = 5 }, EntryFlags.None, null, "me",
            "us");
        Write(writer, entry, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Write(writer, entry, Items);
        // Two times of 30 letters are two strings of 88 bytes, and formatting them takes 64 in a build for debugging: 240. A string for the
        // path, or a report on the heap, would be 32 more at least.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Items, 0, 256);
    }

    private static void Write(ReportWriter writer, ListedEntry entry, int count)
    {
        for (int i = 0; i < count; i++) { writer.Write(new EntryReport(entry, default)); }
    }
}
