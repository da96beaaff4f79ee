using Varve.Model;
using Varve.Restore.Target;
using Varve.Tree;
using Varve.Vault.Chunks;

namespace Varve.Restore.Write;

/// <summary>
/// Decodes blocks and writes what they hold: fetch -> open -> write -> metadata. One per worker thread. A block that is damaged fails the
/// files that need it and no others (invariant 5), and only if the chunk is nowhere else. Every chunk is checked against its id before a byte of it is written: a pack in
/// the place of another would otherwise decode without complaint.
/// </summary>
internal sealed class RunWriter(RestoreContext context)
{
    private readonly BlockBuffers _buffers = new();
    private long _files, _bytes;

    /// <summary>Writes all pieces of a run: those of one block, or files without data.</summary>
    internal void Write(RestoreRun run)
    {
        ReadOnlySpan<byte> raw = [];
        VarveException? damage = null;
        if (run.HasBlock)
        {
            try { raw = context.Chunks.ReadBlock(run.Block, _buffers); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { damage = e; }
        }

        ChunkId verified = default;
        foreach (ref readonly RestoreRun.Piece piece in run.Pieces)
        {
            if (damage is null && (!run.HasBlock || IsWhole(in piece, raw, ref verified))) { Write(run, in piece, raw.Slice((int)piece.Offset, piece.Length)); }
            else { Rescue(run, in piece, damage); }
        }

        // Once for a block: workers that count each file wait for each other's cache lines.
        context.Monitor.AddFiles(_files);
        context.Monitor.AddBytes(_bytes);
        (_files, _bytes) = (0, 0);
    }

    private bool IsWhole(in RestoreRun.Piece piece, ReadOnlySpan<byte> raw, ref ChunkId verified)
    {
        if (piece.Chunk == verified) { return true; }
        if (!context.Chunks.IsChunk(piece.Chunk, raw.Slice((int)piece.ChunkOffset, (int)piece.ChunkLength))) { return false; }
        verified = piece.Chunk;
        return true;
    }

    private void Rescue(RestoreRun run, in RestoreRun.Piece piece, VarveException? damage)
    {
        byte[] chunk;
        BlockLocation failed = run.Block;
        try { chunk = context.Chunks.Rescue(piece.Chunk, in failed, damage ?? ChunkSource.Mismatch(piece.Chunk, failed.Pack)); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            Fail(run, in piece, e.Message);
            return;
        }

        Write(run, in piece, chunk.AsSpan((int)(piece.Offset - piece.ChunkOffset), piece.Length));
    }

    private void Write(RestoreRun run, in RestoreRun.Piece piece, ReadOnlySpan<byte> content)
    {
        if (piece.Large is { } large)
        {
            large.Write(content, piece.FileOffset);
            return;
        }

        TargetDirectory directory = run.Directories[piece.File];
        ReadOnlySpan<byte> name = run.Small.Name(piece.File);
        EntryDetails? details;
        try { details = WantedDetails(run.Small.Details(piece.File)); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            Fail(run, in piece, e.Message);
            return;
        }

        RestoreOutcome outcome = context.Files.WriteSmall(directory, name, content, in run.Small.Stat(piece.File), details);
        if (!outcome.Ok) { context.Fail(directory, name, in outcome); }
        if (outcome.Created)
        {
            _files++;
            _bytes += content.Length;
        }

        directory.Release();
    }

    /// <summary>Most files have neither extended attributes nor flags: for them nothing is decoded.</summary>
    internal static EntryDetails? WantedDetails(ReadOnlySpan<byte> details) =>
        DetailsCodec.TryGet(details, DetailTag.Xattr, out _) || DetailsCodec.TryGet(details, DetailTag.Attributes, out _) ? DetailsCodec.Decode(details) : null;

    private void Fail(RestoreRun run, in RestoreRun.Piece piece, string damage)
    {
        if (piece.Large is { } large)
        {
            large.PieceFailed(damage);
            return;
        }

        TargetDirectory directory = run.Directories[piece.File];
        context.Monitor.Fail(new Failure(directory.RelativePath(run.Small.Name(piece.File)), FailedOperation.Read, 0, damage));
        directory.Release();
    }
}
