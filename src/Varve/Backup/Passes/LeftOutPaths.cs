using System.Text;
using Varve.Backup.Dirty;
using Varve.Backup.Run;
using Varve.Model.Bounds;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Tree.Lists;

namespace Varve.Backup.Passes;

/// <summary>
/// What a pass leaves out on purpose (decision 0056): all of it is counted, the first by path are kept (invariant 11). What is kept is all
/// that comes before what is not, whatever the order in which it was found: so a source that is as it was has the same list, and of any
/// path before the last of the list it is known whether it was left out. Of a directory that is visited again, what was left out of it
/// before does not count. Thread-safe.
/// </summary>
internal sealed class LeftOutPaths(RunRules rules, SeenDirectories seen)
{
    // What a mark, its path and its place take besides.
    private const int Overhead = 150;

    private static readonly Comparer<Mark> s_byPath = Comparer<Mark>.Create(static (a, b) => a.Path.AsSpan().SequenceCompareTo(b.Path));

    // All guarded by the set.
    private readonly SortedSet<Mark> _first = new(s_byPath);
    private readonly Dictionary<int, MarkTally> _others = [];
    private readonly MarkTally _unnumbered = new();
    private long _bytes;
    private volatile byte[]? _limit;

    /// <summary>Whether anybody asks what it comes to: a pass that makes no snapshot leaves nothing out.</summary>
    internal required bool IsServed { get; init; }

    /// <summary>A rule excludes an entry of a directory. Who visits that calls it, before <see cref="Visited"/>.</summary>
    internal void Exclude(DirectoryNode node, ReadOnlySpan<byte> path, EntryKind kind, RulePaths? paths = null)
    {
        // What a list does not name is not left out: it was never meant.
        if (!IsServed || rules.Only?.Includes(path, kind) == false || !IsNew(node, path)) { return; }
        node.LeftOut!.Excluded++;
        if (IsBeyond(path)) { return; }
        // Most of what many rules are looked through for had no room.
        int rule = rules.Excludes.Find(path, kind == EntryKind.Directory, paths ?? rules.Paths);
        Keep(new Mark(path.ToArray(), LeftOutReason.Excluded, rule + 1));
    }

    /// <summary>The same for any other reason.</summary>
    internal void Add(DirectoryNode node, byte[] path, LeftOutReason reason, ExcludeRule? rule = null)
    {
        if (!IsServed || !IsNew(node, path)) { return; }
        node.LeftOut!.Count(reason);
        if (!IsBeyond(path)) { Keep(new Mark(path, reason) { Found = rule }); }
    }

    /// <summary>
    /// A directory, at a path, holds a tag, and nothing else of it is kept: it is the one mark, and what rules exclude of it has none.
    /// </summary>
    internal void Tag(DirectoryNode node, byte[] path, ExcludeRule rule)
    {
        if (!IsServed || node.LeftOut is { Tagged: > 0 }) { return; }
        ForgetIn(node);
        node.LeftOut = new MarkTally { Tagged = 1 };
        if (!IsBeyond(path)) { Keep(new Mark(path, LeftOutReason.Tagged) { Found = rule }); }
    }

    /// <summary>What holds of directories that are not looked at; null if all are.</summary>
    internal CarriedMarks? Carried { get; init; }

    /// <summary>
    /// A directory is about to be visited: what was left out of it in the snapshot before does not count, unless it is as it was.
    /// </summary>
    internal void Visit(DirectoryNode node)
    {
        if (Carried is null || node.IsRecalled) { return; }
        if (node.Dirty is null) { Carried.ForgetBelow(node.Path()); } else { Carried.ForgetIn(node.Path()); }
    }

