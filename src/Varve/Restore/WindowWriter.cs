using Varve.Model;
using Varve.Repositories;
using Varve.Tree;

namespace Varve.Restore;

/// <summary>
/// Decodes the blocks of windows and writes what they hold: fetch -> open -> write -> metadata. One per worker thread. A block that is damaged fails the
/// files that need it and no others (invariant 5), and only if the chunk is nowhere else. Every chunk is checked against its id before a byte of it is written: a pack in
/// the place of another would otherwise decode without complaint.
/// </summary>
internal sealed class WindowWriter(RestoreContext context)
{
    private readonly BlockBuffers _buffers = new();
    private long _files, _bytes;

    /// <summary>Writes all pieces of one run of a window: those of one block, or files without data.</summary>
    internal void Write(RestoreWindow window, int index)
    {
        RestoreWindow.Run run = window.Runs[index];
        ReadOnlySpan<byte> raw = [];
        VarveException? damage = null;
        if (run.HasBlock)
        {
            try { raw = context.Repository.Blocks.Read(in run.Block, _buffers); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { damage = e; }
        }

        ChunkId verified = default;
        for (int i = run.First; i >= 0;)
        {
            ref readonly RestoreWindow.Piece piece = ref window.Pieces[i];
            if (damage is null && (!run.HasBlock || IsWhole(in piece, raw, ref verified))) { Write(window, in piece, raw.Slice((int)piece.Offset, piece.Length)); }
            else { Rescue(window, in piece, in run.Block, damage); }
            i = piece.Next;
        }

        // Once for a block: workers that count each file wait for each other's cache lines.
        context.Monitor.AddFiles(_files);
        context.Monitor.AddBytes(_bytes);
        (_files, _bytes) = (0, 0);
    }

    private bool IsWhole(in RestoreWindow.Piece piece, ReadOnlySpan<byte> raw, ref ChunkId verified)
    {
        if (piece.Chunk == verified) { return true; }
        if (context.Repository.Hasher.Compute(raw.Slice((int)piece.ChunkOffset, (int)piece.ChunkLength)) != piece.Chunk) { return false; }
        verified = piece.Chunk;
        return true;
    }

    private void Rescue(RestoreWindow window, in RestoreWindow.Piece piece, in BlockLocation failed, VarveException? damage)
    {
        byte[] chunk;
        try { chunk = context.Repository.Rescue.Read(piece.Chunk, in failed, damage ?? ChunkRescue.Mismatch(piece.Chunk, failed.Pack)); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            Fail(window, in piece, e.Message);
            return;
        }

        Write(window, in piece, chunk.AsSpan((int)(piece.Offset - piece.ChunkOffset), piece.Length));
    }

    private void Write(RestoreWindow window, in RestoreWindow.Piece piece, ReadOnlySpan<byte> content)
    {
        if (piece.Large is { } large)
        {
            large.Write(content, piece.FileOffset);
            return;
        }

        TargetDirectory directory = window.Directories[piece.File];
        ReadOnlySpan<byte> name = window.Small.Name(piece.File);
        EntryDetails? details;
        try { details = WantedDetails(window.Small.Details(piece.File)); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            Fail(window, in piece, e.Message);
            return;
        }

        RestoreOutcome outcome = context.Files.WriteSmall(directory, name, content, in window.Small.Stat(piece.File), details);
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

    private void Fail(RestoreWindow window, in RestoreWindow.Piece piece, string damage)
    {
        if (piece.Large is { } large)
        {
            large.PieceFailed(damage);
            return;
        }

        TargetDirectory directory = window.Directories[piece.File];
        context.Monitor.Fail(new Failure(directory.RelativePath(window.Small.Name(piece.File)), FailedOperation.Read, 0, damage));
        directory.Release();
    }
}
