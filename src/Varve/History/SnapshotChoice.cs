using Varve.Freeze;
using Varve.History.Sources;
using Varve.Model;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>Which snapshot a person means.</summary>
internal static class SnapshotChoice
{
    private const int LeastDigits = 4, MostListed = 20;

    /// <summary>Finds the snapshot.</summary>
    /// <exception cref="VarveException">NotFound: no such snapshot, source or host, also of what cannot be a name. Usage: several may be
    /// meant.</exception>
    public static ChosenSnapshot Find(Repository repository, SnapshotQuery query)
    {
        if (query.Name == SnapshotQuery.Latest) { return FindLatest(repository, query); }
        if (query.Name.Length < LeastDigits || !query.Name.All(char.IsAsciiHexDigit))
        {
            throw new VarveException(ErrorKind.NotFound, Subject.Request($"'{query.Name}'"), "names no snapshot", Advice.NameSnapshot);
        }

        SnapshotInfo hit = FindNamed(repository, query);
        if (query.Back > 0)
        {
            hit = Step([.. repository.Snapshots().Where(s => s.Snapshot.HistoryId == hit.Snapshot.HistoryId)
                .TakeWhile(s => s.Name != hit.Name), hit], query with { Tags = [] });
        }

        return new ChosenSnapshot(hit,
            query.Path is { } path ? PathInSource.Relative(path, hit.Snapshot.Private?.CanonicalRoot ?? []) : null);
    }

    private static ChosenSnapshot FindLatest(Repository repository, SnapshotQuery query)
    {
        if (query.Tags.Count > 0) { repository.RequireFull("choosing by tags"); }
        if (query.Path is { } asked) { PathInSource.Relative(asked, "/"u8); } // what it must not have is told first
        if (repository.Level != KeyLevel.Full && query.IsAll && query.Path is not [(byte)'/', ..])
        {
            // The key opens no name; but where there is one source, it is that.
            IReadOnlyList<SnapshotInfo> snapshots = repository.Snapshots();
            if (snapshots.Select(static s => s.Snapshot.HistoryId).Distinct().Count() == 1)
            {
                return new ChosenSnapshot(Step(snapshots, query), query.Path is { } path ? PathInSource.Relative(path, "/"u8) : null);
            }
        }

        IReadOnlyList<SourceHistory> all = SourceNotes.All(repository);
        if (all.Count == 0)
        {
            throw new VarveException(ErrorKind.NotFound, Subject.Repository(repository.Description), "has no snapshot",
                Advice.MakeSnapshot);
        }

        SourceHistory source = SourceChoice.One(all, query, repository.Options.Host.Name, repository.Writer);
        if (query.Path is not { } wanted) { return new ChosenSnapshot(Step(source.Snapshots, query), null); }
        if (wanted is [(byte)'/', ..]) { return In(source, PathInSource.Absolute(wanted), query); }
        return new ChosenSnapshot(Step(source.Snapshots, query), PathInSource.Relative(wanted, source.Info.Root));
    }

    /// <summary>
    /// An absolute path: in the trees that stood for a place at or above it, or, of the place where the source is now, in any.
    /// </summary>
    private static ChosenSnapshot In(SourceHistory source, byte[] path, SnapshotQuery query)
    {
        bool isThereNow = Paths.IsAtOrBelow(path, source.Info.Root);
        SnapshotInfo found = Step(isThereNow ? source.Snapshots : source.With(path), query);
        // Where it is said to be now, its latest snapshot may not have been.
        bool isOfNow = isThereNow && (found.Name == source.Latest.Name || !SourceHistory.Has(found, path));
        byte[] root = isOfNow ? source.Info.Root : found.Snapshot.Private!.CanonicalRoot;
        return new ChosenSnapshot(found, PathInSource.Relative(path, root));
    }

    /// <summary>The one that is meant of those of a history, in its order.</summary>
    private static SnapshotInfo Step(IReadOnlyList<SnapshotInfo> all, SnapshotQuery query)
    {
        IReadOnlyList<SnapshotInfo> history = query.Tags.Count == 0 ? all : [.. all.Where(s => s.Snapshot.HasOneOf(query.Tags))];
        int last = history.Count - 1;
        while (query.NotAfter is { } time && last >= 0 && history[last].Snapshot.Start.CompareTo(time) > 0) { last--; }
        if (last - query.Back >= 0) { return history[last - query.Back]; }
        SnapshotInfo first = all[0];
        string source = first.Snapshot.Private?.Source ?? first.Snapshot.HistoryId.ToString()[..8];
        throw new VarveException(ErrorKind.NotFound, Subject.Request($"the source '{source}'"),
            history.Count == 0 ? $"has no snapshot with the tag {string.Join(" or ", query.Tags.Select(static t => $"'{t}'"))}"
            : last < 0 ? "has no snapshot that old" : $"has {last} snapshot{(last == 1 ? "" : "s")} before that, and not {query.Back}",
            Advice.ListSnapshots)
        { Snapshots = [first.Named] };
    }

    private static SnapshotInfo FindNamed(Repository repository, SnapshotQuery query)
    {
        string spec = query.Name;
        IReadOnlyList<SnapshotInfo> all = query.IsAll ? repository.Snapshots()
            : [.. SourceChoice.Select(SourceNotes.All(repository), static h => h.Info, query)
                .SelectMany(static h => h.Snapshots)];
        List<SnapshotInfo> hits = [.. all.Where(s => s.Name.ToString().StartsWith(spec, StringComparison.OrdinalIgnoreCase))];
        return hits.Count switch
        {
            1 => hits[0],
            0 => throw new VarveException(ErrorKind.NotFound, Subject.Request($"'{spec}'"), "names no snapshot"
                + (query.IsAll ? "" : " of that source, host or writer"), Advice.ListSnapshots),
            _ => throw new VarveException(ErrorKind.Usage, Subject.Request($"'{spec}'"), $"fits {hits.Count} snapshots", Advice.MoreDigits)
            { Snapshots = [.. hits.TakeLast(MostListed).Select(static h => h.Named)] },
        };
    }
}
