using System.Globalization;
using System.Text;
using Varve.Model;
using Varve.Tests.Kit.Trees;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Kit.Judges;

/// <summary>
/// Our own judge of two trees: kinds, content, mode, owner, modification time to the nanosecond, symlink targets, device numbers, extended
/// attributes, attribute flags, hard links and holes. Walks by descriptors, so that no path is too long; holds two per tree open at a time.
/// </summary>
internal sealed class TreeCompare
{
    private const int MostDifferences = 1_000;
    private const long HoleSlack = 256 * 1024;

    private readonly List<string> _differences = [];
    private readonly Dictionary<(ulong, (uint, uint)), (ulong, (uint, uint))> _leftToRight = [];
    private readonly Dictionary<(ulong, (uint, uint)), (ulong, (uint, uint))> _rightToLeft = [];
    private readonly List<byte[]> _path = [];
    private readonly byte[] _leftBuffer = new byte[128 * 1024];
    private readonly byte[] _rightBuffer = new byte[128 * 1024];

    private TreeCompare()
    {
    }

    /// <summary>What differs, a line each; empty when the trees are equal. The roots themselves are compared too.</summary>
    public static IReadOnlyList<string> Compare(string original, string restored)
    {
        var compare = new TreeCompare();
        Exception? failure = null;

        // Recursion on a path of thousands of levels needs a stack of its own.
        var thread = new Thread(
            () =>
            {
                try { compare.Roots(original, restored); }
                catch (IOException e) { failure = e; }
            },
            256 << 20);
        thread.Start();
        thread.Join();
        return failure is null ? compare._differences : throw new IOException("The judge failed", failure);
    }

    private void Roots(string original, string restored)
    {
        int left = OpenDirectory(original), right = OpenDirectory(restored);
        Metadata(left, right, [(byte)'.'], StatAt(left, "."u8.ToArray()), StatAt(right, "."u8.ToArray()));
        Directories(ref left, ref right);
        Close(left);
        Close(right);
    }

    private void Directories(ref int left, ref int right)
    {
        List<byte[]> ours = List(left), theirs = List(right);
        for (int i = 0, j = 0; (i < ours.Count || j < theirs.Count) && _differences.Count < MostDifferences;)
        {
            int c = i == ours.Count ? 1 : j == theirs.Count ? -1 : ours[i].AsSpan().SequenceCompareTo(theirs[j]);
            if (c < 0) { Differ(ours[i++], "missing"); }
            else if (c > 0) { Differ(theirs[j++], "not in the original"); }
            else
            {
                Entry(ref left, ref right, ours[i++]);
                j++;
            }
        }
    }

    private void Entry(ref int left, ref int right, byte[] name)
    {
        ZooStat a = StatAt(left, name), b = StatAt(right, name);
        if (a.Kind != b.Kind)
        {
            Differ(name, $"kind {a.Kind}, restored {b.Kind}");
            return;
        }

        Metadata(left, right, name, a, b);
        switch (a.Kind)
        {
            case EntryKind.File: Content(left, right, name, a, b); break;
            case EntryKind.Symlink when !ReadLinkAt(left, name).AsSpan()
                .SequenceEqual(ReadLinkAt(right, name)):
                Differ(name, "symlink target"); break;
            case EntryKind.Directory: Below(ref left, ref right, name); break;
            default: break;
        }
    }

    private void Below(ref int left, ref int right, byte[] name)
    {
        // The parents' descriptors are given up on the way down and found again through "..": nobody changes these trees.
        int a = OpenAt(left, name, DirectoryOnly | NoFollow), b = OpenAt(right, name, DirectoryOnly | NoFollow);
        Close(left);
        Close(right);
        _path.Add(name);
        Directories(ref a, ref b);
        _path.RemoveAt(_path.Count - 1);
        left = OpenAt(a, ".."u8.ToArray(), DirectoryOnly);
        right = OpenAt(b, ".."u8.ToArray(), DirectoryOnly);
        Close(a);
        Close(b);
    }

