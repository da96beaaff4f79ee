using Varve.Backup.Sources;
using Varve.Vault;

namespace Varve.Backup;

/// <summary>Where a run itself writes, besides its spool, and why each place must be left out of what it saves.</summary>
internal static class OwnPlaces
{
    internal static IReadOnlyList<(string Path, string What)> Of(Repository repository) =>
    [
        (repository.Description, "it is the repository itself"),
        (repository.CacheDirectory, "it is this repository's cache"),
        (FrozenSource.Folder(repository.Options.CacheRoot), "it holds snapshots of file systems"),
    ];
}
