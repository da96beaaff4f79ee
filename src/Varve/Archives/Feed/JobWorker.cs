using System.IO.Hashing;
using Varve.Archives.Codec;
using Varve.Backup.Content;
using Varve.History.Content;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Archives.Feed;

/// <summary>Reads what a job wants, and deflates it if the format does that for each entry. One per thread.</summary>
/// <param name="rules">What the format wants.</param>
/// <param name="reader">Reads live files.</param>
/// <param name="stored">Reads files of a snapshot; null without one.</param>
internal sealed class JobWorker(FeedRules rules, ExactReader reader, ContentReader? stored)
{
    private readonly Deflater _deflater = new();
    private byte[] _piece = [];

    /// <summary>Does a job; what fails is in it.</summary>
    internal void Run(ArchiveJob job)
    {
        if (!job.Reads || job.Failure is not null) { return; }
        try
        {
            if (job.Kind == JobKind.Piece) { RunPiece(job); }
            else if (job.Directory is not null) { RunSmall(job); }
            else { RunStored(job); }
        }
        catch (ReadFailedException e)
        {
            job.Failure = LiveFeed.Failure(job.Entry, FailedOperation.Read, e.Errno);
            // The header tells its length already.
            if (job.Kind == JobKind.Piece && !rules.Deflates) { job.Keep(new byte[job.RawLength]); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            job.Failure = new Failure(job.Entry.Below, FailedOperation.Read, 0, e.Message);
        }
    }

    private void RunSmall(ArchiveJob job)
    {
        int errno = EntryReader.OpenFile(job.Directory!.Fd, job.Key, out SafeFd file);
        if (errno != 0)
        {
            job.Failure = LiveFeed.Failure(job.Entry, FailedOperation.Open, errno);
            return;
        }

        try
        {
            errno = Posix.Stat(file.Value, out EntryStat stat);
            if (errno == 0 && stat.Kind != EntryKind.File) { errno = Errno.ESTALE; }
            bool isTorn = false;
            if (errno == 0) { errno = reader.ReadSmall(file.Value, ref stat, out isTorn); }
            if (errno != 0)
            {
                job.Failure = LiveFeed.Failure(job.Entry, FailedOperation.Read, errno);
                return;
            }

            job.Entry.Stat = stat;
            job.Entry.IsTorn = isTorn;
            if (rules.HasAttributes)
            {
                EntryReader.ReadXattrs(file.Value, out Xattr[] xattrs, out UnreadXattrs unread);
                job.Entry.Xattrs = xattrs;
                job.Lost = LiveFeed.LostOf(job.Entry, in unread);
            }
        }
        finally { file.Close(); }

        Pack(job, reader.Bytes);
    }

    private void RunStored(ArchiveJob job)
    {
        int length = (int)job.Entry.Stat.Size, at = 0;
        if (_piece.Length < length) { _piece = new byte[Math.Max(length, 64 << 10)]; }
        stored!.Read(job.Key, length, bytes =>
        {
            bytes.CopyTo(_piece.AsSpan(at));
            at += bytes.Length;
            return true;
        }, CancellationToken.None);
        Pack(job, _piece.AsSpan(0, length));
    }

    private void RunPiece(ArchiveJob job)
    {
        if (_piece.Length < job.RawLength) { _piece = GC.AllocateUninitializedArray<byte>(FeedRules.MostSmall); }
        Span<byte> piece = _piece.AsSpan(0, job.RawLength);
        if (job.Length > 0)
        {
            if (!rules.Deflates) { return; }
            job.Bytes.CopyTo(piece); // a snapshot's: it came along
        }
        else
        {
            int read = FileBytes.Read(job.Large!.Fd, job.Offset, piece, piece.Length);
            if (read < piece.Length)
            {
                // What it lacks now is zeros: the header tells its length already.
                job.Large.IsShort();
                piece[read..].Clear();
            }
        }

        if (!rules.Deflates)
        {
            job.Keep(piece);
            return;
        }

        job.Crc = Crc32.HashToUInt32(piece);
        job.Keep(_deflater.Deflate(piece, job.IsLast));
    }

    private void Pack(ArchiveJob job, ReadOnlySpan<byte> bytes)
    {
        job.RawLength = bytes.Length;
        if (!rules.Deflates || bytes.IsEmpty)
        {
            job.Keep(bytes);
            return;
        }

        job.Crc = Crc32.HashToUInt32(bytes);
        // What has grown since it was listed is one piece all the same: deflate has no limit.
        ReadOnlySpan<byte> deflated = _deflater.Deflate(bytes, isLast: true);
        job.IsDeflated = deflated.Length < bytes.Length;
        job.Keep(job.IsDeflated ? deflated : bytes);
    }
}
