using Varve.Format;
using Varve.Model;

namespace Varve;

/// <summary>Something in the repository that is not as it was written.</summary>
/// <param name="Subject">The object, by its key in the store; or a chunk, or an entry of a snapshot.</param>
/// <param name="Problem">What is wrong with it, without its name.</param>
/// <param name="Affects">What cannot be restored because of it; empty if nothing.</param>
/// <param name="Advice">What can be done about it.</param>
public sealed record Damage(Subject Subject, string Problem, string Affects, Advice Advice)
{
    private const int ShortName = 8;

    /// <summary>The snapshots of which something cannot be restored because of it, the oldest first; at most 1,000.</summary>
    public IReadOnlyList<ObjectName> Snapshots { get; init; } = [];

    /// <summary>
    /// Whether it is content that is damaged: a backup that reads every file (<see cref="BackupOptions.Force"/>) stores it anew, as far as
    /// a source still has it (<see cref="CheckResult.Lacking"/>).
    /// </summary>
    public bool IsContent => Subject.Kind == SubjectKind.Chunk
        || (Subject.Kind == SubjectKind.Object && Subject.Name.StartsWith(ObjectKeys.Packs, StringComparison.Ordinal)
            && ObjectKeys.TryName(Subject.Name, out _));

    /// <summary>
    /// The subject as people and programs are told it: the object's key, "chunk" and its id, or the snapshot and the path in it.
    /// </summary>
    public string Object => Subject switch
    {
        { Kind: SubjectKind.Object } => Subject.Name,
        { Kind: SubjectKind.Snapshot, Part: { } path } => $"snapshot {Subject.Name.AsSpan(0, ShortName)}:{path}",
        _ => Subject.ToString(),
    };
}
