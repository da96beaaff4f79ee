using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Freeze;
using Varve.History.Differences;
using Varve.Model;
using Varve.Model.Changes;
using Varve.Model.Paths;
using Varve.Tree.Details;

namespace Varve.History.Revisions;

/// <summary>Finds the revisions of an entry of one source, and what else has its content. Not thread-safe.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="source">The source.</param>
/// <param name="intervals">Which snapshots have what.</param>
internal sealed class HistoryOfSource(CatalogReader catalog, SourceRow source, RevisionIntervals intervals)
{
    /// <summary>
    /// Adds the revisions of what is, or was, called so in a directory, by time; with <paramref name="contentOnly"/> as one those that have
    /// the same content. Returns them as the catalog has them.
    /// </summary>
    internal IReadOnlyList<RevisionRow> Find(long directory, byte[] name, bool contentOnly, List<HistoryEntry> found)
    {
        var chain = new RevisionChain(catalog, intervals.FirstNumber);
        var places = new Dictionary<RevisionRow, int>(ReferenceEqualityComparer.Instance);
        IReadOnlyList<RevisionRow> rows = chain.Of(directory, name);
        foreach (RevisionRow row in rows)
        {
            RevisionRow? before = chain.Before(row);
            EntryProperties properties = before is null ? 0 : Compare(before, row);
            if (intervals.Describe(Matched(row, PathOf(row))) is not { } revision) { continue; }
            bool isSame = before is not null && (properties & EntryProperties.OfContent) == 0;
            if (contentOnly && isSame && places.TryGetValue(before!, out int place))
            {
                found[place] = found[place] with { Revision = Longer(found[place].Revision, revision) };
                places.Add(row, place);
                continue;
            }

            bool isElsewhere = before is not null && !before.HasNameOf(row);
            places.Add(row, found.Count);
            found.Add(new HistoryEntry(
                isElsewhere ? revision with { MovedFrom = PathOf(before!) } : revision, properties, before is null));
        }

        return rows;
    }

    /// <summary>Adds the other revisions of the source that have the content of some.</summary>
    internal void FindCopies(IReadOnlyList<RevisionRow> some, List<HistoryEntry> found, CancellationToken cancellationToken)
    {
        RevisionRow[] contents = [.. some.Where(static r => r.Stat is { Kind: EntryKind.File, Size: > 0 })];
        if (contents.Length == 0) { return; }
        catalog.Search.Find(Glob.Parse("*"), source.Id, (in MatchedRevision revision) =>
        {
            if (HasOneOf(contents, in revision) && !IsOne(some, in revision) && intervals.Describe(in revision) is { } copy)
            {
                found.Add(new HistoryEntry(copy, 0, IsFirst: false, IsCopy: true));
            }

            return !cancellationToken.IsCancellationRequested;
        });
    }

    private static EntryProperties Compare(RevisionRow before, RevisionRow after)
    {
        (EntryStat was, EntryStat stat) = (before.Stat, after.Stat);
        return EntryComparer.Compare(in was, before.Details, in stat, after.Details);
    }

    private static bool HasOneOf(RevisionRow[] contents, in MatchedRevision revision)
    {
        if (revision.Stat.Kind != EntryKind.File) { return false; }
        foreach (RevisionRow content in contents)
        {
            if (revision.Stat.Size == content.Stat.Size && DetailsCodec.SameContent(revision.Details, content.Details)) { return true; }
        }

        return false;
    }

    private static bool IsOne(IReadOnlyList<RevisionRow> some, in MatchedRevision revision)
    {
        foreach (RevisionRow row in some)
        {
            bool isSame = row.Directory == revision.Directory && row.First == revision.First && revision.Name.SequenceEqual(row.Name);
            if (isSame) { return true; }
        }

        return false;
    }

    private MatchedRevision Matched(RevisionRow row, byte[] path) => new()
    {
        Source = source.Id, Directory = row.Directory, Name = row.Name, Path = path, First = row.First, Last = row.Last, Stat = row.Stat,
        Flags = row.Flags, Details = row.Details,
    };

    /// <summary>One that goes on as another, which has the same content; named as its first snapshot has it.</summary>
    private static FoundRevision Longer(FoundRevision first, FoundRevision last) => new(
        first.Path, first.Source, last.Stat, last.Flags, first.First, first.FirstTime, last.Last, last.LastTime, last.IsCurrent)
    { Host = first.Host, MovedFrom = first.MovedFrom, FailedIn = [.. first.FailedIn, .. last.FailedIn], IsFailing = last.IsFailing };

    private byte[] PathOf(RevisionRow row) =>
        row.Directory == source.RootDirectory ? [] : Paths.Join(catalog.PathOf(row.Directory), row.Name);
}
