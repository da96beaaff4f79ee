using System.Text;
using SQLitePCL;
using Varve.Catalog.Sql;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Catalog;

/// <summary>
/// Catalog: what the repository holds, row by row, in a local SQLite database. A cache: losing it costs time, never data.
/// 1. It commits after the repository: no row of a snapshot claims what is not durably stored. It may lag behind, after a power failure by
/// several transactions. Rows of a run that is not over may claim more (<see cref="CatalogWriter.IsAwaited"/>): the run that takes it up
/// proves them.
/// 2. It is never believed when damaged: each row carries a sum, each directory a count and sum of its rows, so that flipped bytes, lost
///    rows and doubled rows all come out as <see cref="ErrorKind.Damaged"/>, and the caller sets the file aside and rebuilds it.
/// 3. A revision is one row from the first snapshot that has it to the first that has it no more; what does not change is not written.
/// 4. One writer per file at a time (SQLite's lock, held while a transaction is open), any number of readers, which never wait for it.
///    Two runs for one source at a time are the caller's to prevent: the second would take the first for killed.
/// This object is immutable and thread-safe; readers and writers are not, each belongs to one thread.
/// </summary>
internal sealed class CatalogFile
{
    private const int ReaderCacheKiB = 2 << 10, WriterCacheKiB = 16 << 10;

    private readonly Action<Notice>? _warn;

    private CatalogFile(string path, Action<Notice>? warn) => (Path, _warn) = (path, warn);

    /// <summary>The database's file.</summary>
    public string Path { get; }

    /// <summary>
    /// Opens a repository's catalog, creating it if the file is missing or empty; its directory must exist. <paramref name="warn"/> hears
    /// of a writer that has to wait.
    /// </summary>
    /// <exception cref="VarveException">
    /// Damaged: not a catalog, of another version or repository, or broken: set it aside. Storage: cannot be opened. Busy: locked for
    /// minutes.
    /// </exception>
    public static CatalogFile Open(string path, RepositoryId repository, Action<Notice>? warn = null)
    {
        using FileLock? turn = IsMade(path) ? null : AwaitTurn(path);
        using SqliteConnection connection = SqliteConnection.Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, ReaderCacheKiB);
        connection.Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
        if (connection.Scalar("SELECT count(*) FROM sqlite_schema") == 0) { Create(connection, repository); }
        if (connection.Scalar("PRAGMA application_id") != CatalogSchema.ApplicationId)
        {
            throw SqliteErrors.Damaged(path, "it is not a catalog");
        }
        long version = connection.Scalar("PRAGMA user_version");
        if (version != CatalogSchema.Version)
        {
            throw SqliteErrors.Damaged(path, $"it has version {version}, this program uses {CatalogSchema.Version}");
        }
        Statement query = connection.Prepare("SELECT value FROM meta WHERE key='repository'");
        if (!query.Step() || !query.Blob(0).SequenceEqual(repository.ToArray()))
        {
            throw query.Damaged("it belongs to another repository");
        }
        return new CatalogFile(path, warn);
    }

    /// <summary>Whether an error is damage of a catalog itself, as opposed to damage of the repository that is being imported.</summary>
    public static bool IsDamage(VarveException e) => e.Kind == ErrorKind.Damaged && e.Subject.Kind == SubjectKind.Catalog;

    /// <summary>
    /// A connection for reading; dispose it on the thread that uses it. <paramref name="cancelled"/> ends whatever it does, however long
    /// that takes, with <see cref="OperationCanceledException"/>.
    /// </summary>
    public CatalogReader OpenReader(CancellationToken cancelled = default)
    {
        // Not SQLITE_OPEN_READONLY, which needs somebody else to keep the write-ahead log's index.
        SqliteConnection connection = SqliteConnection.Open(Path, raw.SQLITE_OPEN_READWRITE, ReaderCacheKiB);
        connection.Run("PRAGMA query_only=1");
        connection.EndWhen(cancelled);
        return new CatalogReader(connection);
    }

    /// <summary>The connection for writing. Who waits for its turn to write waits no longer than until it is cancelled.</summary>
    public CatalogWriter OpenWriter(CancellationToken cancelled = default)
    {
        SqliteConnection connection = SqliteConnection.Open(Path, raw.SQLITE_OPEN_READWRITE, WriterCacheKiB);
        connection.Run("PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=67108864");
        return new CatalogWriter(connection, _warn, cancelled);
    }

    /// <summary>
    /// Renames a catalog that must not be believed, with its log, to <c>path.damaged-n</c>; the new path. Connections to it must be closed.
    /// </summary>
    public static string SetAside(string path)
    {
        int n = 1;
        while (File.Exists($"{path}.damaged-{n}")) { n++; }
        string aside = $"{path}.damaged-{n}";
        try
        {
            // The log first: left behind, it would be taken for the new catalog's.
            foreach (string suffix in (ReadOnlySpan<string>)["-wal", "-shm", ""])
            {
                if (File.Exists(path + suffix)) { File.Move(path + suffix, aside + suffix, overwrite: true); }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Catalog(path), $"is damaged and could not be renamed: {Errno.Message(e)}",
                Advice.RemoveCatalog, e);
        }

        return aside;
    }

    /// <summary>
    /// One at a time makes the file, as long as this is open: SQLite turns a database to write-ahead logging only while nobody else has it
    /// open, and does not wait for that.
    /// </summary>
    private static FileLock AwaitTurn(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + ".lock");
        int errno = FileLock.Await(Posix.AT_FDCWD, name, TimeSpan.FromMilliseconds(SqliteConnection.BusyMilliseconds), out FileLock? turn);
        if (turn is not null) { return turn; }
        throw errno == Errno.EAGAIN ? SqliteErrors.Busy(path)
            : new VarveException(ErrorKind.Storage, Subject.Catalog(path), $"could not be made: {Errno.Message(errno)}",
                Advice.CheckDirectory);
    }

    /// <summary>
    /// Whether there is a database with write-ahead logging. Refuses what SQLite would open in a way that hides the damage: an unknown
    /// write version, for one, reads as a read-only file.
    /// </summary>
    private static bool IsMade(string path)
    {
        Span<byte> header = stackalloc byte[20];
        try
        {
            if (!File.Exists(path)) { return false; }
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            int length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (length == 0) { return false; }
            bool good = length == header.Length && header[..16].SequenceEqual("SQLite format 3\0"u8) && header[18] is 1 or 2
                && header[19] is 1 or 2;
            if (!good) { throw SqliteErrors.Damaged(path, "it is not a database"); }
            return header[18] == 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Catalog(path), $"could not be read: {Errno.Message(e)}",
                Advice.CheckDirectory, e);
        }
    }

    private static void Create(SqliteConnection connection, RepositoryId repository)
    {
        connection.Run("BEGIN IMMEDIATE");
        // Another process may have been faster.
        if (connection.Scalar("SELECT count(*) FROM sqlite_schema") != 0)
        {
            connection.Run("ROLLBACK");
            return;
        }

        connection.Run(CatalogSchema.Create);
        connection.Run($"INSERT INTO meta(key, value) VALUES('repository', x'{repository}')");
        connection.Run($"PRAGMA application_id={CatalogSchema.ApplicationId}; PRAGMA user_version={CatalogSchema.Version}; COMMIT");
    }
}
