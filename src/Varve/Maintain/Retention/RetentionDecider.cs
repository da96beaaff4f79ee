namespace Varve.Maintain.Retention;

/// <summary>
/// Decides by a policy which snapshots of a group are kept, and why. Pinned ones are kept, and so is what is said to begin in the future
/// and what is undecided; these and partial ones take no other's place: neither a number nor a period, nor do durations count from them.
/// A partial one is kept while no whole one is newer, by its age and by its tags.
/// </summary>
/// <param name="policy">The policy.</param>
/// <param name="now">What is later is in the future.</param>
/// <param name="zone">Whose calendar counts.</param>
internal sealed class RetentionDecider(RetentionPolicy policy, FileTime now, TimeZoneInfo zone)
{
    /// <summary>The reasons to keep each of a group, whose items come from the oldest to the newest; none: it is not kept.</summary>
    internal IReadOnlyList<IReadOnlyList<KeepReason>> Decide(IReadOnlyList<RetentionItem> group)
    {
        var reasons = new List<KeepReason>[group.Count];
        var counted = new List<int>(); // those that take a place, the newest first
        int lastWhole = -1;
        for (int i = group.Count - 1; i >= 0; i--)
        {
            reasons[i] = [];
            AddStanding(group[i], reasons[i]);
            bool isSure = group[i].Start <= now && !group[i].IsUndecided && !group[i].IsPartial;
            if (isSure && lastWhole < 0) { lastWhole = i; }
            if (isSure && !group[i].IsPinned) { counted.Add(i); }
        }

        foreach (CountRule rule in policy.Counts) { Count(rule, group, counted, reasons); }
        if (counted.Count > 0)
        {
            foreach (WithinRule rule in policy.Within) { Reach(rule, group, counted, reasons); }
            if (policy.KeepsFirst) { reasons[counted[^1]].Add(new KeepReason(KeepRule.First)); }
        }

        AddPartial(group, lastWhole, counted.Count > 0 ? group[counted[0]].Start : null, reasons);
        for (int i = 0; i < group.Count; i++)
        {
            foreach (string tag in policy.Tags)
            {
                if (group[i].Tags.Contains(tag)) { reasons[i].Add(new KeepReason(KeepRule.Tag, tag)); }
            }
        }

        return reasons;
    }

    /// <summary>What keeps it whatever the policy says.</summary>
    private void AddStanding(in RetentionItem item, List<KeepReason> reasons)
    {
        if (item.IsPinned) { reasons.Add(new KeepReason(KeepRule.Pinned)); }
        if (item.Start > now) { reasons.Add(new KeepReason(KeepRule.Future)); }
        if (item.IsUndecided) { reasons.Add(new KeepReason(KeepRule.Undecided)); }
    }

    private void Count(CountRule rule, IReadOnlyList<RetentionItem> group, List<int> counted, List<KeepReason>[] reasons)
    {
        var seen = new HashSet<long>();
        foreach (int i in counted)
        {
            if (rule.Most != CountRule.Unlimited && seen.Count >= rule.Most) { return; }
            if (seen.Add(Place(rule.Period, i, group))) { AddOnce(reasons[i], rule.Reason); }
        }
    }

    private void Reach(WithinRule rule, IReadOnlyList<RetentionItem> group, List<int> counted, List<KeepReason>[] reasons)
    {
        FileTime limit = rule.Duration.Before(group[counted[0]].Start, zone);
        var seen = new HashSet<long>();
        foreach (int i in counted)
        {
            if (group[i].Start >= limit && seen.Add(Place(rule.Period, i, group))) { AddOnce(reasons[i], rule.Reason); }
        }
    }

    private void AddPartial(IReadOnlyList<RetentionItem> group, int lastWhole, FileTime? newest, List<KeepReason>[] reasons)
    {
        bool keepsAll = policy.Counts.Any(static c => c is { Period: Period.Snapshot, Most: CountRule.Unlimited });
        for (int i = 0; i < group.Count; i++)
        {
            if (!group[i].IsPartial) { continue; }
            if (i > lastWhole) { reasons[i].Add(new KeepReason(KeepRule.Unfinished)); }
            if (keepsAll) { reasons[i].Add(new KeepReason(KeepRule.Last)); }
            foreach (WithinRule rule in policy.Within)
            {
                if (rule.Period == Period.Snapshot && newest is { } from && group[i].Start >= rule.Duration.Before(from, zone))
                {
                    AddOnce(reasons[i], rule.Reason);
                }
            }
        }
    }

    /// <summary>Two rules may be alike.</summary>
    private static void AddOnce(List<KeepReason> reasons, KeepRule rule)
    {
        var reason = new KeepReason(rule);
        if (!reasons.Contains(reason)) { reasons.Add(reason); }
    }

    private long Place(Period period, int i, IReadOnlyList<RetentionItem> group) =>
        period == Period.Snapshot ? i : Periods.Number(period, group[i].Start, zone);
}
