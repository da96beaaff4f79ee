using System.Text;
using SQLitePCL;
using Varve.Model;
using Varve.Platform;

namespace Varve.Catalog.Sql;

/// <summary>Turns SQLite's result codes into the library's exception.</summary>
internal static class SqliteErrors
{
    /// <summary>The exception for a result code on a statement of our own.</summary>
    public static VarveException From(int code, sqlite3? db, string path)
    {
        string words = db is { IsInvalid: false } ? raw.sqlite3_errmsg(db).utf8_to_string() : raw.sqlite3_errstr(code).utf8_to_string();
        return (code & 0xff) switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Busy(path),
            // Where its files are made larger ahead of time, SQLite takes a full disk for a broken one.
            raw.SQLITE_FULL => Full(path),
            raw.SQLITE_IOERR when HasNoRoom(path) => Full(path),
            // A read that comes back short, or bytes outside the file, are the file's fault, not the disk's.
            raw.SQLITE_IOERR when code is not (raw.SQLITE_IOERR | (2 << 8)) and not (raw.SQLITE_IOERR | (33 << 8)) =>
                new VarveException(ErrorKind.Storage, Subject.Catalog(path), $"could not be read or written: {words}"),
            raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_READONLY or raw.SQLITE_AUTH =>
                new VarveException(ErrorKind.Storage, Subject.Catalog(path), $"could not be opened: {words}", Advice.CheckDirectory),
            raw.SQLITE_NOMEM =>
                new VarveException(ErrorKind.Storage, Subject.Catalog(path), "needs more memory than there is", Advice.FreeMemory),
            raw.SQLITE_MISUSE => throw new InvalidOperationException($"The catalog was used wrongly: {words}"),
            // CORRUPT and NOTADB, and everything a correct statement cannot meet in a sound database: ERROR (a column that is missing),
            // CONSTRAINT, ...
            _ => Damaged(path, words),
        };
    }

    private static VarveException Full(string path) =>
        new(ErrorKind.Storage, Subject.Catalog(path), "lies on a file system that is full", Advice.ChooseCache);

    private static bool HasNoRoom(string path)
    {
        const long least = 64 << 10; // what the index of the log grows by
        if (Posix.OpenAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), Posix.O_PATH, out SafeFd file) != 0) { return false; }
        int errno = Posix.FreeBytes(file.Value, out long free);
        file.Close();
        return errno == 0 && free < least;
    }

    /// <summary>The exception for a catalog that another process has held for longer than we wait.</summary>
    public static VarveException Busy(string path, int process = 0) =>
        new(ErrorKind.Busy, Subject.Catalog(path), HeldBy(process), Advice.WaitForOther);

    /// <summary>Who holds a catalog, in words; 0: another process, which is not known.</summary>
    public static string HeldBy(int process) => process > 0 ? $"is held by process {process}" : "is held by another process";

    /// <summary>The exception for a catalog that must not be believed.</summary>
    public static VarveException Damaged(string path, string how) =>
        new(ErrorKind.Damaged, Subject.Catalog(path), how, Advice.RebuildCatalog);
}
