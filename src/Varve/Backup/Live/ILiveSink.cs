using Varve.Model;

namespace Varve.Backup.Live;

/// <summary>Takes what a walk of a live tree finds.</summary>
internal interface ILiveSink
{
    /// <summary>
    /// The entries of a directory that a backup would save, sorted by name. Several threads call it at once, each with its own
    /// <paramref name="worker"/>, from 0 on. Nothing of it holds after the call.
    /// </summary>
    /// <param name="worker">The thread.</param>
    /// <param name="directory">The directory's absolute path; empty above a root itself, which is the one entry then.</param>
    /// <param name="listing">The entries.</param>
    void Directory(int worker, ReadOnlySpan<byte> directory, EntryTable listing);

    /// <summary>In place of <see cref="Directory"/>: it was entered, and cannot be listed. The walk's tally has why.</summary>
    /// <param name="worker">The thread.</param>
    /// <param name="directory">The directory's absolute path.</param>
    void Failed(int worker, ReadOnlySpan<byte> directory) { }
}
