using System.Security.Cryptography;
using Varve.Platform;

namespace Varve.Archives.Digest;

/// <summary>
/// A file of several pieces, which threads hash at once. Each takes the next piece until there is none; whoever completes the last one has
/// the hash of all. Thread-safe.
/// </summary>
internal sealed class LargeFile(int fd, long size)
{
    private readonly byte[] _hashes = new byte[DigestFormat.HashLength * Pieces(size)];
    private int _next, _left = (int)Pieces(size);

    /// <summary>What kept it from being read; 0 if nothing did. Meaningful once all pieces are done.</summary>
    internal int Error;

    /// <summary>Whether all pieces are taken, if not done.</summary>
    internal bool IsTaken => Volatile.Read(ref _next) >= Pieces(size);

    /// <summary>Whether all pieces are done.</summary>
    internal bool IsDone => Volatile.Read(ref _left) == 0;

    /// <summary>The hash of the hashes of all pieces.</summary>
    internal void Finish(Span<byte> hash) => SHA256.HashData(_hashes, hash);

    /// <summary>Hashes a piece, if one is left; true for the last one that is done.</summary>
    internal bool Work(byte[] buffer)
    {
        int piece = Interlocked.Increment(ref _next) - 1;
        if (piece >= Pieces(size)) { return false; }
        long at = (long)piece * DigestFormat.PieceLength;
        long length = Math.Min(DigestFormat.PieceLength, size - at);
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            for (long done = 0; done < length && Volatile.Read(ref Error) == 0;)
            {
                int want = (int)Math.Min(buffer.Length, length - done);
                int errno = Posix.ReadAt(fd, buffer.AsSpan(0, want), at + done, out int read);
                if (errno == 0 && read == 0) { errno = Errno.EIO; }
                if (errno != 0) { Volatile.Write(ref Error, errno); }
                else { hash.AppendData(buffer.AsSpan(0, read)); }
                done += read;
            }

            hash.GetHashAndReset(_hashes.AsSpan(piece * DigestFormat.HashLength, DigestFormat.HashLength));
        }

        return Interlocked.Decrement(ref _left) == 0;
    }

    private static long Pieces(long size) => (size + DigestFormat.PieceLength - 1) / DigestFormat.PieceLength;
}
