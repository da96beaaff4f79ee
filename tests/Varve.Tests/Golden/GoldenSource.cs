using System.Globalization;
using System.Text;
using Varve.App.Output.Pages;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Golden;

/// <summary>The tree that the golden repositories hold, in three states. Everything in it is fixed: names, content, metadata.</summary>
internal static class GoldenSource
{
    public static void Create(string root)
    {
        MakeDirectory(Path(root));
        foreach (string d in (string[])["files", "names", "links", "links/sub", "special", "sparse", "many", "empty", "deep", "deep/er",
            "deep/er/est"])
        {
            MakeDirectory(Path(root, d));
        }
        Write(root, "files/empty", []);
        Write(root, "files/one", [42]);
        Write(root, "files/text",
            Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Range(0, 20_000).Select(static i => i.ToString(CultureInfo.InvariantCulture)))));
        Write(root, "files/random", Bytes(1, 30_000));
        Write(root, "files/setuid", "#!/bin/sh\n"u8.ToArray());
        Write(root, "deep/er/est/file", "deep"u8.ToArray());
        Write(root, "files/attributes", "xattrs"u8.ToArray());
        SetXattr(Path(root, "files/attributes"), "user.varve.text", "a value"u8.ToArray());
        SetXattr(Path(root, "files/attributes"), "user.varve.bytes", [0, 255, 10, 0]);
        SetXattr(Path(root, "files/attributes"), "user.varve.empty", []);
        SetXattr(Path(root, "deep/er"), "user.on.a.directory", "yes"u8.ToArray());
        Named(root, "-leading-dash"u8.ToArray());
        Named(root, "new\nline"u8.ToArray());
        Named(root, [0xFF, 0xFE, (byte)' ', 0xC3, 0x28]);
        Named(root, [.. Enumerable.Repeat((byte)'n', 255)]);
        Named(root, "snow☃man"u8.ToArray());
        Write(root, "links/a", Bytes(2, 500));
        Link(Path(root, "links/a"), Path(root, "links/b"));
        Link(Path(root, "links/a"), Path(root, "links/sub/c"));
        Symlink("nowhere"u8.ToArray(), Path(root, "links/dangling"));
        Symlink("/etc/passwd"u8.ToArray(), Path(root, "links/absolute"));
        Symlink([.. Enumerable.Repeat((byte)'t', 1_000)], Path(root, "links/long"));
        Symlink([0xFF, (byte)'\n'], Path(root, "links/bytes"));
        Link(Path(root, "links/bytes"), Path(root, "links/sub/bytes"));
        MakeNode(Path(root, "special/fifo"), 0x11A4, 0, 0);
        MakeNode(Path(root, "special/socket"), 0xC1ED, 0, 0);
        WriteSparse(Path(root, "sparse/hole"), 5_000_000);
        WriteSparse(Path(root, "sparse/ends"), 3_000_000, (1_048_576, Bytes(3, 4_096)));
        WriteSparse(Path(root, "sparse/comb"), 8_192L * 900, [.. Enumerable.Range(0, 900).Select(static i => (8_192L * i, Page(i)))]);
        for (int i = 0; i < 900; i++)
        {
            Write(root, string.Create(CultureInfo.InvariantCulture, $"many/{i:000}-{new string((char)('a' + i % 26), 130)}"), []);
        }
        Chmod(Path(root, "files/setuid"), 0xDED);
        Chmod(Path(root, "files/one"), 0);
        Chmod(Path(root, "deep"), 0x3FF);
        Chown(Path(root, "files/text"), 12_345, 54_321);
        Chown(Path(root, "links/dangling"), 1, 2);
        Age(root);
        SetTime(Path(root, "files/one"), -1_000_000_000, 999_999_999);
        SetTime(Path(root, "files/random"), 4_500_000_000, 1);
        SetTime(Path(root, "links/dangling"), -1, 500_000_000);
    }

    /// <summary>The second and third state.</summary>
    public static void Change(string root, int step)
    {
        if (step == 1)
        {
            Write(root, "files/text",
                [.. File.ReadAllBytes($"{root}/files/text")[..50_000], .. "an insertion"u8,
                .. File.ReadAllBytes($"{root}/files/text")[50_000..]]);
            Unlink(Path(root, "links/sub/c"));
            Write(root, "many/450-in-the-middle", "m"u8.ToArray());
        }
        else
        {
            Directory.Delete($"{root}/deep/er", recursive: true);
            Unlink(Path(root, "files/empty"));
            MakeDirectory(Path(root, "files/empty"));
            Write(root, "new", Bytes(9, 3_000));
            Chmod(Path(root, "files/random"), 0x100);
        }

        foreach (string d in (string[])["files/text", "files/empty", "files", "links/sub", "many/450-in-the-middle", "many", "deep", "new",
            ""])
        {
            if (File.Exists($"{root}/{d}") || Directory.Exists($"{root}/{d}")) { SetTime(Path(root, d), 1_600_000_000 + step, step); }
        }
    }

    private static void Named(string root, byte[] name) => WriteFile([.. Path(root, "names"), (byte)'/', .. name], name);

    private static void Write(string root, string name, byte[] bytes) => WriteFile(Path(root, name), bytes);

    private static byte[] Page(int i) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{i:0000}").PadRight(4_096, '.'));

    /// <summary>Not of System.Random, whose sequence is nobody's promise.</summary>
    private static byte[] Bytes(uint seed, int count)
    {
        var bytes = new byte[count];
        uint x = seed * 2_654_435_761;
        for (int i = 0; i < count; i++)
        {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            bytes[i] = (byte)(x >> 8);
        }

        return bytes;
    }

    private static void Age(string root)
    {
        void Below(int directory, int depth)
        {
            foreach (byte[] name in List(directory))
            {
                if (StatAt(directory, name).Kind == EntryKind.Directory)
                {
                    int child = OpenAt(directory, name, DirectoryOnly | NoFollow);
                    Below(child, depth + 1);
                    Close(child);
                }

                SetTimeAt(directory, name, 1_400_000_000 + name.Length, 1_000 * depth);
            }
        }

        int top = OpenDirectory(root);
        Below(top, 1);
        Close(top);
        SetTime(Path(root), 1_400_000_000, 123_456_789);
    }
}
