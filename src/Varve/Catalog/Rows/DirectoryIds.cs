using Varve.Catalog.Sql;

namespace Varve.Catalog.Rows;

/// <summary>
/// Hands out the ids of a source's new directories. Thread-safe. Ids that are never written are lost, which does no harm.
/// </summary>
internal sealed class DirectoryIds
{
    private readonly long _end;
    private long _last;

    internal DirectoryIds(long last)
    {
        _last = last;
        _end = ((last >> CatalogSchema.SourceShift) + 1) << CatalogSchema.SourceShift;
    }

    /// <summary>The next id.</summary>
    public long Next()
    {
        long id = Interlocked.Increment(ref _last);
        return id < _end ? id : throw new InvalidOperationException("The source has no directory ids left.");
    }
}
