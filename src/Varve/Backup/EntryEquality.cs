using Varve.Model;

namespace Varve.Backup;

/// <summary>Whether an entry that was read again is in every respect what was known: then it keeps its row.</summary>
internal static class EntryEquality
{
    internal static bool Same(EntryTable now, int i, EntryTable known, int k) =>
        now.Stat(i).IsSameState(in known.Stat(k)) && now.Flags(i) == known.Flags(k) && now.Details(i).SequenceEqual(known.Details(k));
}
