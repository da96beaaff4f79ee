using System.Text;
using Varve.Archives.Lists;
using Varve.Model.Bytes;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.Archives.Lists;

/// <summary>Lists are read and written; the real tools are in <see cref="RealListTests"/>.</summary>
public sealed class ListReaderTests
{
    public static TheoryData<string> Formats => [.. ListFormat.Words];

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_a_format_writes_it_reads_whatever_the_name(string word)
    {
        ListFormat format = ListFormat.Find(word)!.Value;
        var into = new ByteWriter();
        byte[][] names = [[.. "/a b"u8], [.. " x "u8], [0xFF, 0xFE, (byte)'/', 0x80], [.. "md5=x 1700000000 1 2"u8], [.. "-"u8]];
        foreach (byte[] name in names) { Assert.Null(ListWriter.Write(into, format, Entry(name))); }
        ListReader reader = Reader(into.ToArray(), format);
        var read = new ListEntry();
        foreach (byte[] name in names)
        {
            Assert.True(reader.Read(ref read));
            Assert.Equal(name, read.Name.ToArray());
            if (format.Layout == ListLayout.Names) { continue; }
            bool isWhole = format.Layout is ListLayout.Stat or ListLayout.BsdStat;
            Assert.Equal(new FileTime(-3, isWhole ? 0 : 250_000_001), read.Time);
            Assert.Equal(isWhole ? 1_000_000_000 : 1, read.Precision);
            Assert.Equal(123, read.Size);
            if (format.Layout == ListLayout.Short) { continue; }
            Assert.Equal((77UL, 0x9FF, EntryKind.Directory, 65_024UL), (read.Inode, read.Mode, read.Kind, read.Device));
            Assert.Equal(("5", "1000"), (Text(read.Group), Text(read.User)));
        }

        Assert.False(reader.Read(ref read));
    }

    [Fact]
    public void A_newline_in_a_name_survives_what_is_ended_by_NUL_and_is_refused_in_lines()
    {
        foreach (string word in ListFormat.Words)
        {
            ListFormat format = ListFormat.Find(word)!.Value;
            var into = new ByteWriter();
            string? wrong = ListWriter.Write(into, format, Entry([.. "/a\nb"u8]));
            Assert.Equal(format.IsNull, wrong is null);
            if (wrong is not null)
            {
                Assert.Contains("newline", wrong, StringComparison.Ordinal);
                Assert.Equal(0, into.Length);
                continue;
            }

            var read = new ListEntry();
            Assert.True(Reader(into.ToArray(), format).Read(ref read));
            Assert.Equal("/a\nb", Text(read.Name));
        }
    }

    [Theory]
    [InlineData("find", "1700000000.0 1 2 644 f root 0 3 a\n1.5 1 2 999 f root 0 3 b\n", 2, "has no permissions in octal digits")]
    [InlineData("find", "x\n", 1, "does not begin with a time")]
    [InlineData("find", "1 2\n", 1, "has no inode number")]
    [InlineData("find", "1 1 2 644 f root 0 3 \n", 1, "has no name")]
    [InlineData("stat", "1 1 2 100644 0 0 3 a\n", 1, "has no mode in hexadecimal digits")]
    [InlineData("bsdstat", "1 1 2 81a4 0 0 3 a\n", 1, "has no mode in octal digits")]
    [InlineData("stat", "1 1 2 81a4 root 0 3 a\n", 1, "has no numbers of group and owner")]
    [InlineData("stat", "1 1 2 91a4 0 0 3 a\n", 1, "of no kind there is")]
    [InlineData("short", "1 -5 a\n", 1, "has no size")]
    [InlineData("names", "a\n\nb\n", 2, "has no name")]
    [InlineData("fields", "1\0" + "2\0", 1, "cut short")]
    public void A_malformed_line_is_named_with_file_and_line_and_ends_the_reading_or_is_skipped(
        string word, string list, int line, string what)
    {
        ListFormat format = ListFormat.Find(word)!.Value;
        byte[] bytes = Encoding.UTF8.GetBytes(list);
        VarveException bad = Assert.Throws<VarveException>(() => Names(Reader(bytes, format)));
        Assert.Equal((ErrorKind.Usage, (long)line, "list.txt"), (bad.Kind, bad.Subject.Line, bad.Subject.Name));
        Assert.StartsWith($"list.txt:{line}: ", bad.Message, StringComparison.Ordinal);
        Assert.Contains(what, bad.Message, StringComparison.Ordinal);
        var skipped = new List<string>();
        ListReader lenient = Reader(bytes, format, e => skipped.Add(e.Message));
        int records = format.Layout == ListLayout.Fields ? 1 : list.Split('\n').Length - 1;
        Assert.Equal(records - 1, Names(lenient).Count);
        Assert.Equal([bad.Message], skipped);
        Assert.Equal(1, lenient.Skipped);
    }

