using System.Globalization;
using System.Text;
using Varve.Archives.Lists;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Archives.Lists;

/// <summary>
/// Lists as find and stat of this system print them: what is read says what the system says, and is written as they wrote it.
/// </summary>
public sealed class RealListTests : IDisposable
{
    private const string FindFormat = "%T@ %s %i %m %y %g %u %D %p", StatFormat = "%Y %s %i %f %g %u %d %n";
    private readonly ScratchDirectory _d = new();

    public RealListTests()
    {
        Directory.CreateDirectory(At("a dir/below"));
        File.WriteAllText(At("a dir/x"), "hello");
        File.WriteAllText(At("a dir/below/md5=1 2 3"), "");
        File.CreateSymbolicLink(At("a dir/link"), "nowhere");
        Programs.Run("mkfifo", At("fifo"));
        Programs.Run("chmod", "7777", At("a dir/x"));
        Programs.Run("chmod", "000", At("a dir/below/md5=1 2 3"));
        // Before 1970 find adds the fraction to the second before, and stat takes it from the second after.
        ZooPosix.SetTime(ZooPosix.Path(At("a dir/x")), -2, 400_000_000);
        ZooPosix.SetTime(ZooPosix.Path(At("a dir/below")), -1, 500_000_000);
        ZooPosix.SetTime(ZooPosix.Path(At("fifo")), 0, 1);
        _d.Touch([0xFF, (byte)' ', 0x80]);
    }

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData("find", FindFormat + "\\n")]
    [InlineData("find0", FindFormat + "\\0")]
    [InlineData("fields", "%T@\\0%s\\0%i\\0%m\\0%y\\0%g\\0%u\\0%D\\0%p\\0")]
    public void What_find_prints_is_read_as_the_system_has_it_and_written_as_find_wrote_it(string format, string printf)
    {
        if (format != "find") { _d.Touch("new\nline"u8); }
        Judge(Shell($"find '{_d.Path}' -printf '{printf}'"), format, isPrecise: true);
    }

    [Theory]
    [InlineData("stat", "-c '" + StatFormat + "'")]
    [InlineData("stat0", "--printf '" + StatFormat + "\\0'")]
    public void What_stat_prints_is_read_as_the_system_has_it_and_written_as_stat_wrote_it(string format, string option)
    {
        if (format != "stat") { _d.Touch("new\nline"u8); }
        Judge(Shell($"find '{_d.Path}' -exec stat {option} {{}} +"), format, isPrecise: false);
    }

    [Fact]
    public void A_mode_of_BSD_is_the_octal_twin_of_the_hexadecimal_one()
    {
        // stat -f of BSD prints st_mode in octal digits; %f of GNU the same number in hexadecimal ones.
        foreach (string line in Encoding.UTF8.GetString(Shell($"find '{_d.Path}' -name '*d*' -exec stat -c '{StatFormat}' {{}} +"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ', 8);
            fields[3] = Convert.ToString(Convert.ToInt32(fields[3], 16), 8);
            var (gnu, bsd) = (Read(line, "stat"), Read(string.Join(' ', fields), "bsdstat"));
            Assert.Equal(gnu, bsd);
        }
    }

    [Fact]
    public void A_time_of_stat_with_a_fraction_is_read_as_stat_means_it()
    {
        byte[] list = Shell($"stat -c '%.9Y %s %i %f %g %u %d %n' '{At("a dir/x")}' '{At("a dir/below")}'");
        var reader = new ListReader(new MemoryStream(list), null, "stat");
        var entry = new ListEntry();
        Assert.True(reader.Read(ref entry));
        Assert.Equal((new FileTime(-2, 400_000_000), 1), (entry.Time, entry.Precision));
        Assert.True(reader.Read(ref entry));
        Assert.Equal(new FileTime(-1, 500_000_000), entry.Time);
    }

    private void Judge(byte[] list, string word, bool isPrecise)
    {
        ListFormat format = ListFormat.Find(word)!.Value;
        var reader = new ListReader(new MemoryStream(list), format, word);
        var written = new ByteWriter();
        int lines = 0;
        var entry = new ListEntry();
        while (reader.Read(ref entry))
        {
            Assert.Equal(0, Posix.StatAt(Posix.AT_FDCWD, entry.Name, out EntryStat stat));
            Assert.Equal((stat.Kind, (int)stat.Mode, stat.Inode), (entry.Kind, entry.Mode, entry.Inode));
            Assert.Equal(isPrecise ? stat.Mtime : stat.Mtime with { Nanoseconds = 0 }, entry.Time);
            if (stat.Kind != EntryKind.Directory) { Assert.Equal(stat.Size, entry.Size); }
            Assert.Equal(Posix.DeviceNumber((uint)(stat.Device >> 32), (uint)stat.Device), entry.Device);
            if (!isPrecise) { Assert.Equal(stat.Uid.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(entry.User)); }
            Assert.Null(ListWriter.Write(written, format, in entry));
            lines++;
        }

        Assert.InRange(lines, 8, 9);
        Assert.Equal(Encoding.Latin1.GetString(list), Encoding.Latin1.GetString(written.Written));
    }

    private static (FileTime Time, int Mode, EntryKind Kind, string Name) Read(string line, string word)
    {
        var entry = new ListEntry();
        var reader = new ListReader(new MemoryStream(Encoding.UTF8.GetBytes(line)), ListFormat.Find(word), word);
        Assert.True(reader.Read(ref entry));
        return (entry.Time, entry.Mode, entry.Kind, Encoding.UTF8.GetString(entry.Name));
    }

    private byte[] Shell(string command)
    {
        Programs.Run("bash", "-c", $"{command} > '{At("../" + Path.GetFileName(_d.Path) + ".out")}'");
        byte[] list = File.ReadAllBytes(_d.Path + ".out");
        File.Delete(_d.Path + ".out");
        return list;
    }

    private string At(string name) => Path.Combine(_d.Path, name);
}
