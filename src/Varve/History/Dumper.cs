using Varve.History.Content;
using Varve.History.Entries;
using Varve.Model;
using Varve.Tree.Details;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>Writes what a snapshot has to a stream: one file's content, or a directory as a tar.</summary>
internal static class Dumper
{
    /// <summary>Dumps a file, in order, holes as zeros. Every chunk is checked against its id before a byte of it goes out.</summary>
    /// <exception cref="VarveException">NotFound: no such path. Usage: it is no file. Damaged.</exception>
    public static void Run(Repository repository, SnapshotInfo snapshot, byte[] path, Stream output, CancellationToken cancellationToken)
    {
        repository.RequireFull("reading a file");
        FoundEntry entry = SnapshotPaths.Find(repository.MetaChunks.Read, snapshot, path);
        if (entry.Stat.Kind != EntryKind.File)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(PathText.Of(path)), "is not a regular file", Advice.RestoreInstead);
        }

        new ContentReader(repository.ChunkSource, repository.MetaChunks.Read)
            .Write(entry.Details, entry.Stat.Size, output, cancellationToken);
    }

    /// <summary>Dumps a directory as a tar. <paramref name="left"/> hears of what a tar cannot hold.</summary>
    /// <exception cref="VarveException">NotFound: no such path. Usage: it is no directory. Damaged.</exception>
    public static void RunTar(Repository repository, SnapshotInfo snapshot, byte[] path, Stream output, Action<Failure> left,
        CancellationToken cancellationToken)
    {
        repository.RequireFull("reading files");
        FoundEntry entry = SnapshotPaths.Find(repository.MetaChunks.Read, snapshot, path);
        if (entry.Stat.Kind != EntryKind.Directory)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(PathText.Of(path)), "is no directory");
        }

        TarDumper.Run(repository.ChunkSource, repository.MetaChunks, new EntryBudget(snapshot, isUnlimited: false), in entry.Stat,
            DetailsCodec.Decode(entry.Details), (entry.User, entry.Group), output, left, cancellationToken);
    }
}
