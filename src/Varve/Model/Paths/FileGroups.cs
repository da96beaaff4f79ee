using System.Text;
using Varve.Model.Bytes;

namespace Varve.Model.Paths;

/// <summary>
/// Which files of a directory belong together: those whose names are the same but for their ending, and whose endings are of one group.
/// "*,*-wal" is a group: for each stem that the star stands for, the files STEM and STEM-wal. Immutable, hence thread-safe.
/// </summary>
internal sealed class FileGroups
{
    /// <summary>What an SQLite database consists of while it is in use, or after a crash.</summary>
    internal const string Sqlite = "*,*-wal,*-journal,*-shm";

    /// <summary>Instead of a group: no files belong together but those of the other groups that are given.</summary>
    internal const string None = "none";

    private readonly byte[][][] _groups;
    private readonly bool[] _last = new bool[256];

    private FileGroups(byte[][][] groups)
    {
        _groups = groups;
        foreach (byte[] ending in groups.SelectMany(static g => g).Where(static e => e.Length > 0)) { _last[ending[^1]] = true; }
    }

    /// <summary>The groups; the endings of each, of which one may be empty.</summary>
    internal IReadOnlyList<byte[][]> All => _groups;

    /// <summary>Those that are given, after <see cref="Sqlite"/> unless <see cref="None"/> is among them.</summary>
    /// <exception cref="VarveException">Usage: one is not of its form.</exception>
    internal static FileGroups Of(IReadOnlyList<string> patterns) => new(
        [.. (patterns.Contains(None) ? [] : (string[])[Sqlite]).Concat(patterns.Where(static p => p != None)).Select(Parse)]);

    /// <summary>The endings of one group.</summary>
    /// <exception cref="VarveException">Usage: it is not of its form.</exception>
    internal static byte[][] Parse(string pattern)
    {
        string[] parts = pattern.Split(',', StringSplitOptions.TrimEntries);
        bool isRight = parts.Length > 1 && parts.Distinct().Count() == parts.Length
            && Array.TrueForAll(parts, static p => p.Length > 0 && p[0] == '*' && p.IndexOfAny(['*', '/', '\0'], 1) < 0);
        return isRight ? Array.ConvertAll(parts, static p => Encoding.UTF8.GetBytes(p[1..])) : throw new VarveException(
            ErrorKind.Usage, Subject.Request($"the group '{pattern}'"), "is not of the form '*,*-wal': a star and an ending, two at least");
    }

    /// <summary>Whether a name ends as a companion's may: a quick no for almost every name.</summary>
    internal bool MayEnd(ReadOnlySpan<byte> name) => name.Length > 1 && _last[name[^1]];

    /// <summary>
    /// Appends the names that would belong together with a file of that name, and where each ends in <paramref name="names"/>.
    /// </summary>
    internal void AddCompanions(ReadOnlySpan<byte> name, ByteWriter names, List<int> ends)
    {
        foreach (byte[][] endings in _groups)
        {
            foreach (byte[] own in endings)
            {
                ReadOnlySpan<byte> stem = Stem(name, own);
                if (stem.IsEmpty) { continue; }
                foreach (byte[] other in endings)
                {
                    if (other == own) { continue; }
                    names.Raw(stem);
                    names.Raw(other);
                    ends.Add(names.Length);
                }
            }
        }
    }

    /// <summary>The stem of a name that ends so; empty if it does not.</summary>
    internal static ReadOnlySpan<byte> Stem(ReadOnlySpan<byte> name, ReadOnlySpan<byte> ending) =>
        name.EndsWith(ending) ? name[..^ending.Length] : default;
}
