using Varve.Model;
using Varve.Restore.Entries;
using Varve.Restore.Target;

namespace Varve.Restore.Write;

/// <summary>
/// A file of several pieces while it is written: by any worker, in any order. Whoever does the last piece finishes it. Thread-safe.
/// Holds a reference to its directory. The group is what its names share, 0 if it has one.
/// </summary>
internal sealed class LargeFile(RestoreContext context, RestoreQueue queue, TargetDirectory directory, RestoredFile file, in EntryStat stat,
    EntryDetails details, byte[] name, ulong group, bool replaces = false)
{
    private readonly EntryStat _stat = stat;

    // The planner's own count keeps it open until all pieces are known.
    private int _pending = 1;
    private Failure? _failure;

    internal void AddPiece() => Interlocked.Increment(ref _pending);

    /// <summary>A part was taken from the file that was there, or could not be.</summary>
    internal void Took(int error)
    {
        if (error == 0) { return; }
        RestoreOutcome outcome = RestoreOutcome.NotWritten(error, directory, name);
        Fail(outcome.Operation, outcome.Errno, outcome.Message);
    }

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

    /// <summary>Says of which file a piece is at hand.</summary>
    internal void Name(PresentPiece present) => present.Begin(directory, name);

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
            file.Dispose();
            context.Monitor.Fail(failure);
        }
        else
        {
            RestoreOutcome outcome = file.Finish(in _stat, details);
            if (!outcome.Ok) { context.Monitor.Fail(outcome.ToFailure(directory.RelativePath(name))); }
            if (outcome.Created)
            {
                context.Links.Made(group, outcome.Id);
                context.Written(directory, name, EntryKind.File, replaces);
                context.Monitor.AddFile();
            }
        }

        queue.EndLarge();
        directory.Release();
    }

    private void Fail(FailedOperation operation, int errno, string message) =>
        Interlocked.CompareExchange(ref _failure, new Failure(directory.RelativePath(name), operation, errno, message), null);
}
