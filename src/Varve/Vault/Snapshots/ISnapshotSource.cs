using Varve.Model;

namespace Varve.Vault.Snapshots;

/// <summary>The snapshots of a repository, for those who read them. Thread-safe.</summary>
internal interface ISnapshotSource
{
    /// <summary>Whether the key opens their private parts: names, paths, lists.</summary>
    bool SeesPrivate { get; }

    /// <summary>The names of all that are there, readable or not.</summary>
    HashSet<ObjectName> Names();

    /// <summary>Reads one; the private part only with the full key.</summary>
    /// <exception cref="VarveException">NotFound; Damaged.</exception>
    Snapshot Read(ObjectName name);

    /// <summary>All readable ones by start time; unreadable ones go to <paramref name="damaged"/>.</summary>
    IReadOnlyList<SnapshotInfo> List(Action<VarveException> damaged);
}
