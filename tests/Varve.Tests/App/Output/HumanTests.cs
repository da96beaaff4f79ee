using Varve.App.Output;
using Varve.Model;

namespace Varve.Tests.App.Output;

public sealed class HumanTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 KiB")]
    [InlineData(4096, "4.0 KiB")]
    [InlineData(102_348, "99.9 KiB")]
    [InlineData(102_400, "100 KiB")]
    [InlineData(1023 * 1024, "1.0 MiB")]
    [InlineData(1_395_864_371, "1.3 GiB")]
    [InlineData(long.MaxValue, "8.0 EiB")]
    public void Sizes_have_at_most_three_digits(long bytes, string text) => Assert.Equal(text, Human.Size(bytes));

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1 min 00 s")]
    [InlineData(65, "1 min 05 s")]
    [InlineData(7380, "2 h 03 min")]
    [InlineData(273_600, "3 d 04 h")]
    [InlineData(-1, "0.0 s")]
    public void Durations_have_two_units(double seconds, string text) => Assert.Equal(text, Human.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(EntryKind.File, 0x1A4, "-rw-r--r--")]
    [InlineData(EntryKind.Directory, 0x3FF, "drwxrwxrwt")]
    [InlineData(EntryKind.File, 0xDED, "-rwsr-sr-x")]
    [InlineData(EntryKind.File, 0xE00, "---S--S--T")]
    [InlineData(EntryKind.Symlink, 0x1FF, "lrwxrwxrwx")]
    public void Modes_look_as_in_ls(EntryKind kind, uint mode, string text) => Assert.Equal(text, Human.Mode(kind, mode));

    [Fact]
    public void Counts_are_grouped_and_agree_with_their_noun()
    {
        Assert.Equal("78,635 files", Human.Count(78_635, "file"));
        Assert.Equal("1 directory", Human.Count(1, "directory", "directories"));
        Assert.Equal("0 directories", Human.Count(0, "directory", "directories"));
    }
}