    [Theory]
    [InlineData("1700000000.1 1 2 644 f root 0 3 a b\n", "find")]
    [InlineData("1700000000 1 2 81a4 0 0 3 a b\n", "stat")]
    [InlineData("1700000000 1 2 100644 0 0 3 a b\n", "bsdstat")]
    [InlineData("1700000000 1 2 10644 0 0 3 a b\n", "bsdstat")] // a fifo, whose octal mode is the shortest
    [InlineData("1700000000 1 2 11a4 0 0 3 a b\n", "stat")] // the same in hexadecimal digits, which look octal but for the a
    [InlineData("1700000000 1 2 1111 0 0 3 a b\n", "stat")] // and where nothing but their number tells
    [InlineData("1700000000 1 a b\n", "short")]
    [InlineData("1700000000.1 1 2 644 f root 0 3 a\0", "find0")]
    [InlineData("1700000000.1\0" + "1\0" + "2\0" + "644\0" + "f\0" + "root\0" + "0\0" + "3\0" + "a\0", "fields")]
    [InlineData("k=v\0" + "1700000000.1\0" + "1\0" + "2\0" + "644\0" + "f\0" + "root\0" + "0\0" + "3\0" + "a\0", "fields")]
    public void The_first_line_tells_formats_apart_that_look_alike(string list, string word)
    {
        ListReader reader = Reader(Encoding.UTF8.GetBytes(list), null);
        Assert.Single(Names(reader));
        Assert.Equal(word, ListSniffer.Find(Encoding.UTF8.GetBytes(list)).ToString());
    }

    [Fact]
    public void What_could_be_names_alone_is_not_guessed()
    {
        VarveException unknown = Assert.Throws<VarveException>(() => Names(Reader("/a\n/b\n"u8.ToArray(), null)));
        Assert.Equal((ErrorKind.Usage, Advice.NameListFormat), (unknown.Kind, unknown.Advice));
    }

    [Fact]
    public void Further_fields_are_kept_from_one_format_to_another()
    {
        ListReader reader = Reader("sha256=ab12 note=x=y 1.5 3 /a b\n"u8.ToArray(), ListFormat.Find("short"));
        var read = new ListEntry();
        Assert.True(reader.Read(ref read));
        Assert.Equal(("sha256=ab12 note=x=y ", "/a b"), (Text(read.Further), Text(read.Name)));
        var into = new ByteWriter();
        Assert.Null(ListWriter.Write(into, ListFormat.Find("fields")!.Value, in read));
        Assert.Equal("sha256=ab12\0note=x=y\0" + "1.5000000000\0" + "3\0?\0?\0U\0?\0?\0?\0/a b\0", Encoding.UTF8.GetString(into.Written));
        var back = new ListEntry();
        Assert.True(Reader(into.ToArray(), null).Read(ref back));
        into.Clear();
        Assert.Null(ListWriter.Write(into, ListFormat.Find("short")!.Value, in back));
        Assert.Equal("sha256=ab12 note=x=y 1.500000000 3 /a b\n", Encoding.UTF8.GetString(into.Written));
    }

    [Fact]
    public void A_name_for_an_owner_does_not_become_a_number()
    {
        var entry = new ListEntry { Name = "a"u8, User = "root"u8, Group = "0"u8 };
        Assert.Contains("numbers", ListWriter.Write(new ByteWriter(), ListFormat.Find("stat")!.Value, in entry), StringComparison.Ordinal);
        Assert.Null(ListWriter.Write(new ByteWriter(), ListFormat.Find("find")!.Value, in entry));
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing_per_line_however_the_stream_is_cut()
    {
        ListFormat format = ListFormat.Find("find")!.Value;
        var lines = new ByteWriter();
        for (int i = 0; i < 20_000; i++) { ListWriter.Write(lines, format, Entry(Encoding.UTF8.GetBytes($"/some/directory/file {i}"))); }
        var into = new ByteWriter(4096);
        var stream = new MemoryStream(lines.ToArray());
        long read = 0;
        long allocated = Allocations.Of(() =>
        {
            stream.Position = 0;
            read = 0;
            var reader = new ListReader(stream, format, "list");
            var entry = new ListEntry();
            while (reader.Read(ref entry))
            {
                into.Clear();
                ListWriter.Write(into, format, in entry);
                read++;
            }
        });
        Assert.Equal(20_000, read);
        Assert.InRange(allocated, 0, 80_000); // the buffer and the reader, and no more for more lines
    }

    [Fact]
    public void A_line_without_end_does_not_fill_memory()
    {
        byte[] bytes = new byte[ListReader.LongestLine + (1 << 20)];
        Array.Fill(bytes, (byte)'x');
        "\nb\n"u8.CopyTo(bytes.AsSpan(bytes.Length - 3));
        ListReader reader = Reader(bytes, ListFormat.Find("names"), static _ => { });
        Assert.Equal(["b"], Names(reader));
        Assert.Equal(1, reader.Skipped);
    }

    private static ListEntry Entry(ReadOnlySpan<byte> name) => new()
    {
        Name = name, Time = new FileTime(-3, 250_000_001), HasTime = true, Size = 123, Inode = 77, Mode = 0x9FF, Kind = EntryKind.Directory,
        Group = "5"u8, User = "1000"u8, Device = 65_024,
    };

    private static ListReader Reader(byte[] list, ListFormat? format, Action<VarveException>? skip = null) =>
        new(new SlowStream(list), format, "list.txt") { Skip = skip };

    private static List<string> Names(ListReader reader)
    {
        var names = new List<string>();
        var entry = new ListEntry();
        while (reader.Read(ref entry)) { names.Add(Text(entry.Name)); }
        return names;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>Gives what it has in pieces of every size.</summary>
    private sealed class SlowStream(byte[] bytes) : MemoryStream(bytes)
    {
        private int _piece;

        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, Length > 1 << 20 ? count : 1 + (_piece++ % 7)));
    }
}
