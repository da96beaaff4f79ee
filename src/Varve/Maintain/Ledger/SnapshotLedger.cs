using Varve.Model;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Ledger;

/// <summary>
/// Whether all snapshots are there that ought to be, and are by who they say. What is missing or signed falsely is damage until somebody
/// with a full key acknowledges it; that one source is recorded by several is a note.
/// </summary>
/// <param name="store">The snapshots, and what is said of them.</param>
/// <param name="newest">The newest that this machine made, as far as they are missing.</param>
/// <param name="damaged">Hears of damage.</param>
/// <param name="note">Hears of all else.</param>
internal sealed class SnapshotLedger(
    SnapshotStore store, IReadOnlyList<ObjectName> newest, Action<Subject, string, Advice> damaged, Action<string> note)
{
    /// <summary>
    /// Looks at all snapshots there are. <paramref name="acknowledge"/> says, for all who use the repository, that it is known of those
    /// that it is given; null if that is not asked for.
    /// </summary>
    internal void Run(IReadOnlyList<SnapshotInfo> snapshots, Action<IReadOnlyList<ObjectName>>? acknowledge)
    {
        HashSet<ObjectName> present = store.Present();
        IReadOnlyList<ObjectName> before = MissingSnapshots.Before(snapshots, present, store.Notes);
        if (before.Count > 0)
        {
            store.Refresh(); // one that was forgotten meanwhile: that was recorded before it was removed
            before = MissingSnapshots.Before(snapshots, present, store.Notes);
        }

        HashSet<ObjectName> missing = [.. before, .. newest];
        SnapshotInfo[] forged = [.. snapshots.Where(static s => s.Snapshot.Signature == SignatureState.Invalid)];
        SnapshotInfo[] unknown = [.. forged.Where(s => !store.Notes.IsSettled(s.Name, default))];
        if (acknowledge is not null && missing.Count + unknown.Length > 0)
        {
            acknowledge([.. missing, .. unknown.Select(static s => s.Name)]);
            note($"acknowledged: {missing.Count} missing snapshots, {unknown.Length} that are signed falsely");
        }
        else
        {
            foreach (ObjectName name in missing)
            {
                damaged(Subject.Snapshot(name), "it is missing, and nobody is known to have forgotten it", Advice.AcknowledgeMissing);
            }

            foreach (SnapshotInfo info in unknown)
            {
                damaged(Subject.Object(store.KeyOf(info.Name)),
                    "its signature is false: whoever made it is not who it says, and nothing relies on it", Advice.AcknowledgeMissing);
            }
        }

        foreach (SnapshotInfo info in forged.Except(unknown)) { note($"snapshot {info.Name} is signed falsely, as is known"); }
        NoteSeveral(snapshots);
    }

    /// <summary>One source, recorded by several that nobody said are one.</summary>
    private void NoteSeveral(IReadOnlyList<SnapshotInfo> snapshots)
    {
        foreach (IGrouping<Bytes32, SnapshotInfo> source in snapshots.Where(static s => s.Snapshot.Signature != SignatureState.Invalid)
            .GroupBy(static s => s.Snapshot.SourceId))
        {
            var histories = source.GroupBy(static s => s.Snapshot.HistoryId).ToList();
            if (histories.Count < 2) { continue; }
            string name = source.Last().Snapshot.Private is { } names ? $"'{names.Source}' of {names.Host}" : source.Key.ToString()[..8];
            IEnumerable<string> by = histories.Select(static h => h.Last().Snapshot.Writer is { } writer
                ? $"{h.Count()} snapshots by key '{writer.Label}'" : $"{h.Count()} that no key signed");
            note($"the source {name} has {histories.Count} histories apart from each other: {string.Join(", ", by)}");
        }
    }
}
