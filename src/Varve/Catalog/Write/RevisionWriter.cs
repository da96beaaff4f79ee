using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog.Write;

/// <summary>Writes revisions. Part of a <see cref="CatalogWriter"/>, with its rules.</summary>
internal sealed class RevisionWriter
{
    private readonly CatalogTables _tables;
    private readonly CatalogTransaction _transaction;
    private readonly DirtyDirectories _dirty;

    internal RevisionWriter(CatalogTables tables, CatalogTransaction transaction, DirtyDirectories dirty)
    {
        _tables = tables;
        _transaction = transaction;
        _dirty = dirty;
    }

    /// <summary>
    /// Adds a current revision. Like every change of a directory's revisions it clears the directory's digest and tree, unless
    /// <see cref="CatalogWriter.UpdateDirectory"/> follows in the same transaction. <paramref name="details"/> of a directory must not
    /// have its tree (tag 3).
    /// </summary>
    public void Insert(long directory, ReadOnlySpan<byte> name, long first, in EntryStat stat, EntryFlags flags, ReadOnlySpan<byte> details)
    {
        _transaction.Demand();
        _dirty.Touch(directory, first);
        _tables.Revisions.Insert(directory, 0, name, first, stat, flags, details);
    }

    /// <summary>
    /// Ends a current revision at <paramref name="last"/>, the first snapshot without it; one that began there never was, and is deleted.
    /// </summary>
    public void Close(long directory, ReadOnlySpan<byte> name, long first, long last)
    {
        _transaction.Demand();
        _dirty.Touch(directory, last);
        if (first == last) { _tables.Revisions.Delete(directory, 0, name, first); }
        else { _tables.Revisions.Move(directory, name, first, 0, last); }
    }

    /// <summary>Makes a revision current again that the killed run of <paramref name="last"/> closed.</summary>
    public void Reopen(long directory, ReadOnlySpan<byte> name, long first, long last)
    {
        _transaction.Demand();
        _dirty.Touch(directory, last);
        _tables.Revisions.Move(directory, name, first, last, 0);
    }
}