    /// <summary>A directory was visited: that is all of it.</summary>
    internal void Visited(DirectoryNode node)
    {
        if (!IsServed) { return; }
        MarkTally? tally = node.LeftOut;
        if (tally is not null) { tally.Paths = null; }
        else if (node.IsAgain) { ForgetIn(node); }
        else { return; }

        if (node.Seen >= 0) { seen.Exclude(node.Seen, tally?.Excluded ?? 0); }
        lock (_first)
        {
            if (node.Seen >= 0)
            {
                if (tally is { HasOthers: true }) { _others[node.Seen] = tally; } else { _others.Remove(node.Seen); }
            }
            else
            {
                _unnumbered.Excluded += tally!.Excluded;
                tally.AddOthersTo(_unnumbered);
            }
        }
    }

    /// <summary>What was below a directory is not there any more.</summary>
    internal void ForgetBelow(byte[] path)
    {
        Carried?.ForgetBelow(path);
        Forget(path, static _ => true);
    }

    /// <summary>What is kept, by path, and how much there was. When all is visited.</summary>
    internal (IReadOnlyList<Mark> First, LeftOutCounts Counts) Result()
    {
        var sum = new MarkTally();
        foreach (Mark mark in Carried?.Rest ?? [])
        {
            sum.Count(mark.Reason);
            if (!IsBeyond(mark.Path)) { Keep(mark); }
        }

        lock (_first)
        {
            _unnumbered.AddOthersTo(sum);
            sum.Excluded += _unnumbered.Excluded + seen.Excluded(index =>
            {
                if (_others.Count > 0 && _others.TryGetValue(index, out MarkTally? tally)) { tally.AddOthersTo(sum); }
            });
            return ([.. _first], new LeftOutCounts
            {
                Excluded = sum.Excluded, NotEntered = sum.NotEntered, OtherFileSystems = sum.OtherFileSystems,
                OwnDirectories = sum.OwnDirectories, Ignored = sum.Ignored, Tagged = sum.Tagged, ByProperties = sum.ByProperties,
            });
        }
    }

    private bool IsNew(DirectoryNode node, ReadOnlySpan<byte> path)
    {
        if (node.LeftOut is null)
        {
            node.LeftOut = new MarkTally();
            if (node.IsAgain) { ForgetIn(node); }
        }

        return node.Base is not null || (node.LeftOut.Paths ??= []).Add(Encoding.Latin1.GetString(path));
    }

    private bool IsBeyond(ReadOnlySpan<byte> path) => _limit is { } limit && path.SequenceCompareTo(limit) >= 0;

    private void Keep(Mark mark)
    {
        lock (_first)
        {
            if (IsBeyond(mark.Path) || !_first.Add(mark)) { return; }
            _bytes += mark.Path.Length + Overhead;
            while (_first.Count > MarkList.MaxMarks || _bytes > BoundedList<Mark>.MostBytes)
            {
                Mark last = _first.Max!;
                Remove(last);
                _limit = last.Path;
            }
        }
    }

    private void Remove(Mark mark)
    {
        _first.Remove(mark);
        _bytes -= mark.Path.Length + Overhead;
    }

    /// <summary>What an earlier visit of a directory left out of it.</summary>
    private void ForgetIn(DirectoryNode node)
    {
        byte[] path = node.Path();
        int from = path.Length == 0 ? 0 : path.Length + 1;
        Forget(path, mark => mark.Path.AsSpan(from).IndexOf((byte)'/') < 0);
        lock (_first)
        {
            var own = new Mark(path, default);
            if (_first.TryGetValue(own, out Mark? mark) && mark.Reason == LeftOutReason.Tagged) { Remove(mark); }
        }
    }

    private void Forget(byte[] directory, Predicate<Mark> isMeant)
    {
        lock (_first)
        {
            if (_first.Count == 0) { return; }
            IEnumerable<Mark> below = _first;
            if (directory.Length > 0)
            {
                // '0' follows '/', and is a name of its own.
                var end = new Mark([.. directory, (byte)'0'], default);
                below = _first.GetViewBetween(new Mark([.. directory, (byte)'/'], default), end)
                    .Where(m => s_byPath.Compare(m, end) != 0);
            }

            foreach (Mark mark in (Mark[])[.. below.Where(m => isMeant(m))]) { Remove(mark); }
        }
    }
}
