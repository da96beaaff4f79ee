using Varve.Catalog.Tables;

namespace Varve.Catalog.Write;

/// <summary>The transaction of a writer, which is open or not. Not thread-safe.</summary>
internal sealed class CatalogTransaction(CatalogTables tables, DirtyDirectories dirty, WriterTurn turn)
{
    /// <summary>Whether it is open.</summary>
    internal bool IsOpen { get; private set; }

    /// <inheritdoc cref="WriterTurn.Begin"/>
    internal void Begin()
    {
        if (IsOpen) { throw new InvalidOperationException("A transaction is open."); }
        turn.Begin();
        IsOpen = true;
    }

    /// <summary>Commits. Visible to readers at once; a power failure may take it back, a killed process not.</summary>
    internal void Commit()
    {
        Demand();
        dirty.Clear();
        tables.Tallies.Flush();
        tables.Connection.Run("COMMIT");
        IsOpen = false;
    }

    /// <summary>Undoes what was written since <see cref="Begin"/>; nothing if no transaction is open.</summary>
    internal void Rollback()
    {
        if (!IsOpen) { return; }
        tables.Tallies.Forget();
        tables.Unstable.Forget();
        tables.Gaps.Forget();
        dirty.Forget();
        IsOpen = false;
        // An error may have ended the transaction already.
        if (SQLitePCL.raw.sqlite3_get_autocommit(tables.Connection.Handle) == 0) { tables.Connection.Run("ROLLBACK"); }
    }

    internal void Demand()
    {
        if (!IsOpen) { throw new InvalidOperationException("No transaction is open."); }
    }

    /// <summary>Does work in the open transaction, or in one of its own.</summary>
    internal void Run(Action work)
    {
        if (IsOpen)
        {
            tables.Tallies.Flush();
            work();
            tables.Tallies.Flush();
            return;
        }

        Begin();
        try
        {
            work();
            Commit();
        }
        catch
        {
            Rollback();
            throw;
        }
    }
}
