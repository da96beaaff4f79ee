using System.Text;
using Varve.Freeze;
using Varve.Model;
using Varve.Model.Changes;

namespace Varve.History.Differences;

/// <summary>
/// Gathers what is in one of two snapshots, or in both and not the same, and makes of it what people call differences: what is gone at one
/// place and new at another is moved, and what came with its directory is not named again. Memory grows with what differs. One thread.
/// </summary>
/// <param name="complete">Gives of two states of an entry that was moved the second with all that can be told; null: it has all.</param>
internal sealed class DifferenceList(Func<EntryState, EntryState, EntryState>? complete = null)
{
    private readonly List<Difference> _found = [];
    private readonly List<EntryState> _gone = [], _new = [];

    /// <summary>Takes an entry: null where a snapshot has it not.</summary>
    internal void Add(EntryState? before, EntryState? after)
    {
        if (before is null) { _new.Add(after!); }
        else if (after is null) { _gone.Add(before); }
        else { AddBoth(before, after, isMoved: false); }
    }

    /// <summary>Takes an entry that one snapshot lacks for a reason, with all below it.</summary>
    internal void AddLacking(EntryState? before, EntryState? after, EntryChange reason) =>
        _found.Add(new Difference(reason, before, after, 0));

    /// <summary>
    /// What there is, by path; of a path only what is or was there or below, or what became of a directory above it with all that is in it.
    /// </summary>
    internal IReadOnlyList<Difference> Result(byte[]? path)
    {
        Pair();
        var moves = new Dictionary<string, string>();
        foreach (Difference d in _found)
        {
            if (d is { Change: EntryChange.Moved, After.Stat.Kind: EntryKind.Directory }) { moves[Text(d.Path)] = Text(d.MovedFrom!); }
        }

        List<Difference> result = [.. _found.Where(d => !CameAlong(d, moves) && IsMeant(d, path))];
        result.Sort(static (a, b) => a.Path.AsSpan().SequenceCompareTo(b.Path));
        return result;
    }

    private static bool IsMeant(Difference d, byte[]? path)
    {
        if (path is not { Length: > 0 }) { return true; }
        if (Paths.IsAtOrBelow(d.Path, path) || (d.MovedFrom is { } from && Paths.IsAtOrBelow(from, path))) { return true; }
        return d.Change is EntryChange.Failed or EntryChange.Pending or EntryChange.Moved
            && (Paths.IsAtOrBelow(path, d.Path) || (d.MovedFrom is { } above && Paths.IsAtOrBelow(path, above)));
    }

    private void AddBoth(EntryState before, EntryState after, bool isMoved)
    {
        (EntryStat was, EntryStat stat) = (before.Stat, after.Stat);
        EntryProperties properties = EntryComparer.Compare(in was, before.Details, in stat, after.Details);
        // Whatever comes, goes or is renamed in it changes a directory's time.
        if (stat.Kind == EntryKind.Directory) { properties &= ~EntryProperties.Modified; }
        if (!isMoved && properties == 0) { return; }
        EntryChange change = isMoved ? EntryChange.Moved
            : (properties & EntryProperties.OfContent) != 0 ? EntryChange.Changed : EntryChange.Metadata;
        _found.Add(new Difference(change, before, after, properties));
    }

    /// <summary>
    /// An entry that has the inode number of one that is gone, and its birth or, where that is not known, its content's time, is that.
    /// </summary>
    private void Pair()
    {
        ILookup<(ulong, EntryKind), EntryState> gone = _gone.ToLookup(static e => (e.Stat.Inode, e.Stat.Kind));
        var taken = new HashSet<EntryState>(ReferenceEqualityComparer.Instance);
        foreach (EntryState after in _new)
        {
            EntryState? before = gone[(after.Stat.Inode, after.Stat.Kind)].FirstOrDefault(e => !taken.Contains(e) && IsSame(e, after));
            if (before is null) { _found.Add(new Difference(EntryChange.New, null, after, 0)); }
            else
            {
                taken.Add(before);
                AddBoth(before, complete?.Invoke(before, after) ?? after, isMoved: true);
            }
        }

        _found.AddRange(_gone.Where(e => !taken.Contains(e)).Select(static e => new Difference(EntryChange.Gone, e, null, 0)));
        _gone.Clear();
        _new.Clear();
    }

    private static bool IsSame(EntryState a, EntryState b)
    {
        (EntryStat was, EntryStat stat) = (a.Stat, b.Stat);
        return EntryComparer.IsSameEntry(in was, a.Details, in stat, b.Details);
    }

    private static bool CameAlong(Difference d, Dictionary<string, string> moves)
    {
        if (d.MovedFrom is null || d.Properties != 0) { return false; }
        string now = Text(d.Path), before = Text(d.MovedFrom);
        int slash = now.LastIndexOf('/'), slashBefore = before.LastIndexOf('/');
        return slash >= 0 && slashBefore >= 0 && now.AsSpan(slash).SequenceEqual(before.AsSpan(slashBefore))
            && moves.TryGetValue(now[..slash], out string? from) && from.AsSpan().SequenceEqual(before.AsSpan(0, slashBefore));
    }

    private static string Text(byte[] path) => Encoding.Latin1.GetString(path);
}
