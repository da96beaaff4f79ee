using Varve.Backup.Run;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Backup.Unstable;

/// <summary>What proves that a file holds still, or did (decision 0022). Stateless.</summary>
internal static class StabilityProof
{
    /// <summary>
    /// Whether any change from now on shows in the file's stat: nobody has it open for writing, or it was not changed after
    /// <paramref name="recent"/>, so that what was written through a mapping would have been written out by now.
    /// </summary>
    internal static bool StatTells(int file, in EntryStat stat, FileTime recent) =>
        Lease.Probe(file) == WriterPresence.None || (stat.Ctime <= recent && FileSystemKind.WritesBack(file));

    /// <summary>
    /// What a copy as of <paramref name="moment"/> is worth, given the file now; <paramref name="tells"/>: whether its stat tells of
    /// changes.
    /// </summary>
    internal static Stability Of(int file, in EntryStat moment, bool tells) =>
        tells && Posix.Stat(file, out EntryStat after) == 0 && EntryEquality.HeldStill(in moment, in after) ? Stability.Stable
        : Stability.Moving;
}
