using Varve.Backup.Run;

namespace Varve;

/// <summary>The counters of a run, written by its threads and read by whoever shows progress. Thread-safe.</summary>
public sealed class BackupMonitor
{
    internal RunProgress Progress { get; } = new();

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
    };
}