    private void Metadata(int left, int right, byte[] name, ZooStat a, ZooStat b)
    {
        if (a.Mode != b.Mode) { Differ(name, $"mode {Convert.ToString(a.Mode, 8)}, restored {Convert.ToString(b.Mode, 8)}"); }
        if (a.Uid != b.Uid || a.Gid != b.Gid) { Differ(name, $"owner {a.Uid}:{a.Gid}, restored {b.Uid}:{b.Gid}"); }
        if (a.Mtime != b.Mtime) { Differ(name, $"mtime {a.Mtime}, restored {b.Mtime}"); }
        if (a.Rdev != b.Rdev) { Differ(name, $"device {a.Rdev}, restored {b.Rdev}"); }
        if (a.Attributes != b.Attributes) { Differ(name, $"attributes {a.Attributes:x}, restored {b.Attributes:x}"); }
        if (a.Kind != EntryKind.Directory) { HardLinks(name, a, b); }
        SortedDictionary<string, byte[]> ours = XattrsAt(left, name), theirs = XattrsAt(right, name);
        foreach ((string key, byte[] value) in ours)
        {
            if (!theirs.Remove(key, out byte[]? other)) { Differ(name, $"xattr {key} missing"); }
            else if (!value.AsSpan().SequenceEqual(other)) { Differ(name, $"xattr {key} has another value"); }
        }

        foreach (string key in theirs.Keys) { Differ(name, $"xattr {key} not in the original"); }
    }

    private void HardLinks(byte[] name, ZooStat a, ZooStat b)
    {
        if (a.Links != b.Links) { Differ(name, $"{a.Links} names, restored {b.Links}"); }
        if (a.Links == 1 && b.Links == 1) { return; }
        (ulong, (uint, uint)) left = (a.Inode, a.Device), right = (b.Inode, b.Device);
        if (!_leftToRight.TryAdd(left, right) && _leftToRight[left] != right) { Differ(name, "hard link to the same file missing"); }
        if (!_rightToLeft.TryAdd(right, left) && _rightToLeft[right] != left) { Differ(name, "hard link to another file"); }
    }

    private void Content(int left, int right, byte[] name, ZooStat a, ZooStat b)
    {
        if (a.Size != b.Size)
        {
            Differ(name, $"size {a.Size}, restored {b.Size}");
            return;
        }

        // Space is compared only where the original has holes; file systems differ in what else they allocate.
        if (a.Blocks * 512 + HoleSlack < a.Size && b.Blocks * 512 > a.Blocks * 512 + HoleSlack)
        {
            Differ(name, $"holes: {a.Blocks} blocks, restored {b.Blocks}");
        }
        int x = OpenAt(left, name, NoFollow), y = OpenAt(right, name, NoFollow);
        for (long at = 0; at < a.Size;)
        {
            at = Math.Min(SeekData(x, at), SeekData(y, at));
            if (at >= a.Size) { break; }
            int n = Fill(x, _leftBuffer, at), m = Fill(y, _rightBuffer, at);
            if (!_leftBuffer.AsSpan(0, n).SequenceEqual(_rightBuffer.AsSpan(0, m)))
            {
                Differ(name, string.Create(CultureInfo.InvariantCulture, $"content, from {at} on"));
                break;
            }

            at += n;
        }

        Close(x);
        Close(y);
    }

    private static int Fill(int fd, byte[] buffer, long offset)
    {
        int n = Read(fd, buffer, offset);
        return n == 0 ? throw new IOException("The file became shorter") : n;
    }

    private void Differ(byte[] name, string what)
    {
        var path = new StringBuilder();
        foreach (byte[] p in _path.TakeLast(50)) { path.Append(Encoding.Latin1.GetString(p)).Append('/'); }
        _differences.Add($"{path}{Encoding.Latin1.GetString(name)}: {what}");
    }
}
