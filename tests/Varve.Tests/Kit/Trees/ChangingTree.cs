using System.Text;

namespace Varve.Tests.Kit.Trees;

/// <summary>A small source with something of every sort, in several states.</summary>
internal static class ChangingTree
{
    private static readonly DateTime s_old = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    /// <summary>
    /// The first state: some directories, small files, equal files, one that is cut into several chunks, a symlink, hard links, an empty
    /// directory.
    /// </summary>
    internal static void Create(string root)
    {
        Directory.CreateDirectory(root);
        for (int d = 0; d < 3; d++)
        {
            string folder = Path.Combine(root, $"dir{d}");
            Directory.CreateDirectory(Path.Combine(folder, "below"));
            for (int f = 0; f < 4; f++) { Write(Path.Combine(folder, $"file{f}"), Content(100 * d + f, 3000 + 100 * f)); }
            Write(Path.Combine(folder, "below", "same"), Content(7, 5000));
        }

        Write(Path.Combine(root, "large"), Content(9, 6 << 20));
        Write(Path.Combine(root, "empty"), []);
        Directory.CreateDirectory(Path.Combine(root, "nothing"));
        File.CreateSymbolicLink(Path.Combine(root, "link"), "dir0/file0");
        Programs.Run("ln", Path.Combine(root, "dir0", "file1"), Path.Combine(root, "dir1", "hard"));
    }

    /// <summary>The second state: changed, new, gone, moved.</summary>
    internal static void Change(string root)
    {
        Write(Path.Combine(root, "dir0", "file0"), Content(1000, 4000));
        Write(Path.Combine(root, "dir2", "new"), Content(1001, 70_000));
        File.Delete(Path.Combine(root, "dir1", "file3"));
        Directory.Move(Path.Combine(root, "dir1", "below"), Path.Combine(root, "moved"));
        Directory.Delete(Path.Combine(root, "nothing"));
        Directory.CreateDirectory(Path.Combine(root, "deep", "er"));
        Write(Path.Combine(root, "deep", "er", "one"), Content(1002, 10));
    }

    /// <summary>The third state.</summary>
    internal static void ChangeAgain(string root)
    {
        Write(Path.Combine(root, "dir0", "file0"), Content(2000, 100));
        Write(Path.Combine(root, "empty"), Encoding.ASCII.GetBytes("no longer"));
        Directory.Delete(Path.Combine(root, "deep"), recursive: true);
    }

    internal static byte[] Content(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void Write(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, s_old.AddTicks(bytes.Length * 7L + 1));
    }
}
