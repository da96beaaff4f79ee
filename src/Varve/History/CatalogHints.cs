using Varve.Catalog;
using Varve.Catalog.Hints;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Vault.Open;

namespace Varve.History;

/// <summary>
/// What the catalog of a repository knows, for a shell that completes what somebody types. It takes neither key nor repository, since the
/// catalog is this user's own; the cache remembers which one belongs to a place. Not thread-safe.
/// </summary>
internal sealed class CatalogHints : IDisposable
{
    private const string File = "catalog.db";
    private readonly HintReader _reader;

    private CatalogHints(HintReader reader)
    {
        _reader = reader;
        Sources = reader.Sources();
    }

    /// <summary>All sources.</summary>
    internal IReadOnlyList<SourceRow> Sources { get; }

    /// <summary>
    /// The catalog of the repository that was last seen at a place, an absolute path; null if this machine has none, or may not believe it.
    /// Whatever is asked of it ends with <see cref="OperationCanceledException"/> if it takes too long.
    /// </summary>
    /// <exception cref="VarveException">It cannot be read, or is damaged.</exception>
    internal static CatalogHints? TryOpen(string cacheRoot, string place)
    {
        IEnumerable<string> caches = KnownPlaces.At(cacheRoot, place).Select(id => Path.Combine(cacheRoot, id));
        // Several, if one repository was moved away and another one made there.
        foreach (string cache in caches.OrderByDescending(static c => System.IO.File.GetLastWriteTimeUtc(Path.Combine(c, File))))
        {
            using PrivateDirectory? own = PrivateDirectory.OpenExisting(cache);
            if (own is not null && HintReader.TryOpen(Path.Combine(cache, File)) is { } reader) { return new CatalogHints(reader); }
        }

        return null;
    }

    /// <summary>The snapshots of a source, the newest first.</summary>
    internal IReadOnlyList<SnapshotRow> Snapshots(SourceRow source) => _reader.Snapshots(source.Id);

    /// <summary>
    /// The entries of a directory, by a path relative to the source's root, that begin with <paramref name="prefix"/>: their names, sorted,
    /// and whether each is a directory.
    /// </summary>
    internal SortedDictionary<byte[], bool> Entries(SourceRow source, SnapshotRow snapshot, ReadOnlySpan<byte> path, byte[] prefix,
        int most) => _reader.Entries(source, snapshot.Number, path, prefix, most);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
