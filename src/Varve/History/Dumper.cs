using Varve.Model;
using Varve.Model.Packs;
using Varve.Tree.Details;
using Varve.Vault;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

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
        EntryStat stat = entry.Stat;
        if (stat.Kind != EntryKind.File)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(PathText.Of(path)), "is not a regular file", Advice.RestoreInstead);
        }
        IChunkSource chunks = repository.ChunkSource;
        byte[] raw = [];
        ReadOnlyMemory<byte> Fetch(ChunkId id)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return repository.MetaChunks.Read(id);
        }

        BlockLocation current = default;
        long done = 0;
        foreach (Extent extent in FileExtents.Of(entry.Details, stat.Size, Fetch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (extent.Length > stat.Size - done)
            {
                throw VarveException.Damaged(Subject.PartOnly("the file's extents"), "they reach beyond its size");
            }
            done += extent.Length;
            if (extent.IsHole)
            {
                WriteZeros(output, extent.Length, cancellationToken);
                continue;
            }

            if (!chunks.TryLocate(extent.Chunk, extent.Offset + extent.Length, out ChunkLocation location))
            {
                throw VarveException.Damaged(Subject.Chunk(extent.Chunk), "no index run knows it");
            }
            RequireWithin(in extent, location.Length);
            ReadOnlySpan<byte> chunk;
            try
            {
                if (location.Block != current)
                {
                    if (raw.Length < location.Block.RawLength) { raw = new byte[location.Block.RawLength]; }
                    current = default;
                    chunks.ReadBlock(location.Block, raw.AsSpan(0, (int)location.Block.RawLength));
                    current = location.Block;
                }

                chunk = raw.AsSpan((int)location.Offset, (int)location.Length);
                if (!chunks.IsChunk(extent.Chunk, chunk)) { throw ChunkSource.Mismatch(extent.Chunk, location.Block.Pack); }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                chunk = chunks.Rescue(extent.Chunk, location.Block, e);
                RequireWithin(in extent, chunk.Length);
            }

            output.Write(chunk.Slice((int)extent.Offset, (int)extent.Length));
        }

        if (done != stat.Size)
        {
            throw VarveException.Damaged(Subject.PartOnly("the file's extents"), $"they cover {done} bytes of {stat.Size}");
        }
    }

    private static void RequireWithin(in Extent extent, long length)
    {
        if (extent.Offset + extent.Length <= length) { return; }
        throw VarveException.Damaged(Subject.Chunk(extent.Chunk).Within("an extent"), "it reaches beyond the chunk's end");
    }

    private static void WriteZeros(Stream output, long length, CancellationToken cancellationToken)
    {
        byte[] zeros = new byte[Math.Min(length, 1 << 20)];
        for (; length > 0; length -= zeros.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            output.Write(zeros.AsSpan(0, (int)Math.Min(length, zeros.Length)));
        }
    }
}
