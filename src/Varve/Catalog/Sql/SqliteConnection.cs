using SQLitePCL;

namespace Varve.Catalog.Sql;

/// <summary>
/// One connection to the catalog's file, configured for its use. Not thread-safe. Errors are <see cref="VarveException"/>.
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    internal const int BusyMilliseconds = 300_000;
    private const int OperationsBetweenLooks = 10_000;
    private readonly List<Statement> _statements = [];
    private delegate_progress? _look;
    private CancellationToken _cancelled;

    static SqliteConnection() => Batteries_V2.Init();

    private SqliteConnection(sqlite3 handle, string path)
    {
        Handle = handle;
        Path = path;
    }

    /// <summary>The handle.</summary>
    public sqlite3 Handle { get; }

    /// <summary>The database's file.</summary>
    public string Path { get; }

    /// <summary>Opens the file, which <paramref name="flags"/> (SQLITE_OPEN_*) may create.</summary>
    public static SqliteConnection Open(string path, int flags, int cacheKiB)
    {
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new SqliteConnection(handle, path);
        try
        {
            connection.Check(code);
            raw.sqlite3_extended_result_codes(handle, 1);
            raw.sqlite3_busy_timeout(handle, BusyMilliseconds);
            // Strings in double quotes would hide a column whose name is damaged; functions in a damaged schema must not run.
            raw.sqlite3_db_config(handle, raw.SQLITE_DBCONFIG_DQS_DML, 0, out _);
            raw.sqlite3_db_config(handle, raw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, out _);
            raw.sqlite3_db_config(handle, raw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, out _);
            raw.sqlite3_db_config(handle, raw.SQLITE_DBCONFIG_DEFENSIVE, 1, out _);
            // No memory mapping: a file cut short would then be a signal instead of an error.
            connection.Run($"PRAGMA mmap_size=0; PRAGMA cell_size_check=1; PRAGMA temp_store=2; PRAGMA cache_size=-{cacheKiB}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Statements end with <see cref="OperationCanceledException"/> once that is cancelled.</summary>
    public void EndWhen(CancellationToken cancelled)
    {
        if (!cancelled.CanBeCanceled) { return; }
        _cancelled = cancelled;
        _look = _ => cancelled.IsCancellationRequested ? 1 : 0; // kept here: SQLite calls it until the connection is closed
        raw.sqlite3_progress_handler(Handle, OperationsBetweenLooks, _look, null);
    }

    /// <summary>
    /// Statements end with <see cref="OperationCanceledException"/> once all of them together have taken about that many steps of SQLite's
    /// machine: the same work, however busy the machine is.
    /// </summary>
    public void EndAfter(long operations)
    {
        long left = operations / OperationsBetweenLooks;
        _cancelled = new CancellationToken(canceled: true); // what an interruption means from now on
        _look = _ => left-- <= 0 ? 1 : 0;
        raw.sqlite3_progress_handler(Handle, OperationsBetweenLooks, _look, null);
    }

    /// <summary>What a result code of a statement means.</summary>
    public Exception Error(int code) =>
        (code & 0xff) == raw.SQLITE_INTERRUPT && _cancelled.IsCancellationRequested ? new OperationCanceledException(_cancelled)
        : SqliteErrors.From(code, Handle, Path);

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt handle));
        var statement = new Statement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Prepares a statement that the caller disposes.</summary>
    public Statement Query(string sql)
    {
        Check(raw.sqlite3_prepare_v2(Handle, sql, out sqlite3_stmt handle));
        return new Statement(this, handle);
    }

    /// <summary>Runs statements without parameters, ignoring the rows they return.</summary>
    public void Run(string sql) => Check(raw.sqlite3_exec(Handle, sql));

    /// <summary>The first column of the first row of a query, or 0 without a row.</summary>
    public long Scalar(string sql)
    {
        using Statement statement = Query(sql);
        return statement.Step() ? statement.Int(0) : 0;
    }

    /// <summary>Throws unless the code is OK.</summary>
    public void Check(int code)
    {
        if (code != raw.SQLITE_OK) { throw Error(code); }
    }

    /// <summary>Finalizes the statements and closes the file; an open transaction is rolled back.</summary>
    public void Dispose()
    {
        foreach (Statement statement in _statements) { statement.Dispose(); }
        _statements.Clear();
        Handle.Dispose();
    }
}
