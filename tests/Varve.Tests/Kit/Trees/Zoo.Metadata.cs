using System.Globalization;
using System.Text;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Kit.Trees;

/// <summary>The part of the zoo that is about names, modes, times and extended attributes.</summary>
internal static partial class Zoo
{
    private static void Names(string d)
    {
        MakeDirectory(Path(d));
        string[] texts =
        [
            "new\nline", "-rf", "--help", "-", "*", "?", "[a-z]", "{a,b}", "$(touch x)", "`id`", "back\\slash", "quo'te", "quo\"te",
            " leading", "trailing ",
            "tab\there", "...", ".hidden", "~", "#", "%s", "a:b", "CON", "Case", "case", "é", "e\u0301", "日本語", "\u202Eright", "%2e%2e",
            "!", "=", "@", "+ x",
        ];
        foreach (string text in texts) { File(d, text, Encoding.UTF8.GetBytes(text)); }
        File(d, [0xFF, 0xFE], [1]);
        File(d, [(byte)'a', 0xC3, 0x28, (byte)'b'], [2]);
        File(d, [0x80], [3]);
        File(d, [1, 2, 3, 0x1B, 0x7F], [4]);
        File(d, [.. Enumerable.Repeat((byte)'n', 255)], [5]);
        File(d, [.. Enumerable.Repeat((byte)0xF0, 255)], [6]);
        byte[] directory = [0xFF, (byte)'\n', (byte)'-'];
        MakeDirectory(Path(d, directory));
        byte[] inside = [.. Path(d, directory), (byte)'/', 0xFE];
        WriteFile(inside, [7]);
        SetTime(inside, 7, 7);
        SetTime(Path(d, directory), 8, 8);
    }

    private static void Modes(string d)
    {
        MakeDirectory(Path(d));
        foreach (uint mode in (uint[])[0, 0x100, 0x124, 0x1A4, 0x1B6, 0x1FF, 0x9ED, 0x5ED, 0xDC9, 0x3FF, 0x049])
        {
            string name = "file-" + Convert.ToString(mode, 8);
            File(d, name, [1, 2]);
            Chmod(Path(d, name), mode);
        }

        foreach (uint mode in (uint[])[0, 0x140, 0x1C0, 0x3FF, 0x5FD, 0x7FF])
        {
            string name = System.IO.Path.Combine(d, "directory-" + Convert.ToString(mode, 8));
            MakeDirectory(Path(name));
            File(name, "content", [3]);
            MakeDirectory(Path(name, "below"));
            SetTime(Path(name, "below"), 3, 3);
            SetTime(Path(name), 86_400, 500_000_001);
            Chmod(Path(name), mode);
        }
    }

    private static void Times(string d)
    {
        MakeDirectory(Path(d));
        foreach ((long seconds, int nanoseconds) in ((long, int)[])
            [(0, 0), (0, 1), (-1, 999_999_999), (-1_000_000_000, 5), (-2_147_483_648, 0), (2_147_483_648, 7), (4_294_967_296, 8),
            (15_032_385_535, 999_999_999), (981_173_106, 123_456_789)])
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{seconds}.{nanoseconds}");
            File(d, "file" + name, [1]);
            SetTime(Path(d, "file" + name), seconds, nanoseconds);
            MakeDirectory(Path(d, "directory" + name));
            SetTime(Path(d, "directory" + name), seconds, nanoseconds);
            Symlink(d, "symlink" + name, "x"u8.ToArray());
            SetTime(Path(d, "symlink" + name), seconds, nanoseconds);
        }
    }

    private static void Xattrs(string d)
    {
        MakeDirectory(Path(d));
        MakeDirectory(Path(d, "directory"));
        File(d, "file", [1]);
        File(d, "read-only", [1]);
        File(d, "acl", [1]);
        File(d, "capable", [1]);
        File(d, "capable-of-another", [1]);
        File(d, "no-dump", [1]);
        Symlink(d, "symlink", "file"u8.ToArray());
        Node(d, "fifo", Fifo | 0x1A4, 0, 0);
        foreach (string name in (string[])["file", "directory", "read-only"])
        {
            Xattr(d, name, "user.empty", []);
            Xattr(d, name, "user.binary", [0, 1, 255, 10, 0]);
            Xattr(d, name, "user.text", "value"u8.ToArray());
            IfRoot(() => Xattr(d, name, "trusted.varve", "trusted"u8.ToArray()));
            IfRoot(() => Xattr(d, name, "security.varve", "secure"u8.ToArray()));
        }

        File(d, "large", [1]);
        Xattr(d, "large", "user.large", Bytes(20, 3_000));
        IfRoot(() => Xattr(d, "symlink", "trusted.on-link", [9]));
        IfRoot(() => Xattr(d, "fifo", "trusted.on-fifo", [8]));
        Xattr(d, "acl", "system.posix_acl_access", ZooAcl.Acl(1000, 7, 2000, 5));
        Xattr(d, "directory", "system.posix_acl_access", ZooAcl.Acl(1000, 5, 2000, 1, owner: 7));
        Xattr(d, "directory", "system.posix_acl_default", ZooAcl.Acl(12_345, 7, 54_321, 4, owner: 7));
        IfRoot(() => Xattr(d, "capable", "security.capability", ZooAcl.Capability(0x2000)));
        IfRoot(() => Chown(Path(d, "capable-of-another"), 1000, 1000));
        IfRoot(() => Xattr(d, "capable-of-another", "security.capability", ZooAcl.Capability(0x400)));
        Chmod(Path(d, "read-only"), 0x124);
        ChangeFlags(Path(d, "no-dump"), 0x40, 0);
        SetTime(Path(d, "directory"), 4, 4);
    }

    private static void Xattr(string d, string name, string xattr, byte[] value)
    {
        try { SetXattr(Path(d, name), xattr, value); }
        catch (ZooException e) when (e.Errno is ENOTSUP or EPERM)
        {
            // A file system without them: the zoo has none there.
        }
    }
}
