using Varve.Model;

namespace Varve.Backup;

/// <summary>Whether an entry that was read again is in every respect what was known: then it keeps its row.</summary>
internal static class EntryEquality
{
    internal static bool Same(EntryTable now, int i, EntryTable known, int k)
    {
        ref EntryStat a = ref now.Stat(i), b = ref known.Stat(k);
        return a.Kind == b.Kind && a.Size == b.Size && a.Mtime == b.Mtime && a.Ctime == b.Ctime && a.Inode == b.Inode && a.Mode == b.Mode && a.Uid == b.Uid
            && a.Gid == b.Gid && now.Flags(i) == known.Flags(k) && now.Details(i).SequenceEqual(known.Details(k));
    }
}
