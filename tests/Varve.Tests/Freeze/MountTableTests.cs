using System.Text;
using Varve.Freeze;

namespace Varve.Tests.Freeze;

public sealed class MountTableTests
{
    private const string Text =
        """
        22 21 0:5 / /proc rw - proc proc rw
        30 21 0:39 /@home /home rw,relatime shared:7 master:2 - btrfs /dev/sdb rw,subvol=/@home
        31 30 254:3 / /home/ada/my\040disk rw - xfs /dev/mapper/vg-lv rw
        32 31 0:40 /deep /home/ada/my\040disk/in\134side rw - ext4 /dev/sdc rw
        33 21 0:41 / /homestead rw - tmpfs tmpfs rw
        37 21 0:45 / /late/inner rw - ext4 /dev/hidden rw
        38 21 0:46 / /late rw - ext4 /dev/outer rw
        21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        34 21 0:42 / /cover rw - ext4 /dev/old rw
        35 34 0:43 / /cover/below rw - ext4 /dev/hidden rw
        36 34 0:44 / /cover rw - ext4 /dev/new rw
        this line makes no sense
        40 21
        """;

    private readonly MountTable _table = MountTable.Parse(Encoding.UTF8.GetBytes(Text));

    [Theory]
    [InlineData("/", "/dev/sda1", "/")]
    [InlineData("/usr/lib", "/dev/sda1", "/usr/lib")]
    [InlineData("/home", "/dev/sdb", "/@home")]
    [InlineData("/home/bob/x", "/dev/sdb", "/@home/bob/x")]
    [InlineData("/home/ada/my disk/a", "/dev/mapper/vg-lv", "/a")]
    [InlineData("/home/ada/my disk/in\\side/b", "/dev/sdc", "/deep/b")]
    [InlineData("/homes", "/dev/sda1", "/homes")]
    [InlineData("/homestead/x", "tmpfs", "/x")]
    [InlineData("/cover/x", "/dev/new", "/x")]
    [InlineData("/cover/below/x", "/dev/new", "/below/x")]
    [InlineData("/late/inner/x", "/dev/outer", "/inner/x")]
    public void A_path_lies_on_the_deepest_mount_and_the_one_on_top(string path, string source, string inside)
    {
        MountEntry entry = _table.Of(Encoding.UTF8.GetBytes(path));
        Assert.Equal((source, inside), (entry.Source, Encoding.UTF8.GetString(entry.Inside(Encoding.UTF8.GetBytes(path)))));
    }

    [Fact]
    public void What_is_mounted_below_is_listed_from_the_outside_in_without_what_is_hidden()
    {
        Assert.Equal(["/home/ada/my disk", "/home/ada/my disk/in\\side"], Below("/home"));
        Assert.Equal(["/cover", "/home", "/home/ada/my disk", "/home/ada/my disk/in\\side", "/homestead", "/late", "/proc"], Below("/"));
        Assert.Empty(Below("/usr"));
        Assert.Empty(Below("/cover"));
    }

    [Fact]
    public void What_mount_says_of_this_machine_is_understood()
    {
        MountTable table = MountTable.Read();
        Assert.True(table.IsMounted("/proc"u8));
        Assert.Equal("proc", table.Of("/proc/self"u8).Type);
        Assert.False(table.IsMounted("/proc/self/no"u8));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("-", "")]
    [InlineData("1 1 0:1 / / rw - ext4 a rw\n1 1 0:1 / / rw - ext4 b rw\n2 3 0:1 / / rw - x x rw\n3 2 0:1 / / rw - x x rw", "/")]
    [InlineData("- - - - - - - - -", "")]
    [InlineData("1 2 3:4 / /x\\04 rw - ext4", "")]
    [InlineData("1 2 3:4 / /x\\999 rw - ext4 d rw", "/x\\999")]
    public void Of_lines_of_any_shape_those_that_make_sense_are_taken(string text, string expected)
    {
        MountTable table = MountTable.Parse(Encoding.UTF8.GetBytes(text));
        string root = table.IsMounted("/"u8) ? "/" : "";
        Assert.Equal(expected, root + string.Join(' ', table.Below("/"u8).Select(static e => Encoding.UTF8.GetString(e.Place))));
    }

    private IEnumerable<string> Below(string path) =>
        _table.Below(Encoding.UTF8.GetBytes(path)).Select(static e => Encoding.UTF8.GetString(e.Place));
}
