using System.Text;
using SQLitePCL;
using Varve.Catalog.Sql;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Locks;

namespace Varve.Catalog.Write;

/// <summary>
/// Whose turn it is to write to a catalog. SQLite lets one write at a time and neither queues the others nor tells it of them. So whoever
/// waits holds a second lock, shared, on a file beside the catalog; who writes for long looks now and then whether anybody does, and gives
/// way. On a file system without locks nobody is seen to wait. Not thread-safe.
/// </summary>
internal sealed class WriterTurn(SqliteConnection connection, Action<Notice>? warn, CancellationToken cancelled)
{
    /// <summary>The byte of the -shm file that SQLite locks for writing in its write-ahead mode (walFormat: WAL_WRITE_LOCK).</summary>
    private const int WriteLock = 120;

    private const int LongestSleep = 50;

    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(SqliteConnection.BusyMilliseconds);

    // Waiting is not told of before it is felt. Who was cancelled still waits a little: what it has done so far would be lost.
    private static readonly TimeSpan s_untold = TimeSpan.FromSeconds(2), s_grace = TimeSpan.FromSeconds(2);

    // In which whoever waits begins: it looks much more often.
    private static readonly TimeSpan s_way = TimeSpan.FromMilliseconds(500);

    private readonly byte[] _waiting = Encoding.UTF8.GetBytes(connection.Path + ".waiting");

    /// <summary>Begins a transaction that writes; waits for other writers, at most five minutes, and says so.</summary>
    /// <exception cref="VarveException">Busy: another held it all the time.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while another held it.</exception>
    internal void Begin()
    {
        if (TryBegin()) { return; }
        FileLock? waiting = null;
        try
        {
            long began = Environment.TickCount64, heard = 0;
            bool isTold = false;
            for (int sleep = 1; ; sleep = Math.Min(LongestSleep, sleep * 2))
            {
                if (waiting is null) { _ = FileLock.TryShare(Posix.AT_FDCWD, _waiting, out waiting); }
                Gate.Pass(Gate.WaitsToWrite);
                if (TryBegin()) { return; }
                long now = Environment.TickCount64;
                TimeSpan waited = TimeSpan.FromMilliseconds(now - began);
                if (waited >= s_longest) { throw SqliteErrors.Busy(connection.Path, Holder()); }
                if (cancelled.IsCancellationRequested)
                {
                    if (heard == 0) { heard = now; }
                    if (now - heard >= s_grace.TotalMilliseconds) { throw new OperationCanceledException(cancelled); }
                }

                if (!isTold && waited >= s_untold)
                {
                    isTold = true;
                    warn?.Invoke(new Notice(Subject.Catalog(connection.Path), $"{SqliteErrors.HeldBy(Holder())}: it is waited for"));
                }

                Thread.Sleep(sleep);
            }
        }
        finally { waiting?.Dispose(); }
    }

    /// <summary>Whether another process waits for its turn.</summary>
    internal bool IsAwaited()
    {
        int errno = FileLock.TryTake(Posix.AT_FDCWD, _waiting, out FileLock? taken);
        taken?.Dispose();
        return errno == Errno.EAGAIN;
    }

    /// <summary>Lets those who wait write, as far as they begin soon. No transaction may be open.</summary>
    internal void GiveWay()
    {
        long began = Environment.TickCount64;
        while (IsAwaited() && Environment.TickCount64 - began < s_way.TotalMilliseconds) { Thread.Sleep(2); }
    }

    private int Holder() => LockHolder.Of(connection.Path + "-shm", WriteLock);

    private bool TryBegin()
    {
        raw.sqlite3_busy_timeout(connection.Handle, 0);
        int code = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE");
        raw.sqlite3_busy_timeout(connection.Handle, SqliteConnection.BusyMilliseconds);
        if ((code & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED) { return false; }
        connection.Check(code);
        return true;
    }
}
