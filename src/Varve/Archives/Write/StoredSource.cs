using Varve.Archives.Feed;
using Varve.Archives.Sources;
using Varve.Freeze;
using Varve.History.Content;
using Varve.History.Entries;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Archives.Write;

/// <summary>Opens what a snapshot has, to be archived. Stateless.</summary>
internal static class StoredSource
{
    /// <summary>Lists it.</summary>
    /// <exception cref="VarveException">NotFound: no such path. WrongKey without the full key. Damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static ArchiveSource Open(Repository repository, ChosenSnapshot chosen, CancellationToken cancelled)
    {
        repository.RequireFull("reading files");
        FoundEntry entry = SnapshotPaths.Find(repository.MetaChunks.Read, chosen.Snapshot, chosen.Path);
        SnapshotPrivate names = chosen.Snapshot.Snapshot.Private!;
        byte[] path = Paths.Join(names.CanonicalRoot, chosen.Path.AsSpan().Trim((byte)'/'));
        byte[] name = path[(path.AsSpan().LastIndexOf((byte)'/') + 1)..];
        ArchiveTree tree = SnapshotSurvey.Run(repository.MetaChunks, entry, path, name,
            new EntryBudget(chosen.Snapshot, isUnlimited: false), cancelled);
        ContentReader NewReader() => new(repository.ChunkSource, repository.MetaChunks.Read);
        return new ArchiveSource(tree)
        {
            Host = names.Host, Snapshot = chosen.Snapshot.Name.ToString(), Content = NewReader,
            Feed = (rules, _, put, skipped) =>
                new SnapshotFeed(tree, rules, NewReader(), repository.MetaChunks.Read, put, skipped).Run(cancelled),
        };
    }
}
