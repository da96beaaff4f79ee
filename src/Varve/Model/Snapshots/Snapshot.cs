using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve;

/// <summary>
/// An immutable record of a source at a time (docs/format.md, 9). <see cref="Private"/> is null for a reader without the full key.
/// </summary>
public sealed record Snapshot
{
    internal Snapshot()
    {
    }

    /// <summary>Which source: derived from host and canonical root.</summary>
    internal Bytes32 SourceId { get; init; }
    /// <summary>Which source, as whose record.</summary>
    internal Lineage Lineage => Lineage.Of(SourceId, Signature, Writer);
    /// <summary>Which history it belongs to by what is said of lineages; set where snapshots are read from a repository.</summary>
    internal Bytes32 HistoryId { get; init; }
    /// <summary>When the walk began.</summary>
    public required FileTime Start { get; init; }
    /// <summary>When everything was stored.</summary>
    public required FileTime End { get; init; }
    /// <summary>A budget stopped it: more is to come.</summary>
    public bool IsPartial { get; init; }
    /// <summary>Some paths failed; see <see cref="SnapshotCounts.Failed"/>.</summary>
    public bool HasFailures { get; init; }
    /// <summary>Whether it has one of these tags, as far as the key tells.</summary>
    internal bool HasOneOf(IEnumerable<string> tags) => Private?.Tags.Intersect(tags).Any() == true;
    /// <summary>Whether the writer flags entries that it does not trust the stat of; programs before that flag did not.</summary>
    internal bool FlagsMoving { get; init; }
    /// <summary>The tree that holds the root's entry.</summary>
    internal ChunkId RootTree { get; init; }
    /// <summary>Counts.</summary>
    public required SnapshotCounts Counts { get; init; }
    /// <summary>The source's snapshot before this, or none.</summary>
    public ObjectName Parent { get; init; }
    /// <summary>
    /// How many snapshots of its lineage led to it, itself included, as its writer knew: orders them, whatever clocks showed. 0 where the
    /// writer did not say.
    /// </summary>
    public long Generation { get; init; }
    /// <summary>The session it was made in; none where the writer did not say.</summary>
    internal SessionId Session { get; init; }
    /// <summary>
    /// Its writer was taken for dead before it was seen: until that is decided it may turn out not to count. Set where snapshots are read
    /// from a repository.
    /// </summary>
    public bool IsUndecided { get; init; }
    /// <summary>That it is not to be forgotten, whether or not that still holds; set where snapshots are read from a repository.</summary>
    internal SnapshotPin? Pin { get; init; }
    /// <summary>The program that wrote it.</summary>
    public required string Program { get; init; }
    /// <summary>Whether who wrote it is who it says.</summary>
    internal SignatureState Signature { get; init; }
    /// <summary>Who wrote it; null unless its signature is valid.</summary>
    internal WriterIdentity? Writer { get; init; }
    /// <summary>What only the full key reads.</summary>
    public SnapshotPrivate? Private { get; init; }
}
