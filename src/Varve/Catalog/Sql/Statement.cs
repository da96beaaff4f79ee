using System.Text;
using SQLitePCL;
using Varve.Platform.Sqlite;

namespace Varve.Catalog.Sql;

/// <summary>
/// A prepared statement. Parameters count from 1, columns from 0. Spans it hands out are valid until the next Step or Reset. While a
/// statement stands on a row, the connection's view of the database does not change.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _handle; // kept alive by whoever disposes this
    private nint _pointer;

    public Statement(SqliteConnection connection, sqlite3_stmt handle)
    {
        _connection = connection;
        _handle = handle;
        _pointer = handle.DangerousGetHandle();
    }

    /// <summary>Binds an integer.</summary>
    public Statement Bind(int index, long value)
    {
        _connection.Check(StatementCalls.Bind(_pointer, index, value));
        return this;
    }

    /// <summary>Binds bytes, which SQLite copies; NULL if there are none.</summary>
    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        _connection.Check(StatementCalls.Bind(_pointer, index, value));
        return this;
    }

    /// <summary>Binds 32 bytes; NULL for zeros.</summary>
    public Statement Bind(int index, in Model.Bytes32 value)
    {
        if (value.IsZero) { return Bind(index, default(ReadOnlySpan<byte>)); }
        Span<byte> bytes = stackalloc byte[Model.Bytes32.Size];
        value.CopyTo(bytes);
        return Bind(index, bytes);
    }

    /// <summary>Binds text.</summary>
    public Statement BindText(int index, string value)
    {
        _connection.Check(raw.sqlite3_bind_text(_handle, index, value));
        return this;
    }

    /// <summary>Goes to the next row; false after the last, which resets the statement.</summary>
    public bool Step()
    {
        int code = StatementCalls.Step(_pointer);
        if (code == raw.SQLITE_ROW) { return true; }
        if (code == raw.SQLITE_DONE)
        {
            Reset();
            return false;
        }

        // The message belongs to the connection and does not survive a reset.
        Exception error = _connection.Error(code);
        Reset();
        throw error;
    }

    /// <summary>Runs a statement that returns no rows; the number of rows it changed.</summary>
    public int Execute()
    {
        if (Step())
        {
            Reset();
            throw new InvalidOperationException("The statement returns rows.");
        }

        return raw.sqlite3_changes(_connection.Handle);
    }

    /// <summary>Ends the use of the current rows.</summary>
    public void Reset() => StatementCalls.Reset(_pointer);

    /// <summary>A column as an integer; 0 for NULL.</summary>
    public long Int(int column) => StatementCalls.Int(_pointer, column);

    /// <summary>A column's bytes; empty for NULL.</summary>
    public ReadOnlySpan<byte> Blob(int column) => StatementCalls.Blob(_pointer, column);

    /// <summary>A column's 32 bytes; zeros for NULL. Other lengths are damage.</summary>
    public Model.Bytes32 Bytes32(int column)
    {
        ReadOnlySpan<byte> bytes = Blob(column);
        if (bytes.IsEmpty) { return default; }
        return bytes.Length == Model.Bytes32.Size ? new Model.Bytes32(bytes) : throw Damaged("an id has the wrong length");
    }

    /// <summary>A column as text.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(Blob(column));

    /// <summary>The exception for a row that must not be believed; resets the statement.</summary>
    public VarveException Damaged(string how)
    {
        Reset();
        return SqliteErrors.Damaged(_connection.Path, how);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pointer = 0;
        _handle.Dispose();
    }
}
