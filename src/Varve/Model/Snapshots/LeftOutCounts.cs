using Varve.Model.Bounds;

namespace Varve.Model.Snapshots;

/// <summary>
/// How many paths were left out of a snapshot on purpose, by reason (docs/format.md, 9). A directory counts once, whatever is below it.
/// What failed and what is still to come is not among them.
/// </summary>
internal sealed record LeftOutCounts
{
    /// <summary>By rules.</summary>
    public long Excluded { get; init; }
    /// <summary>Directories where another file system or subvolume begins, which are in the snapshot without what is in them.</summary>
    public long NotEntered { get; init; }
    /// <summary>Other file systems that were not to be entered and could not be asked: they are not in the snapshot at all.</summary>
    public long OtherFileSystems { get; init; }
    /// <summary>What the backup itself writes to: the repository, the cache.</summary>
    public long OwnDirectories { get; init; }
    /// <summary>Of a kind that the writer does not store. This program stores all kinds.</summary>
    public long KindsNotStored { get; init; }
    /// <summary>By ignore files in the tree.</summary>
    public long Ignored { get; init; }
    /// <summary>Directories with a tag, such as CACHEDIR.TAG, which are in the snapshot without what else is in them.</summary>
    public long Tagged { get; init; }
    /// <summary>By what they are: size, time, attributes.</summary>
    public long ByProperties { get; init; }
    /// <summary>All reasons that this program does not count.</summary>
    public long Others { get; init; }

    /// <summary>All of them.</summary>
    public long All => Saturating.Sum(
        [Excluded, NotEntered, OtherFileSystems, OwnDirectories, KindsNotStored, Ignored, Tagged, ByProperties, Others]);
}
