using System.Globalization;
using System.Text;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Kit.Trees;

/// <summary>
/// A tree with everything in it that is hard to back up. Two zoos made with the same arguments are equal to every judge. What only root may
/// make is left out for others.
/// </summary>
internal static partial class Zoo
{
    private const uint Fifo = 0x1000, CharDevice = 0x2000, BlockDevice = 0x6000, Socket = 0xC000;

    /// <summary>The zoo's full size: as in the acceptance of the engine.</summary>
    public const int FullNames = 100_000;
    public const long FullHole = 1L << 30;

    /// <summary>Makes it in <paramref name="root"/>, which must not exist.</summary>
    /// <param name="root">Where.</param>
    /// <param name="names">Names in the directory of many names.</param>
    /// <param name="hole">Bytes of the file that is all hole.</param>
    public static void Create(string root, int names = 200, long hole = 8 << 20)
    {
        MakeDirectory(Path(root));
        Regular(System.IO.Path.Combine(root, "regular"));
        Sparse(System.IO.Path.Combine(root, "sparse"), hole);
        Symlinks(System.IO.Path.Combine(root, "symlinks"));
        Special(System.IO.Path.Combine(root, "special"));
        Links(System.IO.Path.Combine(root, "links"));
        Owners(System.IO.Path.Combine(root, "owners"));
        Xattrs(System.IO.Path.Combine(root, "xattrs"));
        Names(System.IO.Path.Combine(root, "names"));
        Many(System.IO.Path.Combine(root, "many"), names);
        Deep(System.IO.Path.Combine(root, "deep"));
        Modes(System.IO.Path.Combine(root, "modes"));
        Times(System.IO.Path.Combine(root, "times"));
        foreach (string d in (string[])["regular", "sparse", "symlinks", "special", "links/sub", "links", "owners", "xattrs", "names",
            "many", "modes", "times", ""])
        {
            SetTime(Path(root, d), 1_000_000_000 + d.Length, 123_456_789);
        }
    }

    /// <summary>
    /// A path of that many levels, far beyond PATH_MAX: on every level the next directory, a sibling directory and a file; a last file at
    /// the bottom.
    /// </summary>
    public static void CreateDeep(string root, int levels)
    {
        MakeDirectory(Path(root));
        int fd = OpenDirectory(root);
        for (int level = 0; level < levels; level++)
        {
            WriteFileAt(fd, "file"u8.ToArray(), 5, (0, Encoding.ASCII.GetBytes(level.ToString("00000", CultureInfo.InvariantCulture))));
            SetTimeAt(fd, "file"u8.ToArray(), level, 1);
            MakeDirectoryAt(fd, "sibling"u8.ToArray());
            SetTimeAt(fd, "sibling"u8.ToArray(), level, 2);
            MakeDirectoryAt(fd, DeepName(level));
            int next = OpenAt(fd, DeepName(level), DirectoryOnly);
            Close(fd);
            fd = next;
        }

        WriteFileAt(fd, "bottom"u8.ToArray(), 6, (0, "bottom"u8.ToArray()));
        SetTimeAt(fd, "bottom"u8.ToArray(), 7, 7);
        for (int level = levels - 1; level >= 0; level--)
        {
            int up = OpenAt(fd, ".."u8.ToArray(), DirectoryOnly);
            Close(fd);
            fd = up;
            SetTimeAt(fd, DeepName(level), level, 3);
        }

        Close(fd);
        SetTime(Path(root), 1, 4);
    }

