using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Detect;

/// <summary>A snapshot as a look at its source: what a state that it recorded, or found unchanged, was seen by.</summary>
internal sealed record Look
{
    /// <summary>The catalog's number.</summary>
    internal required long Number { get; init; }

    /// <summary>When it began, by the program's clock.</summary>
    internal required FileTime Start { get; init; }

    /// <summary>When it ended; of one that has not, its start.</summary>
    internal required FileTime End { get; init; }

    /// <summary>Complete and not partial: it has seen whatever is current.</summary>
    internal required bool IsWhole { get; init; }

    /// <summary>Where the source was read: the same bytes are the same place.</summary>
    internal required byte[] Place { get; init; }

    /// <summary>By what clocks; null if that is not known: then the program's decides alone.</summary>
    internal required IReadOnlyList<FileSystemClock>? Clocks { get; init; }

    /// <summary>What the clock of a file system (null: of any) had passed when it began.</summary>
    internal FileTime Bound(ulong? mountKey)
    {
        if (Clocks is null) { return SafeTimes.Ever; }
        FileTime bound = SafeTimes.Ever;
        foreach (FileSystemClock clock in Clocks)
        {
            if (mountKey is null || clock.MountKey == mountKey) { bound = FileTime.Earlier(bound, clock.Time); }
        }

        return bound == SafeTimes.Ever ? SafeTimes.Never : bound;
    }
}
