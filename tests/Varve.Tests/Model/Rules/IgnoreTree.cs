using System.Text;
using Varve.Model.Rules;
using Varve.Platform;
using Varve.Tests.Kit;

namespace Varve.Tests.Model.Rules;

/// <summary>
/// A small tree with ignore files at random, from a seed: names and patterns of a small alphabet, so that they often meet, with bytes that
/// are not UTF-8 and everything that means something in a pattern. Written below a directory, and known here as it was written.
/// </summary>
internal sealed class IgnoreTree
{
    private static readonly byte[][] s_names =
    [
        .. ((string[])["a", "b", "ab", "foo", "foo.c", "a.o", "b.tar.gz", "bar", " x", "x ", "a b", "#h", "!n", "[a]", "x\\", "*", "\u00E9", "\u65E5\u672C", "Z9"])
            .Select(static n => Encoding.UTF8.GetBytes(n)),
        [0xFF, (byte)'a'], [(byte)'a', 0xE9],
    ];

    private static readonly string[] s_pieces =
    [
        "*", "*", "**", "***", "?", "[a-c]", "[!a]", "[^f]", "[]a]", "[a-]", "[[:alpha:]]", "[[:digit:]x]", "[[:nope:]]", "[a", "[z-a]", "[a/b]",
        "\\*", "\\[", "\\a", "\\", "*.o", "*.gz", "*.tar.gz", "foo*", "*a*", "*o*b*", "a**b", "f**", "{a,b}", ".", "\u00E9",
    ];

    private readonly Random _random;
    private readonly Dictionary<string, byte[]> _ignoreFiles = new(StringComparer.Ordinal);

    internal IgnoreTree(int seed, byte[] directory)
    {
        _random = new Random(seed);
        Directory = directory;
        Make([], 0);
    }

    /// <summary>Where it lies, relative to the work tree.</summary>
    internal byte[] Directory { get; }

    /// <summary>All entries, parents first.</summary>
    internal List<(byte[] Path, bool IsDirectory)> Entries { get; } = [];

    /// <summary>Writes it below a work tree.</summary>
    internal void Write(string worktree)
    {
        System.IO.Directory.CreateDirectory(Path.Combine(worktree, Encoding.ASCII.GetString(Directory)));
        foreach ((byte[] path, bool isDirectory) in Entries)
        {
            byte[] full = [.. Encoding.UTF8.GetBytes(worktree), (byte)'/', .. Directory, (byte)'/', .. path];
            if (isDirectory) { Assert.Equal(0, Posix.MakeDirectoryAt(Posix.AT_FDCWD, full, 0x1ed)); }
            else { Put(full, []); }
        }

        foreach ((string directory, byte[] text) in _ignoreFiles)
        {
            byte[] at = RuleText.ToBytes(directory);
            byte[] name = [.. at, .. at.Length > 0 ? "/"u8.ToArray() : [], .. ".gitignore"u8];
            Put([.. Encoding.UTF8.GetBytes(worktree), (byte)'/', .. Directory, (byte)'/', .. name], text);
        }
    }

    /// <summary>What decides about an entry: the ignore file, its line, and whether the entry is left out; null for nothing.</summary>
    internal (string File, long Line, bool IsExcluded)? Decide(byte[] path, bool isDirectory)
    {
        IgnoreRules? rules = null;
        for (int from = 0; ;)
        {
            byte[] above = path[..Math.Max(0, from - 1)];
            string key = RuleText.FromBytes(above);
            if (_ignoreFiles.TryGetValue(key, out byte[]? text))
            {
                rules = IgnoreRules.Read(text, key.Length == 0 ? ".gitignore" : key + "/.gitignore", above, rules);
            }

            int slash = path.AsSpan(from).IndexOf((byte)'/');
            int end = slash < 0 ? path.Length : from + slash;
            PathRule? rule = rules?.Find(path.AsSpan(0, end), slash >= 0 || isDirectory);
            if (slash < 0 || rule is { IsIncluding: false })
            {
                return rule is null ? null : (rule.Rule.File!, rule.Rule.Line, !rule.IsIncluding);
            }

            from = end + 1;
        }
    }

    private void Make(byte[] above, int depth)
    {
        HashSet<string> taken = [];
        int count = _random.Next(1, depth == 0 ? 6 : 4);
        for (int i = 0; i < count; i++)
        {
            byte[] name = s_names[_random.Next(s_names.Length)];
            if (!taken.Add(RuleText.FromBytes(name))) { continue; }
            byte[] path = above.Length == 0 ? name : [.. above, (byte)'/', .. name];
            bool isDirectory = depth < 3 && _random.Next(2) == 0;
            Entries.Add((path, isDirectory));
            if (isDirectory) { Make(path, depth + 1); }
        }

        if (depth > 0 && _random.Next(5) > 0) { return; }
        var text = new List<byte>();
        if (_random.Next(12) == 0) { text.AddRange([0xEF, 0xBB, 0xBF]); }
        int lines = _random.Next(1, 7);
        for (int i = 0; i < lines; i++)
        {
            text.AddRange(Line());
            if (i + 1 < lines || _random.Next(3) > 0) { text.AddRange(_random.Next(8) == 0 ? "\r\n"u8 : "\n"u8); }
        }

        _ignoreFiles[RuleText.FromBytes(above)] = [.. text];
    }

    private static void Put(byte[] path, byte[] text)
    {
        Assert.Equal(0, Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL, 0x1a4, out SafeFd file));
        Assert.Equal(0, Posix.WriteAll(file.Value, text));
        file.Close();
    }

    private byte[] Line()
    {
        var line = new List<byte>();
        switch (_random.Next(12))
        {
            case 0:
                return [.. "# a remark"u8];
            case 1:
                return [.. "  "u8];
            case < 6:
                line.Add((byte)'!');
                break;
        }

        if (_random.Next(3) == 0) { line.Add((byte)'/'); }
        int parts = _random.Next(3) == 0 ? _random.Next(2, 5) : 1;
        for (int i = 0; i < parts; i++)
        {
            if (i > 0) { line.Add((byte)'/'); }
            int pieces = _random.Next(4) == 0 ? 2 : 1;
            for (int k = 0; k < pieces; k++)
            {
                line.AddRange(_random.Next(2) == 0 ? s_names[_random.Next(s_names.Length)]
                    : Encoding.UTF8.GetBytes(s_pieces[_random.Next(s_pieces.Length)]));
            }
        }

        string end = _random.Next(10) switch { < 3 => "/", 3 => "  ", 4 => "\\ ", 5 => "//", _ => "" };
        line.AddRange(Encoding.ASCII.GetBytes(end));
        return [.. line];
    }
}
