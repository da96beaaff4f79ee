using SQLitePCL;
using Varve.Catalog.Sql;
using Varve.Model;
using Varve.Platform.Sqlite;

namespace Varve.Catalog;

/// <summary>
/// Runs one query of the user's on a catalog, read-only: nothing but SELECT passes, whatever the statement. For people there are the views
/// snapshots, directories and files. Sums of whole numbers saturate. What it returns is not checked against sums. Thread-safe: each call
/// has its own connection.
/// </summary>
internal static class CatalogSql
{
    private const int CacheKiB = 32 << 10;

    /// <summary>Runs <paramref name="sql"/>; the number of rows.</summary>
    /// <param name="path">The catalog's file.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="columns">Receives the columns' names, before the first row.</param>
    /// <param name="row">Receives each row: null, long, double, string or byte[]. The list is reused.</param>
    /// <param name="cancel">Ends the query.</param>
    /// <exception cref="VarveException">Usage: not one SELECT, or not valid. NotFound: no such file. Damaged, Storage, Busy.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static long Query(string path, string sql, Action<IReadOnlyList<string>> columns, Action<IReadOnlyList<object?>> row,
        CancellationToken cancel = default)
    {
        if (!File.Exists(path))
        {
            throw new VarveException(ErrorKind.NotFound, Subject.Catalog(path), "does not exist", Advice.MakeCatalog);
        }
        using SqliteConnection connection = SqliteConnection.Open(path, raw.SQLITE_OPEN_READONLY, CacheKiB);
        connection.Run("PRAGMA query_only=1");
        connection.Check(SaturatingSum.Register(connection.Handle.DangerousGetHandle()));
        raw.sqlite3_limit(connection.Handle, raw.SQLITE_LIMIT_ATTACHED, 0);
        delegate_authorizer authorizer = static (_, action, _, _, _, _) =>
            action is raw.SQLITE_SELECT or raw.SQLITE_READ or raw.SQLITE_FUNCTION or raw.SQLITE_RECURSIVE ? raw.SQLITE_OK : raw.SQLITE_DENY;
        connection.Check(raw.sqlite3_set_authorizer(connection.Handle, authorizer, null));
        delegate_progress progress = _ => cancel.IsCancellationRequested ? 1 : 0;
        raw.sqlite3_progress_handler(connection.Handle, 10_000, progress, null);
        using sqlite3_stmt statement = Prepare(connection, sql);
        long rows = Read(connection, statement, columns, row, cancel);
        // SQLite calls them until the end.
        GC.KeepAlive(authorizer);
        GC.KeepAlive(progress);
        return rows;
    }

    private static sqlite3_stmt Prepare(SqliteConnection connection, string sql)
    {
        int code = raw.sqlite3_prepare_v2(connection.Handle, sql, out sqlite3_stmt statement, out string tail);
        if (code != raw.SQLITE_OK) { throw Error(connection, code); }
        bool one = !statement.IsInvalid && string.IsNullOrWhiteSpace(tail) && raw.sqlite3_stmt_readonly(statement) != 0;
        if (one) { return statement; }
        statement.Dispose();
        throw new VarveException(ErrorKind.Usage, Subject.Request("the query"), "is not one SELECT", Advice.OneStatement);
    }

    private static long Read(SqliteConnection connection, sqlite3_stmt statement, Action<IReadOnlyList<string>> columns,
        Action<IReadOnlyList<object?>> row,
        CancellationToken cancel)
    {
        var values = new object?[raw.sqlite3_column_count(statement)];
        columns([.. Enumerable.Range(0, values.Length).Select(i => raw.sqlite3_column_name(statement, i).utf8_to_string())]);
        for (long rows = 0; ; rows++)
        {
            int code = raw.sqlite3_step(statement);
            cancel.ThrowIfCancellationRequested();
            if (code == raw.SQLITE_DONE) { return rows; }
            if (code != raw.SQLITE_ROW) { throw Error(connection, code); }
            for (int i = 0; i < values.Length; i++) { values[i] = Value(statement, i); }
            row(values);
        }
    }

    private static object? Value(sqlite3_stmt statement, int column) => raw.sqlite3_column_type(statement, column) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, column),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(statement, column),
        // Through bytes: a path that is not UTF-8 gets replacement characters instead of an exception.
        raw.SQLITE_TEXT => System.Text.Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, column)),
        raw.SQLITE_BLOB => raw.sqlite3_column_blob(statement, column).ToArray(),
        _ => null,
    };

    private static VarveException Error(SqliteConnection connection, int code) =>
        (code & 0xff) is raw.SQLITE_ERROR or raw.SQLITE_AUTH or raw.SQLITE_READONLY
            or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE
        ? new VarveException(ErrorKind.Usage, Subject.Request("the query"),
        $"failed: {raw.sqlite3_errmsg(connection.Handle).utf8_to_string()}", Advice.SeeSchema)
        : SqliteErrors.From(code, connection.Handle, connection.Path);
}
