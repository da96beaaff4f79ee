using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Vault.Avoid;

/// <summary>
/// Names that this machine remembers, in a file of the repository's cache, one a line. Losing the file loses no more than that. Stateless,
/// thread-safe.
/// </summary>
internal static class NameList
{
    private const int Most = 262_144, Line = 2 * Bytes32.Size + 1, LinesAtOnce = 512;

    /// <summary>Those that are known; none if the cache has none.</summary>
    internal static HashSet<ObjectName> Read(PrivateDirectory cache, string file)
    {
        var known = new HashSet<ObjectName>();
        const int flags = Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOCTTY;
        if (Posix.OpenAt(cache.Fd, Encoding.ASCII.GetBytes(file), flags, out SafeFd opened) != 0) { return known; }
        var lines = new byte[Line * LinesAtOnce];
        int length = lines.Length;
        for (long at = 0; at < (long)Most * Line && length == lines.Length; at += length)
        {
            if (Posix.ReadAt(opened.Value, lines, at, out length) != 0) { break; }
            for (int i = 0; i + Line <= length; i += Line)
            {
                string line = Encoding.ASCII.GetString(lines.AsSpan(i, Line - 1));
                if (Bytes32.TryParseHex(line, out Bytes32 name)) { known.Add(new ObjectName(name)); }
            }
        }

        opened.Close();
        return known;
    }

    /// <summary>Keeps them instead of those that were known. What cannot be kept is not: it is found out again.</summary>
    internal static void Write(PrivateDirectory cache, string file, IReadOnlyCollection<ObjectName> names)
    {
        if (names.Count == 0)
        {
            _ = cache.Remove(file);
            return;
        }

        string temporary = $"{file}.{Guid.NewGuid():N}";
        try
        {
            using (FileStream stream = cache.Create(temporary))
            {
                foreach (ObjectName name in names.Take(Most)) { stream.Write(Encoding.ASCII.GetBytes(name + "\n")); }
            }

            if (cache.Rename(temporary, file) == 0) { return; }
        }
        catch (IOException)
        {
            // A full disk, for one.
        }

        _ = cache.Remove(temporary);
    }
}
