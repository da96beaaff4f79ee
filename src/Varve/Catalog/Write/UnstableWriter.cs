using Varve.Catalog.Rows;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog.Write;

/// <summary>Writes the list of unstable files. Part of a <see cref="CatalogWriter"/>, with its rules.</summary>
internal sealed class UnstableWriter
{
    private readonly CatalogTables _tables;
    private readonly CatalogTransaction _transaction;

    internal UnstableWriter(CatalogTables tables, CatalogTransaction transaction)
    {
        _tables = tables;
        _transaction = transaction;
    }

    /// <summary>
    /// Puts a file on its source's list of unstable files, or leaves it there: together with the revision that was not read stably.
    /// <paramref name="start"/> and <paramref name="number"/> are those of the running snapshot.
    /// </summary>
    public void Put(long directory, ReadOnlySpan<byte> name, UnstableReason reason, FileTime start, long number)
    {
        _transaction.Demand();
        _tables.Unstable.Put(directory, name, reason, start, number);
    }

    /// <summary>
    /// Takes a file off the list, together with the revision that a stable read of it gave, or because it is no more. Nothing if it is not
    /// on it.
    /// </summary>
    public void Remove(long directory, ReadOnlySpan<byte> name)
    {
        _transaction.Demand();
        _tables.Unstable.Remove(directory, name);
    }

    /// <summary>
    /// Takes files off the list that are no more; but not those that snapshot <paramref name="number"/> put there, or left there: they are
    /// back.
    /// </summary>
    public void Remove(IReadOnlyList<UnstableRow> gone, long number) => _transaction.Run(() =>
    {
        foreach (UnstableRow row in gone) { _tables.Unstable.Remove(row.Directory, row.Name, unlessOf: number); }
    });

    /// <summary>
    /// Takes files off the list that have no current revision: excluded since, beyond a mount or a root that is not read any more. But not
    /// those that snapshot <paramref name="number"/> put there.
    /// </summary>
    public void RemoveUnknown(IReadOnlyList<UnstableRow> rows, long number) => _transaction.Run(() =>
    {
        foreach (UnstableRow row in rows)
        {
            bool isFile = _tables.Revisions.TryFindCurrent(row.Directory, row.Name, out _, out EntryKind kind) && kind == EntryKind.File;
            if (!isFile) { _tables.Unstable.Remove(row.Directory, row.Name, unlessOf: number); }
        }
    });
}
