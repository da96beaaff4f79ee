using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Restore.Target;

namespace Varve.Restore.Resume;

/// <summary>
/// What earlier runs of a restore left in the target. Ours is what was born while one of them ran; where the file system tells no births,
/// everything in a target that was empty, and in another the directories whose mode says that they are not complete. Of ours, a file whose
/// size or modification time differs was cut short: it goes, and is written again. Whatever else is there stays. Thread-safe.
/// </summary>
/// <param name="runs">All of them, in their order.</param>
/// <param name="now">When this run began, by the file system's clock.</param>
/// <param name="wasEmpty">Whether nothing was in the target before the first.</param>
/// <param name="isTrusted">Whether what they wrote can not have been lost: it is the same boot and mount. Else all files of theirs are
/// written again.</param>
/// <param name="owner">Whose the mark is, as the file system shows it.</param>
internal sealed class EarlierRuns(IReadOnlyList<MarkedRun> runs, FileTime now, bool wasEmpty, bool isTrusted, uint owner)
{
    /// <summary>What was found where an entry is to be.</summary>
    internal enum Found
    {
        /// <summary>Nothing, or nothing any more.</summary>
        Nothing,
        /// <summary>The entry, as it is to be.</summary>
        Whole,
        /// <summary>Something that is not ours.</summary>
        Other,
    }

    /// <summary>Whether what they wrote can not have been lost.</summary>
    internal bool IsTrusted => isTrusted;

    /// <summary>Whether one of them made it.</summary>
    internal bool IsOurs(in EntryStat stat)
    {
        if (!stat.HasBirth)
        {
            return wasEmpty || stat.Kind == EntryKind.Directory && stat.Mode == Modes.UnfinishedDirectory && stat.Uid == owner;
        }

        for (int i = 0; i < runs.Count; i++)
        {
            FileTime end = runs[i].Ended != default ? runs[i].Ended : i + 1 < runs.Count ? runs[i + 1].Began : now;

            // What was born in the same tick of the clock is taken for ours: nobody makes files in a target and restores into it as fast.
            if (stat.Birth >= runs[i].Began && stat.Birth <= end) { return true; }
        }

        return false;
    }

    /// <summary>
    /// Looks at the place of an entry, and removes what was cut short there. <paramref name="id"/> tells which inode is there if it is
    /// whole.
    /// </summary>
    internal Found Look(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat wanted, out TargetFileId id)
    {
        id = default;
        TargetName.Check(name);
        if (directory.WasCreated) { return Found.Nothing; }
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            // What cannot be looked at is found out by making the entry.
            if (error != 0 || Posix.StatAt(pin.Descriptor, name, out EntryStat there) != 0) { return Found.Nothing; }
            bool isOurs = IsOurs(in there);
            bool same = there.Kind == wanted.Kind && there.Size == wanted.Size && there.Mtime == wanted.Mtime
                && (wanted.Attributes & Posix.KeptAttributes & ~there.Attributes) == 0;
            if (same && (isTrusted || !isOurs || there.Kind != EntryKind.File))
            {
                id = TargetFileId.Of(in there);
                return Found.Whole;
            }

            if (!isOurs || there.Kind == EntryKind.Directory) { return Found.Other; }
            int removed = Posix.UnlinkAt(pin.Descriptor, name);
            if (removed == Errno.EPERM && Unforbid.File(pin.Descriptor, name, in there)) { removed = Posix.UnlinkAt(pin.Descriptor, name); }
            return removed is 0 or Errno.ENOENT ? Found.Nothing : Found.Other;
        }
    }
}
