using System.Globalization;
using System.Text;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Kit.Trees;

/// <summary>A small source with something of most kinds, and changes to it.</summary>
internal static class MixedTree
{
    /// <summary>Fills an empty directory.</summary>
    public static void Create(string root)
    {
        foreach (string d in (string[])["a", "b", "b/deep", "c", "empty"]) { MakeDirectory(Path(root, d)); }
        for (int i = 0; i < 24; i++)
        {
            Write(root, string.Create(CultureInfo.InvariantCulture, $"{"abc"[i % 3]}/small-{i}"), Bytes(i, 40 * i));
        }
        Write(root, "b/medium", Bytes(100, 30_000));
        Write(root, "b/deep/large", Bytes(101, 260_000));
        Write(root, "b/deep/text",
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 9_000).Select(i => i.ToString(CultureInfo.InvariantCulture)))));
        WriteSparse(Path(root, "c/sparse"), 300_000, (0, Bytes(102, 5_000)), (200_000, Bytes(103, 9_000)));
        Write(root, "c/linked", Bytes(104, 3_000));
        Link(Path(root, "c/linked"), Path(root, "a/linked"));
        Symlink("../c/linked"u8.ToArray(), Path(root, "a/symlink"));
        MakeNode(Path(root, "a/fifo"), 0x1180, 0, 0);
        Age(root);
    }

    /// <summary>Changes a few things; a different few for each step.</summary>
    public static void Change(string root, int step)
    {
        string text = step.ToString(CultureInfo.InvariantCulture);
        MakeDirectory(Path(root, "new-" + text));
        Write(root, $"new-{text}/file", Bytes(1_000 + step, 12_000));
        Write(root, "a/small-" + (3 * (step % 8)).ToString(CultureInfo.InvariantCulture), Bytes(2_000 + step, 700));
        Unlink(Path(root, "b/small-" + (1 + 3 * (step % 8)).ToString(CultureInfo.InvariantCulture)));
        Write(root, "b/small-" + (1 + 3 * (step % 8)).ToString(CultureInfo.InvariantCulture), Bytes(3_000 + step, 100));
        if (step > 1 && Directory.Exists($"{root}/new-{step - 1}")) { Directory.Delete($"{root}/new-{step - 1}", recursive: true); }
    }

    public static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void Write(string root, string name, byte[] bytes) => File.WriteAllBytes(System.IO.Path.Combine(root, name), bytes);

    private static void Age(string root)
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Append(root)
            .OrderByDescending(static p => p.Length))
        {
            SetTime(Path(path), 1_500_000_000 + path.Length, 7);
        }
    }
}
