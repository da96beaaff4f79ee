using Varve.Catalog;

namespace Varve.Backup.Run;

/// <summary>
/// A thread's own connection to the catalog, opened when first needed: a worker of a first backup never asks. Not thread-safe.
/// </summary>
internal sealed class LazyCatalog(Func<CatalogReader> open) : IDisposable
{
    private CatalogReader? _reader;

    internal CatalogReader Reader => _reader ??= open();

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();
}
