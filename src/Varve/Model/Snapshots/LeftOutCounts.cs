using Varve.Model.Bounds;

namespace Varve;

/// <summary>
/// How many paths were left out of a snapshot on purpose, by reason (docs/format.md, 9). A directory counts once, whatever is below it.
/// What failed and what is still to come is not among them.
/// </summary>
public sealed record LeftOutCounts
{
    /// <summary>See <see cref="LeftOutReason.Excluded"/>.</summary>
    public long Excluded { get; init; }
    /// <summary>See <see cref="LeftOutReason.NotEntered"/>.</summary>
    public long NotEntered { get; init; }
    /// <summary>See <see cref="LeftOutReason.OtherFileSystem"/>.</summary>
    public long OtherFileSystems { get; init; }
    /// <summary>See <see cref="LeftOutReason.OwnDirectory"/>.</summary>
    public long OwnDirectories { get; init; }
    /// <summary>See <see cref="LeftOutReason.KindNotStored"/>.</summary>
    public long KindsNotStored { get; init; }
    /// <summary>All reasons that this program does not count.</summary>
    public long Others { get; init; }

    /// <summary>All of them.</summary>
    public long All => Saturating.Sum([Excluded, NotEntered, OtherFileSystems, OwnDirectories, KindsNotStored, Others]);
}
