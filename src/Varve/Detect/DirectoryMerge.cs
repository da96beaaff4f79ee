using Varve.Model;

namespace Varve.Detect;

/// <summary>
/// Merges a directory's listing with its known states in one pass. The known states are catalog rows sorted by name and first. A
/// name has one row, or two when a killed run is being resumed: the state before (closed by that run) and the one that run recorded.
/// Allocates nothing; stateless.
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
        int atNow = 0, atKnown = 0;
        while (atNow < now.Count || atKnown < known.Count)
        {
            int order = atNow == now.Count ? 1 : atKnown == known.Count ? -1 : now.Name(atNow).SequenceCompareTo(known.Name(atKnown));
            if (order < 0)
            {
                sink.New(atNow++);
                continue;
            }

            int state = TakeState(known, ref atKnown);
            bool open = known.Last(state) == long.MaxValue;
            if (order > 0)
            {
                if (open) { sink.Gone(state); }
                continue;
            }

            Change change = ChangePredicate.Compare(now.Stat(atNow), known.Stat(state), safe.For(known.First(state)), rules);
            switch (change)
            {
                case Change.New:
                    if (open) { sink.Gone(state); }
                    sink.New(atNow);
                    break;
                case Change.Unchanged:
                    sink.Unchanged(atNow, state);
                    break;
                default:
                    sink.Differs(atNow, state, change);
                    break;
            }

            atNow++;
        }
    }

    /// <summary>The row that is the known state of the name at <paramref name="atKnown"/>; moves past the name.</summary>
    private static int TakeState(EntryTable known, ref int atKnown)
    {
        int first = atKnown++;
        if (atKnown == known.Count) { return first; }
        int order = known.Name(first).SequenceCompareTo(known.Name(atKnown));
        if (order < 0) { return first; }
        // Two states: the older must be closed by the run whose state the younger is, and nothing may follow.
        int second = atKnown++;
        bool pair = order == 0 && known.Last(first) == known.First(second) && known.Last(second) == long.MaxValue
            && (atKnown == known.Count || known.Name(second).SequenceCompareTo(known.Name(atKnown)) < 0);
        return pair ? second : throw VarveException.Damaged(Subject.Catalog(), "a directory's rows are out of order");
    }
}
