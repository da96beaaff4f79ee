using Varve.Freeze;
using Varve.History.Sources;
using Varve.Model;
using Varve.Vault;

namespace Varve.History;

/// <summary>Which snapshot a person means.</summary>
internal static class SnapshotChoice
{
    private const int LeastDigits = 4;

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
        return new ChosenSnapshot(hit,
            query.Path is { } path ? PathInSource.Relative(path, hit.Snapshot.Private?.CanonicalRoot ?? []) : null);
    }

    private static ChosenSnapshot FindLatest(Repository repository, SnapshotQuery query)
    {
        if (query.Path is { } asked) { PathInSource.Relative(asked, "/"u8); } // what it must not have is told first
        if (repository.Level != KeyLevel.Full && query.IsAll && query.Path is not [(byte)'/', ..])
        {
            // The key opens no name; but where there is one source, it is that.
            IReadOnlyList<SnapshotInfo> snapshots = repository.Snapshots();
            if (snapshots.Select(static s => s.Snapshot.HistoryId).Distinct().Count() == 1)
            {
                return new ChosenSnapshot(snapshots[^1], query.Path is { } path ? PathInSource.Relative(path, "/"u8) : null);
            }
        }

        IReadOnlyList<SourceHistory> all = SourceNotes.All(repository);
        if (all.Count == 0)
        {
            throw new VarveException(ErrorKind.NotFound, Subject.Repository(repository.Description), "has no snapshot",
                Advice.MakeSnapshot);
        }

        SourceHistory source = SourceChoice.One(all, query, repository.Options.Host.Name, repository.Writer);
        if (query.Path is not { } wanted) { return new ChosenSnapshot(source.Latest, null); }
        if (wanted is not [(byte)'/', ..] || Paths.IsAtOrBelow(PathInSource.Absolute(wanted), source.Info.Root))
        {
            // Where it is said to be now, its latest snapshot may not have been.
            return new ChosenSnapshot(source.Latest, PathInSource.Relative(wanted, source.Info.Root));
        }

        SnapshotInfo before = source.LastWith(PathInSource.Absolute(wanted))!;
        return new ChosenSnapshot(before, PathInSource.Relative(wanted, before.Snapshot.Private!.CanonicalRoot));
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
            _ => throw new VarveException(ErrorKind.Usage, Subject.Request($"'{spec}'"), $"fits {hits.Count} snapshots", Advice.MoreDigits),
        };
    }
}
