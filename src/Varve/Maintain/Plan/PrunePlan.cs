using Varve.Model.Packs;

namespace Varve.Maintain.Plan;

/// <summary>
/// Which packs go as they are, and which after what is needed of them was copied. Made of packs of which is known what is needed.
/// </summary>
internal sealed class PrunePlan
{
    private PrunePlan()
    {
    }

    /// <summary>Packs of which nothing is needed.</summary>
    internal List<PackEntry> Unneeded { get; } = [];

    /// <summary>Packs to copy from, in the order in which it is worth it; those come first that another prune condemns.</summary>
    internal List<PackEntry> Repacked { get; } = [];

    /// <summary>Packs of which something is not needed, and that stay.</summary>
    internal List<PackEntry> Left { get; } = [];

    /// <summary>Packs of which nothing is needed, and that stay for who may carry on.</summary>
    internal List<PackEntry> Spared { get; } = [];

    /// <summary>Bytes of content of packs that no run names and that are to go, and that are spared.</summary>
    internal IReadOnlyDictionary<ObjectName, long> Unnamed { get; private init; } = new Dictionary<ObjectName, long>();

    /// <summary>Bytes of copies that would be worth it and that there is no room for before something is deleted.</summary>
    internal long WaitingForRoom { get; private set; }

    /// <summary>Bytes that copies take, about.</summary>
    internal long CopyBytes => Repacked.Sum(static p => p.UsedBytes);

    /// <summary>Whether there is nothing to delete.</summary>
    internal bool IsEmpty => Unneeded.Count + Repacked.Count + Unnamed.Count == 0;

    /// <summary>Makes the plan.</summary>
    /// <param name="packs">All packs that runs name.</param>
    /// <param name="unnamed">Packs that no run names, and that are to go.</param>
    /// <param name="limits">How far it may go.</param>
    internal static PrunePlan Make(IReadOnlyCollection<PackEntry> packs, IReadOnlyDictionary<ObjectName, long> unnamed, PlanLimits limits)
    {
        var plan = new PrunePlan { Unnamed = unnamed };
        var partly = new List<PackEntry>();
        long used = 0, unused = 0;
        foreach (PackEntry pack in packs)
        {
            if (!pack.IsThere) { continue; }
            if (pack.Kept > 0) { used += pack.UsedBytes; }
            if (pack.IsCondemned) { (pack.Kept > 0 ? plan.Repacked : plan.Unneeded).Add(pack); }
            else if (pack.Kept == 0) { (pack.IsSpared ? plan.Spared : plan.Unneeded).Add(pack); }
            else if (pack.UnusedBytes > 0) { partly.Add(pack); }
        }

        // The most unused for the least copied comes first.
        partly.Sort(static (a, b) => Share(b).CompareTo(Share(a)) is not 0 and var byShare ? byShare : a.Name.CompareTo(b.Name));
        unused = partly.Sum(static p => p.UnusedBytes);
        long most = limits.MaxUnusedBytes ?? (long)(used * limits.MaxUnusedPercent / 100);
        long copied = plan.CopyBytes;
        foreach (PackEntry pack in partly)
        {
            bool isWorth = unused > most && !pack.IsBad && !pack.IsSpared && copied + pack.UsedBytes <= (limits.MaxRepack ?? long.MaxValue);
            if (isWorth && copied + pack.UsedBytes > limits.Room)
            {
                isWorth = false;
                plan.WaitingForRoom += pack.UsedBytes;
            }

            if (!isWorth)
            {
                plan.Left.Add(pack);
                continue;
            }

            plan.Repacked.Add(pack);
            copied += pack.UsedBytes;
            unused -= pack.UnusedBytes;
        }

        return plan;
    }

    /// <summary>What of a kind of pack there is, and what becomes of it.</summary>
    internal PackFigures Figures(PackKind kind, IReadOnlyCollection<PackEntry> packs)
    {
        List<PackEntry> there = [.. packs.Where(p => p.Kind == kind && p.IsThere)];
        List<PackEntry> gone = [.. Unneeded.Where(p => p.Kind == kind)], repacked = [.. Repacked.Where(p => p.Kind == kind)];
        return new PackFigures
        {
            Packs = there.Count, Bytes = there.Sum(static p => p.Size), UsedBytes = there.Sum(static p => p.UsedBytes),
            UnneededPacks = gone.Count, UnneededBytes = gone.Sum(static p => p.Size), RepackedPacks = repacked.Count,
            RepackedBytes = repacked.Sum(static p => p.Size), CopiedBytes = repacked.Sum(static p => p.UsedBytes),
            SparedPacks = Spared.Count(p => p.Kind == kind), SparedBytes = Spared.Where(p => p.Kind == kind).Sum(static p => p.Size),
            LeftBytes = Left.Where(p => p.Kind == kind).Sum(static p => p.UnusedBytes),
        };
    }

    private static double Share(PackEntry pack) => pack.UnusedBytes / (double)Math.Max(1, pack.BlockBytes);
}
