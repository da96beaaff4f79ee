using Varve.Vault;

namespace Varve.Backup.Sources;

/// <summary>Where a run itself writes, besides its spool, and why each place must be left out of what it saves.</summary>
internal static class OwnPlaces
{
    internal static IReadOnlyList<(string Path, string What)> Of(Repository repository) =>
    [
        (repository.Description, "it is the repository itself"),
        (repository.CacheDirectory, "it is this repository's cache"),
        (FrozenSource.Folder(repository.Options.CacheRoot), "it holds snapshots of file systems"),
    ];

    /// <summary>As far as they are known before the repository is opened.</summary>
    internal static IReadOnlyList<(string Path, string What)> Of(string repository, string cacheRoot) =>
        [(repository, "it is the repository itself"), (FrozenSource.Folder(cacheRoot), "it holds snapshots of file systems")];
}
