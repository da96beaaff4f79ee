using Varve.Model;

namespace Varve.Lookup;

/// <summary>Which packs and runs are used how. Immutable: what is in it must not change afterwards.</summary>
internal sealed record PackRules
{
    private static readonly IReadOnlySet<ObjectName> s_none = new HashSet<ObjectName>();

    /// <summary>Everything is used.</summary>
    internal static PackRules None { get; } = new();

    /// <summary>Packs whose chunks writers store again and readers read last.</summary>
    internal IReadOnlySet<ObjectName> Last { get; init; } = s_none;

    /// <summary>Runs of the repository that do not count, in whatever tables they are.</summary>
    internal IReadOnlySet<ObjectName> LeftOut { get; init; } = s_none;

    /// <summary>Which packs writers must not rely on unseen; null for none.</summary>
    internal Func<RunOrigin, RunPack, bool>? Doubts { get; init; }

    /// <summary>What holds for each pack of a table; null if all are used.</summary>
    internal PackUse[]? Of(RunReader run)
    {
        if (Last.Count == 0 && LeftOut.Count == 0 && Doubts is null) { return null; }
        IReadOnlyList<RunOrigin> origins = LeftOut.Count == 0 && Doubts is null ? [] : run.Origins();
        PackUse[]? uses = null;
        uint i = 0;
        foreach (RunPack pack in run.Packs())
        {
            PackUse use = Last.Contains(pack.Name) ? PackUse.Last : PackUse.None;
            if (origins.Count > 0)
            {
                RunOrigin origin = origins[(int)pack.Origin];
                if (LeftOut.Contains(origin.Run)) { use |= PackUse.LeftOut; }
                else if (Doubts?.Invoke(origin, pack) == true) { use |= PackUse.Doubted; }
            }

            if (use != PackUse.None) { (uses ??= new PackUse[run.PackCount])[i] = use; }
            i++;
        }

        return uses;
    }
}
