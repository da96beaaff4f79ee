using Varve.Model;
using Varve.Restore.Target;

namespace Varve.Restore.Write;

/// <summary>
/// A file of several pieces while it is written: by any worker, in any order. Whoever does the last piece finishes it. Thread-safe.
/// Holds a reference to its directory.
/// </summary>
internal sealed class LargeFile(RestoreContext context, RestoreQueue queue, TargetDirectory directory, RestoredFile file, in EntryStat stat,
    EntryDetails details, byte[] name)
{
    private readonly EntryStat _stat = stat;

    // The planner's own count keeps it open until all pieces are known.
    private int _pending = 1;
    private Failure? _failure;

    internal void AddPiece() => Interlocked.Increment(ref _pending);

    /// <summary>Writes a piece at its place.</summary>
    internal void Write(ReadOnlySpan<byte> content, long offset)
    {
        if (Volatile.Read(ref _failure) is null)
        {
            RestoreOutcome outcome = file.WriteAt(content, offset);
            if (!outcome.Ok) { Fail(outcome.Operation, outcome.Errno, outcome.Message); }
            else { context.Monitor.AddBytes(content.Length); }
        }

        PieceDone();
    }

    /// <summary>A piece cannot be had: the file will be removed rather than left with a gap.</summary>
    internal void PieceFailed(string message)
    {
        Fail(FailedOperation.Read, 0, message);
        PieceDone();
    }

    /// <summary>A piece was written or given up, or the planner knows no more pieces.</summary>
    internal void PieceDone()
    {
        if (Interlocked.Decrement(ref _pending) != 0) { return; }
        if (_failure is { } failure)
        {
            file.Abandon();
            context.Monitor.Fail(failure);
        }
        else
        {
            RestoreOutcome outcome = file.Finish(in _stat, details);
            if (!outcome.Ok) { context.Monitor.Fail(outcome.ToFailure(directory.RelativePath(name))); }
            context.Monitor.AddFile();
        }

        queue.EndLarge();
        directory.Release();
    }

    private void Fail(FailedOperation operation, int errno, string message) =>
        Interlocked.CompareExchange(ref _failure, new Failure(directory.RelativePath(name), operation, errno, message), null);
}
