using Varve.History.Content;
using Varve.History.Entries;
using Varve.History.Revisions;
using Varve.Model;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>Looks for lines in all revisions of a file.</summary>
internal static class ContentSearch
{
    /// <summary>
    /// Looks in each content that the file at a path has, or had, in the sources that are meant (<see cref="EntryHistories.Run"/>): by
    /// source and time, line by line. What cannot be read goes to <paramref name="damaged"/>, and the search goes on. Returns how many
    /// revisions were looked at.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no snapshot has it; no such source. WrongKey without the full key.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static int Run(Repository repository, byte[] path, SourceFilter filter, LineMatcher matcher, Action<ContentMatch> found,
        Action<VarveException> damaged, CancellationToken cancellationToken)
    {
        repository.RequireFull("reading files");
        var content = new ContentReader(repository.ChunkSource, repository.MetaChunks.Read);
        int looked = 0;
        foreach (HistoryEntry entry in EntryHistories.Run(repository, path, filter, contentOnly: true, copies: false, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            FoundRevision revision = entry.Revision;
            if (revision.Kind != EntryKind.File) { continue; }
            looked++;
            var search = new LineSearch(matcher, (number, line) =>
            {
                found(new ContentMatch(entry, number, line.ToArray()));
                return true;
            });
            try
            {
                var snapshot = new SnapshotInfo(revision.First, repository.SnapshotStore.Read(revision.First));
                FoundEntry file = SnapshotPaths.Find(repository.MetaChunks.Read, snapshot, revision.Path);
                content.Read(file.Details, file.Stat.Size, search.Take, cancellationToken);
                search.End();
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                damaged(e.At(Subject.Snapshot(revision.First)));
            }
        }

        return looked;
    }
}
