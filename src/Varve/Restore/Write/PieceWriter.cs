using Varve.Model;
using Varve.Model.Changes;
using Varve.Model.Packs;
using Varve.Platform;
using Varve.Restore.Target;
using Varve.Tree.Details;
using Varve.Vault.Chunks;

namespace Varve.Restore.Write;

/// <summary>
/// Decodes blocks and writes what they hold: fetch -> open -> write -> metadata. One per worker thread. A block that is damaged fails the
/// files that need it and no others (invariant 5), and only if the chunk is nowhere else. Every chunk is checked against its id before a
/// byte of it is written: a pack in the place of another would otherwise decode without complaint.
/// </summary>
internal sealed class PieceWriter(RestoreContext context)
{
    private readonly BlockBuffers _buffers = new();
    private readonly PresentPiece? _present = context.Monitor.NewPresentPiece();
    private long _files, _bytes;

    /// <summary>Writes all that is wanted of a block: those of one block, or files without data.</summary>
    internal void Write(WantedBlock wanted)
    {
        ReadOnlySpan<byte> raw = [];
        VarveException? damage = null;
        if (wanted.HasBlock)
        {
            try { raw = context.Chunks.ReadBlock(wanted.Block, _buffers); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { damage = e; }
        }

        ChunkId verified = default;
        foreach (ref readonly WantedBlock.Piece piece in wanted.Pieces)
        {
            if (damage is null && (!wanted.HasBlock || IsWhole(in piece, raw, ref verified)))
            {
                Write(wanted, in piece, raw.Slice((int)piece.Offset, piece.Length));
            }
            else { Rescue(wanted, in piece, damage); }
        }

        _present?.End();
        // Once for a block: workers that count each file wait for each other's cache lines.
        context.Monitor.AddFiles(_files);
        context.Monitor.AddBytes(_bytes);
        (_files, _bytes) = (0, 0);
        Gate.Pass(Gate.BlockWritten);
    }

    private bool IsWhole(in WantedBlock.Piece piece, ReadOnlySpan<byte> raw, ref ChunkId verified)
    {
        if (piece.Chunk == verified) { return true; }
        if (!context.Chunks.IsChunk(piece.Chunk, raw.Slice((int)piece.ChunkOffset, (int)piece.ChunkLength))) { return false; }
        verified = piece.Chunk;
        return true;
    }

    private void Rescue(WantedBlock wanted, in WantedBlock.Piece piece, VarveException? damage)
    {
        byte[] chunk;
        BlockLocation failed = wanted.Block;
        try { chunk = context.Chunks.Rescue(piece.Chunk, in failed, damage ?? ChunkSource.Mismatch(piece.Chunk, failed.Pack)); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            Fail(wanted, in piece, e.Message);
            return;
        }

        // The place that failed may have said that the chunk is longer than it is.
        int start = (int)(piece.Offset - piece.ChunkOffset);
        if (start + (long)piece.Length <= chunk.Length) { Write(wanted, in piece, chunk.AsSpan(start, piece.Length)); }
        else
        {
            Fail(wanted, in piece, VarveException.Damaged(Subject.Chunk(piece.Chunk).Within("an extent"),
                "it reaches beyond the chunk's end").Message);
        }
    }

    private void Write(WantedBlock wanted, in WantedBlock.Piece piece, ReadOnlySpan<byte> content)
    {
        if (piece.Large is { } large)
        {
            if (_present is not null) { large.Name(_present); }
            large.Write(content, piece.FileOffset);
            return;
        }

        TargetDirectory directory = wanted.Directories[piece.File];
        ReadOnlySpan<byte> name = wanted.Small.Name(piece.File);
        _present?.Begin(directory, name);
        EntryDetails? details;
        ulong group;
        try
        {
            group = LinkIdentity.Of(in wanted.Small.Stat(piece.File), wanted.Small.Details(piece.File));
            details = DetailsCodec.Wanted(wanted.Small.Details(piece.File));
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            Fail(wanted, in piece, e.Message);
            return;
        }

        RestoreOutcome outcome = context.Files.WriteSmall(directory, name, content, in wanted.Small.Stat(piece.File), details, group != 0,
            piece.Replaces);
        if (!outcome.Ok) { context.Fail(directory, name, in outcome); }
        if (outcome.Created)
        {
            context.Links.Made(group, outcome.Id);
            context.Written(directory, name, EntryKind.File, piece.Replaces);
            _files++;
            _bytes += content.Length;
        }

        directory.Release();
    }

    private void Fail(WantedBlock wanted, in WantedBlock.Piece piece, string damage)
    {
        if (piece.Large is { } large)
        {
            large.PieceFailed(damage);
            return;
        }

        TargetDirectory directory = wanted.Directories[piece.File];
        context.Monitor.Fail(new Failure(directory.RelativePath(wanted.Small.Name(piece.File)), FailedOperation.Read, 0, damage));
        directory.Release();
    }
}
