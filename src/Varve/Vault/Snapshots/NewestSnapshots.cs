using Varve.Format;
using Varve.Model;
using Varve.Vault.Open;

namespace Varve.Vault.Snapshots;

/// <summary>
/// The newest snapshots that this machine made, one of each history, in a file of the cache: so that a repository is noticed that was set
/// back. One that was missing when the next was made is kept beside that, or one backup would make it forgotten. Losing the file costs
/// that. Stateless, thread-safe.
/// </summary>
internal static class NewestSnapshots
{
    private const string File = "newest-snapshots";
    private const int Most = 200;

    /// <summary>The keys of their objects, with the writer of each.</summary>
    internal static IReadOnlyList<(string Key, Bytes32 Writer)> Of(string cacheDirectory)
    {
        var known = new List<(string, Bytes32)>();
        foreach (string line in CachedLines.Read(cacheDirectory, File))
        {
            if (line.Split(' ') is [_, var writer, var key] && Bytes32.TryParseHex(writer, out Bytes32 id) && ObjectKeys.TryName(key, out _))
            {
                known.Add((key, id));
            }
        }

        return known;
    }

    /// <summary>
    /// Remembers a snapshot that is durable as the newest of its history. <paramref name="isMissing"/> tells of the one before, by its key
    /// and its writer, whether it is not there and ought to be.
    /// </summary>
    internal static void Remember(
        string cacheDirectory, Bytes32 history, Lineage lineage, ObjectName name, Func<string, Bytes32, bool> isMissing)
    {
        string start = history + " ";
        CachedLines.Write(cacheDirectory, File, CachedLines.Read(cacheDirectory, File)
            .Where(line => !line.StartsWith(start, StringComparison.Ordinal) || IsMissing(line)).Take(Most - 1)
            .Prepend($"{start}{lineage.Writer} {ObjectKeys.Snapshot(lineage.Source, name)}"));

        bool IsMissing(string line) => line.Split(' ') is [_, var writer, var key] && Bytes32.TryParseHex(writer, out Bytes32 id)
            && ObjectKeys.TryName(key, out _) && isMissing(key, id);
    }
}