    /// <summary>The directory that leads down from a level of the deep tree.</summary>
    public static byte[] DeepName(int level) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"level-{level:00000}"));

    private static void Regular(string d)
    {
        MakeDirectory(Path(d));
        File(d, "empty", []);
        File(d, "one", [42]);
        File(d, "hello", "Hello, world\n"u8.ToArray());
        File(d, "zeros", new byte[100_000]);
        File(d, "medium", Bytes(1, 65_536));
        File(d, "large", Bytes(2, 3_145_729));
    }

    private static void Sparse(string d, long hole)
    {
        MakeDirectory(Path(d));
        Holes(d, "start", 1_050_000, (1_048_576, Bytes(3, 1_424)));
        Holes(d, "middle", 2_097_152, (0, Bytes(4, 4_096)), (2_093_056, Bytes(5, 4_096)));
        Holes(d, "end", 1_048_577, (0, Bytes(6, 5_000)));
        Holes(d, "comb", 4_194_304, [.. Enumerable.Range(0, 16).Select(i => ((long)i * 262_144, Bytes(i, 4_096)))]);
        Holes(d, "all", hole);
    }

    private static void Symlinks(string d)
    {
        MakeDirectory(Path(d));
        MakeDirectory(Path(d, "directory"));
        SetTime(Path(d, "directory"), 999, 1);
        Symlink(d, "dangling", "nowhere"u8.ToArray());
        Symlink(d, "absolute", "/etc/passwd"u8.ToArray());
        Symlink(d, "to-directory", "directory"u8.ToArray());
        Symlink(d, "to-itself", "to-itself"u8.ToArray());
        Symlink(d, "up", "../../.."u8.ToArray());
        Symlink(d, "long", [.. Enumerable.Repeat((byte)'x', 4_000)]);
        Symlink(d, "bytes", [0xFF, (byte)'\n', 0xC3, 0x28]);
        IfRoot(() => Chown(Path(d, "dangling"), 1234, 4321));
        SetTime(Path(d, "dangling"), -5, 5);
    }

    private static void Special(string d)
    {
        MakeDirectory(Path(d));
        Node(d, "fifo", Fifo | 0x1A4, 0, 0);
        Node(d, "socket", Socket | 0x1ED, 0, 0);
        IfRoot(() => Node(d, "char", CharDevice | 0x1B6, 1, 3));
        IfRoot(() => Node(d, "block", BlockDevice | 0x1B0, 7, 200));
        IfRoot(() => Node(d, "char-large", CharDevice, 4_095, 1_048_575));
        IfRoot(() => Chown(Path(d, "fifo"), 77, 78));
        Chmod(Path(d, "socket"), 0x1FF);
        SetTime(Path(d, "socket"), 5, 5);
    }

    private static void Links(string d)
    {
        MakeDirectory(Path(d));
        MakeDirectory(Path(d, "sub"));
        File(d, "a", Bytes(9, 1_000));
        Link(Path(d, "a"), Path(d, "b"));
        Link(Path(d, "a"), Path(d, "sub", "c"));
        File(d, "two", Bytes(9, 1_000));
        Link(Path(d, "two"), Path(d, "sub", "two"));
        Symlink(d, "link", "a"u8.ToArray());
        Link(Path(d, "link"), Path(d, "sub", "link"));
        Node(d, "fifo", Fifo | 0x180, 0, 0);
        Link(Path(d, "fifo"), Path(d, "fifo2"));
        Holes(d, "large", 3_000_000, (2_000_000, Bytes(10, 500_000)));
        Link(Path(d, "large"), Path(d, "sub", "large"));
    }

    private static void Owners(string d)
    {
        MakeDirectory(Path(d));
        foreach ((uint uid, uint gid) in ((uint, uint)[])[(0, 0), (1, 2), (1000, 1000), (12_345, 54_321), (65_534, 65_534),
            (4_000_000_000, 4_100_000_000)])
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{uid}-{gid}");
            File(d, name, [1]);
            IfRoot(() => Chown(Path(d, name), uid, gid));
            Chmod(Path(d, name), uid == 1 ? 0xDEDu : 0x1A0u);
        }
    }

    private static void Many(string d, int names)
    {
        MakeDirectory(Path(d));
        for (int i = 0; i < names; i++)
        {
            string name = i.ToString("x8", CultureInfo.InvariantCulture);
            File(d, name, i % 4 == 0 ? [] : Encoding.ASCII.GetBytes(name));
        }
    }

    private static void Deep(string d)
    {
        // Within PATH_MAX, wherever the root is.
        string path = d;
        var made = new Stack<string>();
        MakeDirectory(Path(path));
        made.Push(path);
        for (int i = 0; i < 35; i++)
        {
            path = System.IO.Path.Combine(path, new string((char)('a' + i % 26), 100));
            MakeDirectory(Path(path));
            made.Push(path);
        }

        File(path, "bottom", [1, 2, 3]);
        foreach (string p in made) { SetTime(Path(p), 50_000, 999_999_999); }
    }

    private static void File(string d, string name, byte[] bytes) => File(d, Encoding.UTF8.GetBytes(name), bytes);

    private static void File(string d, byte[] name, byte[] bytes)
    {
        WriteFile(Path(d, name), bytes);
        SetTime(Path(d, name), 1_600_000_000 + bytes.Length, 1 + bytes.Length);
    }

    private static void Holes(string d, string name, long size, params (long Offset, byte[] Bytes)[] pieces)
    {
        WriteSparse(Path(d, name), size, pieces);
        SetTime(Path(d, name), 1_700_000_000, 42);
    }

    private static void Symlink(string d, string name, byte[] target)
    {
        ZooPosix.Symlink(target, Path(d, name));
        SetTime(Path(d, name), 1_234_567_890, target.Length);
    }

    private static void Node(string d, string name, uint mode, uint major, uint minor)
    {
        MakeNode(Path(d, name), mode, major, minor);
        Chmod(Path(d, name), mode & 0xFFF);
        SetTime(Path(d, name), 1_111_111_111, 11);
    }

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void IfRoot(Action action)
    {
        if (IsRoot) { action(); }
    }
}
