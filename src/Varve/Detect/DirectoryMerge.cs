using Varve.Model;

namespace Varve.Detect;

/// <summary>
/// Merges a directory's listing with its known states in one pass. The known states are catalog rows sorted by name and first. A
/// name has one row, or two when a killed run is being resumed: the state before (closed by that run) and the one that run recorded. Allocates nothing; stateless.
/// </summary>
internal static class DirectoryMerge
{
    /// <summary>Merges.</summary>
    /// <param name="now">The listing, sorted by name.</param>
    /// <param name="known">The rows, sorted by name, then first.</param>
    /// <param name="safe">Before when timestamps are safe.</param>
    /// <param name="rules">What the predicate leaves out.</param>
    /// <param name="sink">Receives the outcome.</param>
    /// <exception cref="VarveException">Damaged: the rows are out of order or a name has more states than it can have.</exception>
    public static void Run<TSink>(EntryTable now, EntryTable known, SafeTimes safe, ChangeRules rules, ref TSink sink)
        where TSink : IMergeSink, allows ref struct
    {
        int i = 0, k = 0;
        while (i < now.Count || k < known.Count)
        {
            int order = i == now.Count ? 1 : k == known.Count ? -1 : now.Name(i).SequenceCompareTo(known.Name(k));
            if (order < 0)
            {
                sink.New(i++);
                continue;
            }

            int state = TakeState(known, ref k);
            bool open = known.Last(state) == long.MaxValue;
            if (order > 0)
            {
                if (open) { sink.Gone(state); }
                continue;
            }

            Change change = ChangePredicate.Compare(now.Stat(i), known.Stat(state), safe.For(known.First(state)), rules);
            switch (change)
            {
                case Change.New:
                    if (open) { sink.Gone(state); }
                    sink.New(i);
                    break;
                case Change.Unchanged:
                    sink.Unchanged(i, state);
                    break;
                default:
                    sink.Differs(i, state, change);
                    break;
            }

            i++;
        }
    }

    /// <summary>The row that is the known state of the name at <paramref name="k"/>; moves past the name.</summary>
    private static int TakeState(EntryTable known, ref int k)
    {
        int first = k++;
        if (k == known.Count) { return first; }
        int order = known.Name(first).SequenceCompareTo(known.Name(k));
        if (order < 0) { return first; }
        // Two states: the older must be closed by the run whose state the younger is, and nothing may follow.
        int second = k++;
        bool pair = order == 0 && known.Last(first) == known.First(second) && known.Last(second) == long.MaxValue
            && (k == known.Count || known.Name(second).SequenceCompareTo(known.Name(k)) < 0);
        return pair ? second : throw VarveException.Damaged(Subject.Catalog(), "a directory's rows are out of order");
    }
}
