using System.Text;
using Varve.Freeze;
using Varve.Model;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Tree.Lists;

namespace Varve.History.Entries;

/// <summary>
/// The one place to ask whether a path is absent from a snapshot because it was left out: by the lists of what failed, of what is still to
/// come and of what was left out on purpose together. Needs no catalog. For one thread.
/// </summary>
internal sealed class LeftOut
{
    private readonly Dictionary<string, LeftOutCause> _causes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _alone = new(StringComparer.Ordinal);
    private readonly LeftOutMarks _marks;
    private readonly ListedRules? _rules;
    private readonly bool _isComplete, _onlyRules, _allMarks;
    private readonly SnapshotPrivate _names;
    private readonly byte[][] _unseen;
    private ListedRules? _everyRule;

    private LeftOut(FetchMeta meta, Snapshot snapshot)
    {
        SnapshotPrivate names = snapshot.Private!;
        SnapshotCounts counts = snapshot.Counts;
        _names = names;
        _marks = names.MarkList.IsNone ? LeftOutMarks.None : MarkList.Decode(meta(names.MarkList).Span);
        _marks = _marks with { Rules = RulePlaces.Apply(names.RulePlaces, _marks.Rules) };
        IReadOnlyList<PendingFile> pending = names.PendingList.IsNone ? [] : PendingList.Decode(meta(names.PendingList).Span);
        IReadOnlyList<Failure> failures = names.FailureList.IsNone ? [] : FailureList.Decode(meta(names.FailureList).Span);
        foreach (Mark mark in _marks.Marks) { Add(new LeftOutCause(mark.Path, mark.Reason, _marks.RuleOf(mark))); }
        foreach (PendingFile file in pending) { Add(new LeftOutCause(file.Path, LeftOutReason.Pending)); }
        foreach (Failure failure in failures) { Add(failure); }
        // What a root that was not there held is as it was last seen, and the marks are of what was seen now.
        _unseen = [.. names.Removable.Where(static r => !r.IsThere).Select(static r => r.Below)];
        LeftOutCounts said = counts.LeftOut ?? new();
        bool isRootWhole = failures.All(static f => f.Path.Length > 0 || f.Operation == FailedOperation.Metadata);
        _isComplete = counts.LeftOut is not null && isRootWhole && failures.Count >= counts.Failed && pending.Count >= counts.PendingFiles;
        _allMarks = _marks.Marks.Count >= said.All;
        _onlyRules = _marks.Marks.Count(static m => m.Reason != LeftOutReason.Excluded) >= said.All - said.Excluded
            && _marks.Rules.Count == _marks.RuleCount;
        if (_allMarks) { return; }
        _rules = new ListedRules(_marks.Rules, names.CanonicalRoot, names.RootPath);
        _onlyRules &= _rules.IsWhole;
    }

    /// <summary>Reads the lists of a snapshot, whose private part is open.</summary>
    /// <exception cref="VarveException">Damaged or NotFound: one of the lists.</exception>
    internal static LeftOut Of(FetchMeta meta, Snapshot snapshot) => new(meta, snapshot);

    /// <summary>
    /// Why a path, relative to the root, that a snapshot has not is not there, as a clause: null if it was not left out, as far as can be
    /// told.
    /// </summary>
    internal static string? ReasonOf(FetchMeta meta, Snapshot snapshot, ReadOnlySpan<byte> path)
    {
        if (snapshot.Private is null) { return null; }
        try
        {
            LeftOut all = Of(meta, snapshot);
            LeftOutCause? cause = all.Find(path, mayBeDirectory: true, out bool isCertain);
            return cause?.ToString() ?? (isCertain || snapshot.Counts.LeftOut is null ? null : "whether it was left out is not listed");
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            // The path is missing either way.
            return null;
        }
    }

    /// <summary>
    /// Why a path, relative to the root, is not in the snapshot though it may have been there: it was left out, or a directory above it
    /// was. Null if it was not, which is certain if <paramref name="isCertain"/>; otherwise not all that was left out is listed, and nobody
    /// may conclude that it did not exist. <paramref name="mayBeDirectory"/>: it is a directory, or that is not known.
    /// </summary>
    internal LeftOutCause? Find(ReadOnlySpan<byte> path, bool mayBeDirectory, out bool isCertain)
    {
        isCertain = true;
        for (int end = 0; end < path.Length;)
        {
            int slash = path[(end + 1)..].IndexOf((byte)'/');
            end = slash < 0 ? path.Length : end + 1 + slash;
            bool isWhole = end == path.Length;
            string key = Encoding.Latin1.GetString(path[..end]);
            if ((isWhole || !_alone.Contains(key)) && _causes.TryGetValue(key, out LeftOutCause? cause)) { return cause; }
            if (IsListed(path[..end])) { continue; }
            // What rules exclude, they tell by themselves.
            if (_rules?.Excluding(path[..end], !isWhole || mayBeDirectory) is { } rule)
            {
                return new LeftOutCause(path[..end].ToArray(), LeftOutReason.Excluded, rule);
            }
        }

        isCertain = _isComplete && (IsListed(path) || _onlyRules);
        foreach (byte[] root in _unseen) { isCertain &= root.Length > 0 && !Paths.IsAtOrBelow(path, root); }
        return null;
    }

    /// <summary>
    /// The rule by which a path would have been left out had it been there, or a directory above it; null if none is known. For what is
    /// looked at now: it may be newer than the snapshot.
    /// </summary>
    internal ExcludeRule? RuleFor(ReadOnlySpan<byte> path, bool mayBeDirectory)
    {
        _everyRule ??= _rules ?? new ListedRules(_marks.Rules, _names.CanonicalRoot, _names.RootPath);
        for (int end = 0; end < path.Length;)
        {
            int slash = path[(end + 1)..].IndexOf((byte)'/');
            end = slash < 0 ? path.Length : end + 1 + slash;
            if (_everyRule.Excluding(path[..end], end < path.Length || mayBeDirectory) is { } rule) { return rule; }
        }

        return null;
    }

    /// <summary>Whether the marks would have a path if it had been left out: they are the first by path.</summary>
    private bool IsListed(ReadOnlySpan<byte> path) =>
        _allMarks || (_marks.Marks is [.., Mark last] && path.SequenceCompareTo(last.Path) <= 0);

    private void Add(LeftOutCause cause) => _causes[Encoding.Latin1.GetString(cause.Path)] = cause;

    private void Add(Failure failure)
    {
        if (failure.Path.Length == 0) { return; }
        // What lies below a directory that lacks metadata is there.
        if (failure.Operation == FailedOperation.Metadata) { _alone.Add(Encoding.Latin1.GetString(failure.Path)); }
        Add(new LeftOutCause(failure.Path, LeftOutReason.Failed, Message: failure.Message));
    }
}
