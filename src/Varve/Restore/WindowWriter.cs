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
    private byte[] _raw = [];

    /// <summary>Writes all pieces of one block of a window.</summary>
    internal void Write(RestoreWindow window, int start, int end)
    {
        int block = window.Pieces[start].Block;
        ReadOnlySpan<byte> raw = [];
        VarveException? damage = null;
        if (block >= 0)
        {
            BlockLocation location = window.Blocks[block];
            if (_raw.Length < location.RawLength) { _raw = new byte[location.RawLength]; }
            Span<byte> buffer = _raw.AsSpan(0, (int)location.RawLength);
            try
            {
                context.Repository.Blocks.Read(in location, buffer);
                raw = buffer;
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                damage = e;
            }
        }

        ChunkId verified = default;
        for (int i = start; i < end; i++)
        {
            RestoreWindow.Piece piece = window.Pieces[i];
            if (damage is null && (block < 0 || IsWhole(in piece, raw, ref verified))) { Write(window, in piece, raw.Slice((int)piece.Offset, piece.Length)); }
            else { Rescue(window, in piece, damage); }
        }
    }

    private bool IsWhole(in RestoreWindow.Piece piece, ReadOnlySpan<byte> raw, ref ChunkId verified)
    {
        if (piece.Chunk == verified) { return true; }
        if (context.Repository.Hasher.Compute(raw.Slice((int)piece.ChunkOffset, (int)piece.ChunkLength)) != piece.Chunk) { return false; }
        verified = piece.Chunk;
        return true;
    }

    private void Rescue(RestoreWindow window, in RestoreWindow.Piece piece, VarveException? damage)
    {
        BlockLocation failed = window.Blocks[piece.Block];
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
        RestoreOutcome outcome = context.Files.WriteSmall(directory, name, content, in window.Small.Stat(piece.File), WantedDetails(window.Small.Details(piece.File)));
        if (!outcome.Ok) { context.Fail(directory, name, in outcome); }
        if (outcome.Created)
        {
            context.Monitor.AddFile();
            context.Monitor.AddBytes(content.Length);
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
