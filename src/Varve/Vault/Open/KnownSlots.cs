using Varve.Model;

namespace Varve.Vault.Open;

/// <summary>
/// The names of the key slots that have opened a repository on this machine, in a file of its cache. They are no secret, and hashes of what
/// the slots are, so that no other slot passes for one of them. Losing the file costs time. Stateless, thread-safe.
/// </summary>
internal static class KnownSlots
{
    private const string File = "key-slots";
    private const int Most = 8;

    /// <summary>Those that opened it, the latest first; none if the cache has none, or is not to be believed.</summary>
    internal static List<ObjectName> Of(string cacheDirectory)
    {
        var known = new List<ObjectName>();
        foreach (string line in CachedLines.Read(cacheDirectory, File).Take(Most))
        {
            if (Bytes32.TryParseHex(line, out Bytes32 name)) { known.Add(new ObjectName(name)); }
        }

        return known;
    }

    /// <summary>Puts a slot before the others. What cannot be kept is not: then a later opening takes longer.</summary>
    internal static void Remember(string cacheDirectory, IReadOnlyList<ObjectName> known, ObjectName slot) =>
        CachedLines.Write(cacheDirectory, File, known.Where(n => n != slot).Prepend(slot).Take(Most).Select(static n => n.ToString()));
}
