using Varve.Model;

namespace Varve.Backup.Run;

/// <summary>When two looks at an entry say that it is the same.</summary>
internal static class EntryEquality
{
    /// <summary>Whether an entry that was read again is in every respect what was known: then it keeps its row.</summary>
    internal static bool Same(EntryTable now, int i, EntryTable known, int k) =>
        now.Stat(i).IsSameState(in known.Stat(k)) && now.Flags(i) == known.Flags(k) && now.Details(i).SequenceEqual(known.Details(k));

    /// <summary>The same, but for what is thought of how the file was read: that is nothing that changed in the source.</summary>
    internal static bool SameButFlags(EntryTable now, int i, EntryTable known, int k) =>
        now.Stat(i).IsSameState(in known.Stat(k)) && now.Details(i).SequenceEqual(known.Details(k));

    /// <summary>Whether the stats of a file before and after it was read tell of no change in between.</summary>
    internal static bool HeldStill(in EntryStat before, in EntryStat after) =>
        before.Kind == after.Kind && before.Size == after.Size && before.Mtime == after.Mtime && before.Ctime == after.Ctime
        && before.Inode == after.Inode && before.Device == after.Device;
}
