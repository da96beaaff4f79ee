using Varve.Model;
using Varve.Platform.Files;
using Varve.Vault;

namespace Varve.History.Import;

/// <summary>Where this machine keeps the catalog of a repository.</summary>
/// <param name="Folder">The repository's cache directory, in which the locks of its sources are too. Not owned.</param>
/// <param name="File">The catalog's path.</param>
/// <param name="Repository">Whose catalog it is.</param>
internal sealed record CatalogPlace(PrivateDirectory Folder, string File, RepositoryId Repository);
