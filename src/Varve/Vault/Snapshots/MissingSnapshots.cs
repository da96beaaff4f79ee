using Varve.Format;
using Varve.Model;
using Varve.Store;

namespace Varve.Vault.Snapshots;

/// <summary>
/// Snapshots that ought to be there: the one before a snapshot that is there, and the newest that this machine made. Missing are those that
/// no note says were forgotten, and of which nobody with a full key said that it is known.
/// </summary>
internal static class MissingSnapshots
{
    /// <summary>
    /// Those before the given ones that are not among what is there, readable or not; what is signed falsely is not believed.
    /// </summary>
    internal static IReadOnlyList<ObjectName> Before(
        IReadOnlyList<SnapshotInfo> snapshots, HashSet<ObjectName> there, NoteBook notes) =>
        [.. snapshots.Where(s => s.Snapshot.Signature != SignatureState.Invalid && !s.Snapshot.Parent.IsNone
                && !there.Contains(s.Snapshot.Parent) && !notes.IsSettled(s.Snapshot.Parent, s.Snapshot.Lineage.Writer))
            .Select(static s => s.Snapshot.Parent).Distinct()];

    /// <summary>The newest that this machine made, as far as they are not there.</summary>
    internal static IReadOnlyList<ObjectName> Newest(IStore store, string cacheDirectory, NoteBook notes)
    {
        var missing = new List<ObjectName>();
        foreach ((string key, Bytes32 writer) in NewestSnapshots.Of(cacheDirectory))
        {
            ObjectName name = ObjectKeys.Name(key);
            if (!notes.IsSettled(name, writer) && !store.TryGetLength(key, out _)) { missing.Add(name); }
        }

        return missing;
    }

    /// <summary>What people are told of some.</summary>
    internal static Notice Tell(IReadOnlyList<ObjectName> missing) => new(Subject.Snapshot(missing[0]),
        missing.Count == 1 ? "is missing, and nobody is known to have forgotten it"
        : $"and {missing.Count - 1} more are missing, and nobody is known to have forgotten them", null, Advice.AcknowledgeMissing);
}
