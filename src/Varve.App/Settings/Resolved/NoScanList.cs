using System.Text;
using Varve.App.Settings.Values;
using Varve.Backup.Sources;
using Varve.Freeze;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Platform;

namespace Varve.App.Settings.Resolved;

/// <summary>
/// The directories that somebody marked by hand as not to be entered: a file of rules beside the default key file, an absolute path a line,
/// which every backup of this user reads behind all other rules. Where it lies nothing that can be rebuilt is lost with it.
/// </summary>
internal sealed class NoScanList(string path)
{
    /// <summary>The file's name.</summary>
    internal const string Name = "noscan";

    private static ReadOnlySpan<byte> Special => "*?[\\ "u8;

    private static readonly byte[] s_lock = Encoding.UTF8.GetBytes(Name + ".lock");
    private static readonly byte[][] s_head = ["# Directories that backups do not enter: see varve noscan --help"u8.ToArray()];

    /// <summary>The rules, in order; none if there is no such file.</summary>
    /// <exception cref="VarveException">Usage, with file, line and column: one is not valid. Usage: the file cannot be read.</exception>
    internal IReadOnlyList<ExcludeRule> Read() =>
        File.Exists(path) ? RuleSources.Read(path, RuleOrigin.Option) : [];

    /// <summary>The rules for a source that is read from these places, by the paths that it is recorded at.</summary>
    internal IReadOnlyList<ExcludeRule> For(IReadOnlyList<RootMapping> roots)
    {
        IReadOnlyList<ExcludeRule> rules = Read();
        return roots.All(static r => r.As.Length == 0) ? rules : [.. rules.Select(r => r with { Pattern = Mapped(r.Pattern, roots) })];
    }

    /// <summary>Marks a directory, or takes the mark away; false if it was so already.</summary>
    /// <exception cref="VarveException">Storage: the file cannot be written.</exception>
    internal bool Set(byte[] directory, bool isMarked)
    {
        string pattern = PatternOf(directory);
        using PrivateDirectory folder =
            PrivateDirectory.Open(Path.GetDirectoryName(path)!, Subject.Configuration(path), Advice.CheckDirectory);
        using FileLock turn = Await(folder);
        List<byte[]> lines = Lines();
        byte[] line = RuleText.ToBytes(pattern);
        bool isThere = lines.Exists(l => l.AsSpan().SequenceEqual(line));
        if (isThere == isMarked) { return false; }
        if (isMarked) { lines.Add(line); }
        else { lines.RemoveAll(l => l.AsSpan().SequenceEqual(line)); }
        Write(folder, lines);
        return true;
    }

    /// <summary>The rule for a directory of that absolute path. A line break in it stands for any character: rules have none.</summary>
    internal static string PatternOf(ReadOnlySpan<byte> directory)
    {
        var pattern = new List<byte>();
        foreach (byte b in directory)
        {
            if (Special.Contains(b)) { pattern.Add((byte)'\\'); }
            pattern.Add(b is (byte)'\n' or (byte)'\r' ? (byte)'?' : b);
        }

        pattern.Add((byte)'/');
        return RuleText.FromBytes([.. pattern]);
    }

    /// <summary>The path that a line means, as far as it is one of ours; as it stands for any other.</summary>
    internal static byte[] PathOf(string pattern)
    {
        byte[] text = RuleText.ToBytes(pattern);
        var bytes = new List<byte>();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'\\' && i + 1 < text.Length) { i++; }
            bytes.Add(text[i]);
        }

        return bytes is [.., (byte)'/'] ? [.. bytes[..^1]] : [.. bytes];
    }

    private static string Mapped(string pattern, IReadOnlyList<RootMapping> roots)
    {
        byte[] place = PathOf(pattern);
        foreach (RootMapping root in roots)
        {
            byte[] from = RawArguments.ToBytes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(RawArguments.FromBytes(root.Path))));
            if (root.As.Length > 0 && Paths.IsAtOrBelow(place, from)) { return PatternOf(Paths.Join(root.As, Paths.Below(place, from))); }
        }

        return pattern;
    }

    private FileLock Await(PrivateDirectory folder)
    {
        int errno = FileLock.Await(folder.Fd, s_lock, Timeout.InfiniteTimeSpan, out FileLock? taken); // another command writes a line
        return taken ?? throw Unwritable(Errno.Message(errno));
    }

    private List<byte[]> Lines()
    {
        if (!File.Exists(path)) { return [.. s_head]; }
        byte[] text = File.ReadAllBytes(path);
        var lines = new List<byte[]>();
        foreach (Range line in text.AsSpan().Split((byte)'\n')) { lines.Add(text[line]); }
        if (lines is [.., { Length: 0 }]) { lines.RemoveAt(lines.Count - 1); }
        return lines;
    }

    private void Write(PrivateDirectory folder, List<byte[]> lines)
    {
        try
        {
            folder.Replace(Name, file =>
            {
                foreach (byte[] line in lines)
                {
                    file.Write(line);
                    file.WriteByte((byte)'\n');
                }

                file.Flush(flushToDisk: true);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Unwritable(Errno.Message(e), e); }
    }

    private VarveException Unwritable(string why, Exception? cause = null) =>
        new(ErrorKind.Storage, Subject.Configuration(path), $"could not be written: {why}", Advice.CheckDirectory, cause);
}
