using Varve.Model;
using Varve.Tree;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Forget;

/// <summary>Says of snapshots, for all who use the repository, that they are not to be forgotten, or which tags they have.</summary>
internal static class SnapshotMarker
{
    /// <summary>
    /// Pins snapshots: no policy forgets them, and they take no other's place, until <paramref name="until"/>, or until they are unpinned.
    /// </summary>
    /// <exception cref="VarveException">WrongKey: another recorded one, and the key is no full one. NotFound: one was forgotten
    /// meanwhile.</exception>
    internal static IReadOnlyList<SnapshotInfo> Pin(
        Repository repository, IReadOnlyList<SnapshotInfo> snapshots, FileTime? until, string why)
    {
        Say(repository, snapshots, "pinning", new Note
        {
            Kind = NoteKind.Pin, At = default, Until = until, Private = new NotePrivate { Reason = why },
        });
        foreach (SnapshotInfo info in snapshots)
        {
            if (repository.SnapshotStore.Examine(info.Name) is { IsReadable: false, Damaged.Count: 0 })
            {
                throw new VarveException(ErrorKind.NotFound, Subject.Snapshot(info.Name), "was forgotten meanwhile", Advice.ListSnapshots);
            }
        }

        return Anew(repository, snapshots);
    }

    /// <summary>Takes pins away.</summary>
    /// <exception cref="VarveException">WrongKey, as with <see cref="Pin"/>.</exception>
    internal static IReadOnlyList<SnapshotInfo> Unpin(Repository repository, IReadOnlyList<SnapshotInfo> snapshots)
    {
        FileTime now = FileTime.From(repository.Options.Time.GetUtcNow());
        SnapshotInfo[] pinned = [.. snapshots.Where(i => i.Snapshot.Pin?.HoldsAt(now) == true)];
        // A pin that ends before it begins: of two that contradict each other the later holds, and any key may say that of its own.
        if (pinned.Length > 0) { Say(repository, pinned, "unpinning", new Note { Kind = NoteKind.Pin, At = default, Until = now }); }
        return Anew(repository, snapshots);
    }

    /// <summary>Takes tags from snapshots, and then gives them some.</summary>
    /// <exception cref="VarveException">WrongKey, as with <see cref="Pin"/>.</exception>
    internal static IReadOnlyList<SnapshotInfo> Tag(
        Repository repository, IReadOnlyList<SnapshotInfo> snapshots, IReadOnlyList<string> removed, IReadOnlyList<string> added)
    {
        // Who cannot read which there are says it in any case.
        SnapshotInfo[] others = [.. snapshots.Where(i => i.Snapshot.Private is not { } names
            || names.Tags.Any(t => removed.Contains(t) && !added.Contains(t)) || added.Any(t => !names.Tags.Contains(t)))];
        if (others.Length > 0)
        {
            Say(repository, others, "tagging", new Note
            {
                Kind = NoteKind.Tags, At = default, Private = new NotePrivate { Removed = removed, Added = added },
            });
        }

        return Anew(repository, snapshots);
    }

    /// <summary>Gives each snapshot these tags and no others.</summary>
    /// <exception cref="VarveException">WrongKey: only the full key knows which there are.</exception>
    internal static IReadOnlyList<SnapshotInfo> SetTags(
        Repository repository, IReadOnlyList<SnapshotInfo> snapshots, IReadOnlyList<string> tags)
    {
        repository.RequireFull("setting tags, which takes knowing those that there are,");
        // One note for all that lose the same.
        foreach (IGrouping<string, SnapshotInfo> some in snapshots.GroupBy(i => string.Join('\0', Lost(i))))
        {
            Tag(repository, [.. some], Lost(some.First()), tags);
        }

        string[] Lost(SnapshotInfo info) => [.. info.Snapshot.Private!.Tags.Where(t => !tags.Contains(t)).Order(StringComparer.Ordinal)];
        return Anew(repository, snapshots);
    }

    /// <summary>When something is said of snapshots: later than all that was said of them, so that it holds.</summary>
    internal static FileTime Now(Repository repository, IEnumerable<ObjectName> snapshots)
    {
        FileTime now = FileTime.From(repository.Options.Time.GetUtcNow());
        return repository.SnapshotStore.Notes.OfSnapshots.LastAt(snapshots) is { } last && last >= now ? last.Plus(1) : now;
    }

    private static void Say(Repository repository, IReadOnlyList<SnapshotInfo> snapshots, string what, Note note)
    {
        if (!snapshots.All(i => Forgetter.MaySpeakOf(repository, i.Snapshot))) { repository.RequireFull($"{what} what another key recorded"); }
        repository.RequireWritable();
        ObjectName[] names = [.. snapshots.Select(static i => i.Name).Distinct()];
        repository.Notes.PutSplit(note with { At = Now(repository, names), Snapshots = names });
        repository.SnapshotStore.Refresh();
    }

    private static IReadOnlyList<SnapshotInfo> Anew(Repository repository, IReadOnlyList<SnapshotInfo> snapshots) =>
        [.. snapshots.Select(i => new SnapshotInfo(i.Name, repository.SnapshotStore.Read(i.Name)))];
}
