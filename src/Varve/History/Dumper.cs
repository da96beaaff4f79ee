using Varve.History.Content;
using Varve.History.Entries;
using Varve.Model;
using Varve.Vault;

namespace Varve.History;

/// <summary>Writes one file's content to a stream, in order, holes as zeros.</summary>
internal static class Dumper
{
    /// <summary>Dumps. Every chunk is checked against its id before a byte of it goes out.</summary>
    /// <exception cref="VarveException">NotFound: no such path. Usage: it is no file. Damaged.</exception>
    public static void Run(Repository repository, SnapshotInfo snapshot, byte[] path, Stream output, CancellationToken cancellationToken)
    {
        repository.RequireFull("reading a file");
        FoundEntry entry = SnapshotPaths.Find(repository.MetaChunks.Read, snapshot, path);
        if (entry.Stat.Kind != EntryKind.File)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(PathText.Of(path)), "is not a regular file", Advice.RestoreInstead);
        }

        new ContentReader(repository.ChunkSource, repository.MetaChunks.Read).Read(entry.Details, entry.Stat.Size, bytes =>
        {
            output.Write(bytes);
            return true;
        }, cancellationToken);
    }
}
