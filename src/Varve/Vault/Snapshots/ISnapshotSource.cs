using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Vault.Snapshots;

/// <summary>The snapshots of a repository, for those who read them. Thread-safe.</summary>
internal interface ISnapshotSource
{
    /// <summary>Whether the key opens their private parts: names, paths, lists.</summary>
    bool SeesPrivate { get; }

    /// <summary>What is said of sources, as it was when it was read last.</summary>
    LineageMap Sources { get; }

    /// <summary>Reads anew what is said of sources.</summary>
    LineageMap Refresh();

    /// <summary>The names of all that are there and count (<see cref="SnapshotStanding"/>), readable or not.</summary>
    HashSet<ObjectName> Names();

    /// <summary>
    /// The names of those that lie with the sources of the history that a lineage belongs to, readable or not, and of those that it adopted
    /// by name. Nothing of others is listed, unless there are such, or the lineage is of nobody: what lies in no source's place may be its.
    /// </summary>
    HashSet<ObjectName> Names(Lineage lineage);

    /// <summary>Whether one of a history is there and counts, whatever listings show: they may be late.</summary>
    bool Has(ObjectName name, Lineage lineage);

    /// <summary>Reads one; the private part only with the full key.</summary>
    /// <exception cref="VarveException">NotFound; Damaged.</exception>
    Snapshot Read(ObjectName name);

    /// <summary>All readable ones in the order of <see cref="HistoryOrder"/>; unreadable ones go to <paramref name="damaged"/>.</summary>
    IReadOnlyList<SnapshotInfo> List(Action<VarveException> damaged);
}
