using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Varve.Model;
using Varve.Tests.Kit.Trees;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Golden;

/// <summary>
/// A tree as lines of text, one for each entry, sorted by path: what a golden repository must restore. read_v1.py writes the same lines
/// from a repository alone.
/// <para>PATH KIND MODE UID:GID SIZE SECONDS.NANOSECONDS, then what there is of: sha256=, target=, device=, link= (the first path of a file
/// with several), xattr:NAME=HEX. Bytes other than letters, digits and <c>._-/</c> are written %XX.</para>
/// </summary>
internal static class Manifest
{
    private static readonly string[] s_kinds = ["", "file", "directory", "symlink", "fifo", "socket", "char", "block"];

    public static List<string> Of(string root)
    {
        var lines = new List<(byte[] Path, string Line)>();
        var first = new Dictionary<ulong, byte[]>();
        int top = OpenDirectory(root);
        lines.Add(([], Line([], "."u8.ToArray(), top, StatAt(top, "."u8.ToArray()), first)));
        Below(top, [], lines, first);
        Close(top);
        return [.. lines.Select(static l => l.Line)];
    }

    /// <summary>Sorted by name within each directory, as bytes; what is below a directory follows it.</summary>
    private static void Below(int directory, byte[] path, List<(byte[], string)> lines, Dictionary<ulong, byte[]> first)
    {
        foreach (byte[] name in List(directory))
        {
            byte[] at = path.Length == 0 ? name : [.. path, (byte)'/', .. name];
            ZooStat stat = StatAt(directory, name);
            lines.Add((at, Line(at, name, directory, stat, first)));
            if (stat.Kind != EntryKind.Directory) { continue; }
            int child = OpenAt(directory, name, DirectoryOnly | NoFollow);
            Below(child, at, lines, first);
            Close(child);
        }
    }

    private static string Line(byte[] path, byte[] name, int directory, ZooStat stat, Dictionary<ulong, byte[]> first)
    {
        var line = new StringBuilder();
        long size = stat.Kind is EntryKind.File or EntryKind.Symlink ? stat.Size : 0;
        line.Append(CultureInfo.InvariantCulture,
            $"{(path.Length == 0 ? "." : Escape(path))} {s_kinds[(int)stat.Kind]} {Convert.ToString(stat.Mode & 0xFFF, 8)} "
            + $"{stat.Uid}:{stat.Gid} {size} ");
        line.Append(CultureInfo.InvariantCulture, $"{stat.Mtime.Seconds}.{stat.Mtime.Nanoseconds:000000000}");
        if (stat.Kind == EntryKind.File) { line.Append(" sha256=").Append(HashOf(directory, name, stat.Size)); }
        if (stat.Kind == EntryKind.Symlink) { line.Append(" target=").Append(Escape(ReadLinkAt(directory, name))); }
        if (stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice)
        {
            line.Append(CultureInfo.InvariantCulture, $" device={stat.Rdev.Item1}:{stat.Rdev.Item2}");
        }
        if (stat.Links > 1 && stat.Kind != EntryKind.Directory)
        {
            first.TryAdd(stat.Inode, path);
            line.Append(" link=").Append(Escape(first[stat.Inode]));
        }

        foreach ((string key, byte[] value) in XattrsAt(directory, name).OrderBy(static x => x.Key, StringComparer.Ordinal))
        {
            line.Append(" xattr:").Append(Escape(Encoding.Latin1.GetBytes(key))).Append('=').Append(Convert.ToHexStringLower(value));
        }

        return line.ToString();
    }

    private static string HashOf(int directory, byte[] name, long size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int fd = OpenAt(directory, name, NoFollow);
        var buffer = new byte[1 << 16];
        for (long at = 0; at < size;)
        {
            int read = Read(fd, buffer, at);
            hash.AppendData(buffer, 0, read);
            at += read;
        }

        Close(fd);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte b in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'_' or (byte)'-' or (byte)'/') { text.Append((char)b); }
            else { text.Append(CultureInfo.InvariantCulture, $"%{b:X2}"); }
        }

        return text.ToString();
    }
}
