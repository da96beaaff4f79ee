using System.Globalization;
using Varve.Maintain.Retention;

namespace Varve.Tests.Maintain.Retention;

/// <summary>What a policy keeps, by the plain words of the manual: each snapshot is looked at by itself, with all newer ones.</summary>
internal static class NaiveRetention
{
    /// <summary>Why the item at a place is kept, sorted.</summary>
    internal static IEnumerable<KeepReason> Reasons(
        RetentionPolicy policy, IReadOnlyList<RetentionItem> group, int place, FileTime now, TimeZoneInfo zone)
    {
        RetentionItem item = group[place];
        bool TakesAPlace(RetentionItem i) => !i.IsPinned && !i.IsPartial && !i.IsUndecided && i.Start <= now;
        RetentionItem[] newer = [.. group.Skip(place + 1).Where(TakesAPlace)];
        RetentionItem[] all = [.. group.Where(TakesAPlace)];
        if (item.IsPinned) { yield return new KeepReason(KeepRule.Pinned); }
        if (item.Start > now) { yield return new KeepReason(KeepRule.Future); }
        if (item.IsUndecided) { yield return new KeepReason(KeepRule.Undecided); }
        foreach (CountRule rule in policy.Counts)
        {
            if (item.IsPartial && rule is { Period: Period.Snapshot, Most: CountRule.Unlimited }) { yield return new KeepReason(rule.Reason); }
            if (!TakesAPlace(item)) { continue; }
            string[] periods = rule.Period == Period.Snapshot ? [.. newer.Select(static (_, n) => $"{n}")]
                : [.. newer.Select(i => Name(rule.Period, i.Start, zone)).Distinct()];
            bool isLast = rule.Period == Period.Snapshot || !periods.Contains(Name(rule.Period, item.Start, zone));
            if (isLast && (rule.Most == CountRule.Unlimited || periods.Length < rule.Most)) { yield return new KeepReason(rule.Reason); }
        }

        foreach (WithinRule rule in policy.Within)
        {
            if (all.Length == 0 || item.Start < rule.Duration.Before(all[^1].Start, zone)) { continue; }
            bool isLast = rule.Period == Period.Snapshot
                || !newer.Any(i => i.Start >= rule.Duration.Before(all[^1].Start, zone)
                    && Name(rule.Period, i.Start, zone) == Name(rule.Period, item.Start, zone));
            if (TakesAPlace(item) ? isLast : item.IsPartial && rule.Period == Period.Snapshot) { yield return new KeepReason(rule.Reason); }
        }

        if (policy.KeepsFirst && TakesAPlace(item) && !group.Take(place).Any(TakesAPlace)) { yield return new KeepReason(KeepRule.First); }
        bool isWholeNewer = group.Skip(place + 1).Any(i => !i.IsPartial && !i.IsUndecided && i.Start <= now);
        if (item.IsPartial && !isWholeNewer) { yield return new KeepReason(KeepRule.Unfinished); }
        foreach (string tag in policy.Tags.Where(item.Tags.Contains)) { yield return new KeepReason(KeepRule.Tag, tag); }
    }

    /// <summary>What people call a period.</summary>
    private static string Name(Period period, FileTime time, TimeZoneInfo zone)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), zone);
        return period switch
        {
            Period.Hour => local.ToString("yyyy-MM-dd HH zzz", CultureInfo.InvariantCulture),
            Period.Day => local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Period.Week => $"{ISOWeek.GetYear(local.DateTime)} week {ISOWeek.GetWeekOfYear(local.DateTime)}",
            Period.Month => local.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            _ => local.ToString("yyyy", CultureInfo.InvariantCulture),
        };
    }
}
