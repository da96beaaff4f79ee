using Varve.Backup.Run;
using Varve.Model.Changes;

namespace Varve;

/// <summary>The counters of a run, written by its threads and read by whoever shows progress. Thread-safe.</summary>
public sealed class BackupMonitor
{
    private readonly RunProgress _progress = new();

    internal RunProgress Progress => _progress;

    /// <summary>
    /// Whether somebody watches the run while it goes on: then <see cref="BackupProgress.Path"/> is known, and where no snapshot tells what
    /// to expect, files and bytes are counted beside the run.
    /// </summary>
    public bool IsWatched
    {
        get => _progress.IsWatched;
        init => _progress.IsWatched = value;
    }

    /// <summary>
    /// Called for each entry that is not as the snapshot before has it, by the threads of the run, several at once; what is gone comes
    /// last. What takes long in it holds the run up. Nothing is done for it when it is null, which is the default.
    /// </summary>
    internal Action<ChangedEntry>? Entry
    {
        get => _progress.Entry;
        init => _progress.Entry = value;
    }

    /// <summary>Called by the thread that has just counted a directory or files: the seam by which tests stop a run where it is.</summary>
    internal Action<BackupMonitor>? Counted
    {
        init => Progress.Counted = value is null ? null : () => value(this);
    }

    /// <summary>A snapshot of the counters.</summary>
    public BackupProgress Read() => new()
    {
        Directories = Progress.Directories,
        Files = Progress.Files,
        Bytes = Progress.Bytes,
        BytesRead = Progress.BytesRead,
        BytesStored = Progress.BytesStored,
        Failed = Progress.Failed,
        ExpectedFiles = Progress.ExpectedFiles is var files and >= 0 ? files : null,
        ExpectedBytes = Progress.ExpectedBytes is var bytes and >= 0 ? bytes : null,
        Phase = Progress.Phase,
        Path = Progress.PresentFile(),
    };
}
