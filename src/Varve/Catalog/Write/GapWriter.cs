using Varve.Catalog.Rows;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog.Write;

/// <summary>
/// Writes what snapshots have not seen, though it was not found to be gone. Part of a <see cref="CatalogWriter"/>, with its rules.
/// </summary>
internal sealed class GapWriter
{
    private readonly CatalogTables _tables;
    private readonly CatalogTransaction _transaction;
    private readonly RevisionWriter _revisions;
    private readonly SubtreeWriter _subtrees;

    internal GapWriter(CatalogTables tables, CatalogTransaction transaction, RevisionWriter revisions, SubtreeWriter subtrees)
    {
        _tables = tables;
        _transaction = transaction;
        _revisions = revisions;
        _subtrees = subtrees;
    }

    /// <summary>
    /// Snapshot <paramref name="number"/> has not seen an entry. What was known of it before stands, and all below it; what the snapshot
    /// recorded of it on the way goes. An entry that was not known before leaves nothing: there is nothing to keep.
    /// </summary>
    public void Open(long directory, ReadOnlySpan<byte> name, long number, GapKind kind)
    {
        _transaction.Demand();
        bool isCurrent = _tables.Revisions.TryFindCurrent(directory, name, out long first, out EntryKind now);
        if (!isCurrent || first == number)
        {
            bool was = _tables.Revisions.TryFindEnded(directory, name, number, out long before, out EntryKind then)
                // What was below a directory has been ended with it.
                && (isCurrent ? now == then : then != EntryKind.Directory);
            if (!was)
            {
                _subtrees.Drop(directory, name, number);
                return;
            }

            if (isCurrent) { _revisions.Close(directory, name, first, number); }
            _revisions.Reopen(directory, name, before, number);
        }

        _tables.Touched.Put(number, directory);
        _tables.Gaps.Open(directory, name, number, kind);
    }

    /// <summary>
    /// Snapshot <paramref name="number"/> has an entry, and all below it, as it was last seen; what is recorded of it stays as it is.
    /// </summary>
    public void Keep(long directory, byte[] name, long number) => _transaction.Run(() =>
    {
        _tables.Touched.Put(number, directory);
        _tables.Gaps.Open(directory, name, number, GapKind.Kept);
    });

    /// <summary>Snapshot <paramref name="number"/> has seen an entry again, or found it gone. Nothing if there is no gap.</summary>
    public void Close(long directory, ReadOnlySpan<byte> name, long number)
    {
        _transaction.Demand();
        _tables.Touched.Put(number, directory);
        _tables.Gaps.Close(directory, name, number);
    }
}
