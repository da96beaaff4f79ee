using System.Runtime.InteropServices;

namespace Varve.Platform.Sqlite;

/// <summary>
/// The calls on a prepared statement that are made for each row, or for each of its columns. The binding of SQLite that is in use counts a
/// reference for each call, which takes two interlocked operations and a third of the time of a scan; here the caller keeps the statement
/// alive. A pointer of 0 is no statement: it has no rows, and its columns are empty. Stateless.
/// </summary>
internal static unsafe partial class StatementCalls
{
    private const string Library = "e_sqlite3";

    /// <summary>SQLite copies what is bound so before the call returns.</summary>
    private const nint Transient = -1;

    /// <summary>Goes to the next row; a result code.</summary>
    internal static int Step(nint statement) => sqlite3_step(statement);

    /// <summary>Ends the use of the rows; a result code.</summary>
    internal static int Reset(nint statement) => sqlite3_reset(statement);

    /// <summary>Binds an integer; a result code.</summary>
    internal static int Bind(nint statement, int index, long value) => sqlite3_bind_int64(statement, index, value);

    /// <summary>Binds bytes, or NULL if there are none; a result code.</summary>
    internal static int Bind(nint statement, int index, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) { return sqlite3_bind_null(statement, index); }
        fixed (byte* bytes = value) { return sqlite3_bind_blob(statement, index, bytes, value.Length, Transient); }
    }

    /// <summary>A column of the current row as an integer; 0 for NULL.</summary>
    internal static long Int(nint statement, int column) => sqlite3_column_int64(statement, column);

    /// <summary>A column's bytes, valid until the next step or reset; empty for NULL.</summary>
    internal static ReadOnlySpan<byte> Blob(nint statement, int column)
    {
        byte* bytes = sqlite3_column_blob(statement, column);
        return bytes is null ? [] : new ReadOnlySpan<byte>(bytes, sqlite3_column_bytes(statement, column));
    }

    [LibraryImport(Library)]
    private static partial int sqlite3_step(nint statement);

    [LibraryImport(Library)]
    private static partial int sqlite3_reset(nint statement);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial int sqlite3_bind_int64(nint statement, int index, long value);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial int sqlite3_bind_null(nint statement, int index);

    [LibraryImport(Library)]
    private static partial int sqlite3_bind_blob(nint statement, int index, byte* value, int length, nint destructor);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial byte* sqlite3_column_blob(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial int sqlite3_column_bytes(nint statement, int column);
}
