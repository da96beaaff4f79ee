using Varve.History;
using Varve.History.Entries;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Restore.Place;
using Varve.Restore.Plan;
using Varve.Tree.Lists;

namespace Varve.Restore;

/// <summary>
/// What a restore may delete because its snapshot has it not: only what the snapshot would have, had it been there. Immutable.
/// </summary>
internal sealed class DeletionRules
{
    private readonly LeftOut _leftOut;
    private readonly RestoreFilter _filter;
    private readonly byte[] _below;
    private readonly bool _excludedToo, _unmarkedToo;

    private DeletionRules(LeftOut leftOut, RestoreFilter filter, byte[] below, bool excludedToo, bool unmarkedToo) =>
        (_leftOut, _filter, _below, _excludedToo, _unmarkedToo) = (leftOut, filter, below, excludedToo, unmarkedToo);

    /// <summary>Answers for paths relative to the target; null if nothing is to be deleted.</summary>
    /// <exception cref="VarveException">Usage: nothing may be deleted by this snapshot. Damaged, NotFound: one of its lists.</exception>
    internal static KeepReason? Of(FetchMeta meta, RestoreOptions options, RestoreFilter filter, byte[] below)
    {
        if (!options.Delete) { return null; }
        Snapshot snapshot = options.Snapshot.Snapshot;
        var subject = Subject.Snapshot(options.Snapshot.Name);
        if (snapshot.Counts.PendingFiles > 0 || !snapshot.Private!.PendingList.IsNone)
        {
            throw new VarveException(ErrorKind.Usage, subject, "is partial: what it has not may be still to come, so nothing is deleted by it",
                Advice.DeleteByOther);
        }

        if (options.Rules is null)
        {
            throw new VarveException(ErrorKind.Usage, subject, "cannot be what decides what goes, where what differs is not replaced",
                Advice.ReplaceToDelete);
        }

        bool isUnmarked = snapshot.Counts.LeftOut is null;
        if (isUnmarked && !options.DeleteExcluded)
        {
            throw new VarveException(ErrorKind.Usage, subject, "does not say what was left out when it was made: what it has not may be that",
                Advice.DeleteExcluded);
        }

        bool allFailuresListed = snapshot.Counts.Failed == 0
            || SnapshotFailures.List(meta, options.Snapshot).Count >= snapshot.Counts.Failed;
        var rules = new DeletionRules(LeftOut.Of(meta, snapshot), filter, below, options.DeleteExcluded, isUnmarked && allFailuresListed);
        return rules.Reason;
    }

    private string? Reason(ReadOnlySpan<byte> path, EntryKind kind)
    {
        if (!_filter.TakesAll && _filter.Drops(path, kind == EntryKind.Directory)) { return "it is excluded from this restore"; }
        byte[] whole = _below.Length == 0 ? path.ToArray() : [.. _below, (byte)'/', .. path];
        LeftOutCause? cause = _leftOut.Find(whole, kind == EntryKind.Directory, out bool isCertain);
        if (cause is null && !_excludedToo && _leftOut.RuleFor(whole, kind == EntryKind.Directory) is { } rule)
        {
            return $"'{rule.Pattern}' excludes it from snapshots";
        }

        return cause is not null ? cause.Reason == LeftOutReason.Excluded && _excludedToo ? null : cause.ToString()
            : isCertain || _unmarkedToo ? null : "whether it was left out of the snapshot is not listed";
    }
}
