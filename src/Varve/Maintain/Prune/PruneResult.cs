using Varve.Maintain.Plan;

namespace Varve.Maintain.Prune;

/// <summary>What a prune found and did.</summary>
internal sealed record PruneResult
{
    /// <summary>What it came to.</summary>
    internal required PruneOutcome Outcome { get; init; }

    /// <summary>Whether nothing had changed since a prune on this machine left nothing to do: then only listings were read.</summary>
    internal bool Unchanged { get; init; }

    /// <summary>Snapshots that are there.</summary>
    internal long Snapshots { get; init; }

    /// <summary>Snapshots that were forgotten and still there, and were removed (or would be).</summary>
    internal long RemovedSnapshots { get; init; }

    /// <summary>Packs of content, as the last plan found them.</summary>
    internal PackFigures Data { get; init; } = new();

    /// <summary>Packs of trees and lists, as the last plan found them.</summary>
    internal PackFigures Meta { get; init; } = new();

    /// <summary>Packs that no index run names and that are to go.</summary>
    internal long UnnamedPacks { get; init; }

    /// <summary>Their bytes.</summary>
    internal long UnnamedBytes { get; init; }

    /// <summary>Packs that were deleted.</summary>
    internal long DeletedPacks { get; init; }

    /// <summary>Their bytes.</summary>
    internal long DeletedBytes { get; init; }

    /// <summary>Packs that copies were put into.</summary>
    internal long NewPacks { get; init; }

    /// <summary>Their bytes.</summary>
    internal long NewBytes { get; init; }

    /// <summary>Packs that are condemned and wait.</summary>
    internal long CondemnedPacks { get; init; }

    /// <summary>Their bytes, as far as they are there.</summary>
    internal long CondemnedBytes { get; init; }

    /// <summary>For whom they wait.</summary>
    internal IReadOnlyList<PruneWait> WaitingFor { get; init; } = [];

    /// <summary>Until when they are kept; null if they are not kept for a time.</summary>
    internal DateTimeOffset? KeptUntil { get; init; }

    /// <summary>Sessions that gave no sign of life, and whose writers have to begin anew if they live.</summary>
    internal long FencedSessions { get; init; }

    /// <summary>Index runs that were put together.</summary>
    internal long SupersededRuns { get; init; }

    /// <summary>Bytes of copies that would be worth it and that there is no room for.</summary>
    internal long NeededBytes { get; init; }

    /// <summary>Packs that could not be read, and stay as they are.</summary>
    internal long UnreadablePacks { get; init; }

    /// <summary>Objects that are none that a repository has; they are left alone. The first hundred.</summary>
    internal IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>How many of them there are.</summary>
    internal long UnknownCount { get; init; }
}
