using Varve.Model;

namespace Varve;

/// <summary>A snapshot with its name.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Snapshot">What it says.</param>
public sealed record SnapshotInfo(ObjectName Name, Snapshot Snapshot)
{
    /// <summary>Where it stands in its history.</summary>
    internal SnapshotOrder Order => new(Snapshot.Generation, Snapshot.Start, Name);

    /// <summary>What tells it from others, for errors.</summary>
    internal NamedSnapshot Named => new(Name, Snapshot.HistoryId, Snapshot.Start,
        Snapshot.Private?.Source, Snapshot.Private?.Host, Snapshot.Private?.CanonicalRoot);
}
