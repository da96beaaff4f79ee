using System.Text;
using Varve.Model.Paths;

namespace Varve.Tests.Model;

/// <summary>Sets of paths.</summary>
public sealed class PathSetTests
{
    [Fact]
    public void A_path_is_found_and_so_is_what_it_lies_in_and_nothing_else()
    {
        var set = new PathSet();
        int x = set.Add(0, "/a//b/./x"u8), y = set.Add(set.Find(0, "a"u8), "b/y/"u8);
        Assert.Equal((x, y), (set.Find(0, "a/b/x"u8), set.Find(0, "a/b/y"u8)));
        Assert.Equal(set.Find(0, "a/b"u8), set.Parent(x));
        Assert.Equal(("a/b/x", "x"), (Text(set.PathOf(x)), Text(set.PathOf(x, set.Parent(x)))));
        Assert.Equal(-1, set.Find(0, "a/b/z"u8));
        Assert.Equal(-1, set.Find(0, "b"u8));
        Assert.Equal(5, set.Count);
        Assert.Throws<VarveException>(() => set.Add(0, "a/../b"u8));
    }

    [Fact]
    public void A_million_paths_take_little_more_than_their_names()
    {
        byte[][] directories = [.. Enumerable.Range(0, 1000).Select(static i => Encoding.UTF8.GetBytes($"some/directory/{i}/files"))];
        byte[][] names = [.. Enumerable.Range(0, 1_000_000).Select(static i => Encoding.UTF8.GetBytes($"file-{i}"))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        var set = new PathSet();
        for (int i = 0; i < names.Length; i++) { set.Add(set.Add(0, directories[i % 1000]), names[i]); }
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(1_002_003, set.Count);
        // 11 bytes of a name, 12 of a node, 8 of a slot, to the next power of two: 38 MB, and as much again for all that it grew from.
        Assert.InRange(taken, 0, 80 << 20);
        for (int i = 0; i < 1_000_000; i += 997)
        {
            Assert.True(set.Find(0, Encoding.UTF8.GetBytes($"some/directory/{i % 1000}/files/file-{i}")) > 0);
        }
    }

    private static string Text(byte[] path) => Encoding.UTF8.GetString(path);
}
