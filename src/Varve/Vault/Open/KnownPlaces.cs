using Varve.Model;

namespace Varve.Vault.Open;

/// <summary>
/// Where repositories lay when this machine opened them, in a file of the cache of each: so that an empty mount point is known for one.
/// Stateless, thread-safe.
/// </summary>
internal static class KnownPlaces
{
    private const string File = "places";
    private const int Most = 8;

    /// <summary>The repositories that were seen at a place.</summary>
    internal static List<string> At(string cacheRoot, string place)
    {
        if (!Directory.Exists(cacheRoot)) { return []; }
        try
        {
            return [.. Directory.EnumerateDirectories(cacheRoot).Where(d => RepositoryId.TryParse(Path.GetFileName(d), out _)
                && CachedLines.Read(d, File).Contains(place)).Select(static d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return []; }
    }

    /// <summary>
    /// Notes that a repository lies at a place; says so if another one did, and this one never did. Places change seldom: what is known is
    /// not written again.
    /// </summary>
    internal static void Remember(RepositoryOptions options, RepositoryId id, string place)
    {
        if (place.Contains('\n', StringComparison.Ordinal)) { return; }
        string cache = Path.Combine(options.CacheRoot, id.ToString());
        List<string> places = CachedLines.Read(cache, File);
        if (places.Count > 0 && places[0] == place) { return; }
        if (!places.Contains(place) && At(options.CacheRoot, place) is [var other, ..])
        {
            options.Warn?.Invoke(new Notice(Subject.Repository(place), $"({id}) is another one than was there before ({other})"));
        }

        CachedLines.Write(cache, File, places.Where(p => p != place).Prepend(place).Take(Most));
    }
}
