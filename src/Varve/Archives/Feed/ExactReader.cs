using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Backup.Unstable;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Archives.Feed;

/// <summary>
/// Reads files so that what is read is of one moment, or says that it is torn, as a backup does (decisions 0022 and 0023): a file that was
/// changed lately is read twice or copied first, whatever its stat says; any other is compared by its stat before and after. One per
/// thread.
/// </summary>
/// <param name="spool">Where copies of large files go.</param>
/// <param name="started">When the run began.</param>
internal sealed class ExactReader(Spool spool, FileTime started)
{
    private const int Tries = 8;
    private const long MostSmall = 64 << 20, Recent = 60_000_000_000, Tick = 2_000_000_000;

    private readonly MomentCopier _copier = new();
    private byte[] _buffer = [];

    /// <summary>What was read of the last small file, valid until the next.</summary>
    internal ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>Bytes of it.</summary>
    internal int Length { get; private set; }

    /// <summary>Reads all of an open file into memory.</summary>
    /// <param name="file">Open for reading.</param>
    /// <param name="stat">Its stat by now; becomes that of what was read.</param>
    /// <param name="isTorn">Whether it never held still.</param>
    /// <returns>0 or an error number; EFBIG for one that has become too large for that.</returns>
    /// <exception cref="ReadFailedException">It cannot be read.</exception>
    internal int ReadSmall(int file, ref EntryStat stat, out bool isTorn)
    {
        isTorn = false;
        Length = 0;
        if (!IsSuspect(file, in stat))
        {
            if (stat.Size > MostSmall) { return Errno.EFBIG; }
            Room(stat.Size + 1);
            Length = FileBytes.Read(file, 0, _buffer.AsSpan(0, (int)stat.Size + 1), (int)stat.Size + 1);
            FileBytes.Stat(file, out EntryStat after);
            if (Length == stat.Size && EntryEquality.HeldStill(in stat, in after)) { return 0; }
        }

        for (int i = 0; i < Tries; i++)
        {
            FileBytes.Stat(file, out stat);
            if (stat.Size > MostSmall) { return Errno.EFBIG; }
            Room(stat.Size + (stat.Size >> 3) + 4096);
            CopyOutcome outcome = _copier.Copy(file, _buffer, null, out int length, out stat);
            Length = length;
            if (outcome != CopyOutcome.Moment) { continue; }
            if (FileBytes.GoesOn(file, length)) { return ReadUnmeasured(file, ref stat, out isTorn); }
            stat.Size = length;
            return 0;
        }

        isTorn = true;
        stat.Size = Length;
        return 0;
    }

    /// <summary>Reads a file that goes on where its stat says that it ends, to its end, and once more to compare.</summary>
    private int ReadUnmeasured(int file, ref EntryStat stat, out bool isTorn)
    {
        int length = 0;
        for (int read = 1; read > 0; length += read)
        {
            if (length > MostSmall) { return TooLong(out isTorn); }
            Room(Math.Max(64 << 10, 2L * length));
            read = FileBytes.Read(file, length, _buffer.AsSpan(length), 1);
        }

        var again = new byte[length + 1];
        isTorn = FileBytes.Read(file, 0, again, again.Length) != length || !again.AsSpan(0, length).SequenceEqual(_buffer.AsSpan(0, length));
        Length = length;
        stat.Size = length;
        return 0;
    }

    private static int TooLong(out bool isTorn)
    {
        isTorn = false;
        return Errno.EFBIG;
    }

    /// <summary>
    /// Opens a file to be read by pieces: a copy of it if it was changed lately, as long as there is room for one. Takes over
    /// <paramref name="file"/>.
    /// </summary>
    /// <param name="file">Open for reading.</param>
    /// <param name="directory">The directory it is in, open.</param>
    /// <param name="stat">Its stat by now; becomes that of what is read.</param>
    /// <param name="isTorn">Whether it is known already that it does not hold still.</param>
    /// <exception cref="ReadFailedException">It cannot be read; the file is closed.</exception>
    internal LargeContent OpenLarge(SafeFd file, int directory, ref EntryStat stat, out bool isTorn)
    {
        isTorn = false;
        if (!IsSuspect(file.Value, in stat)) { return new LargeContent(file, null, stat); }
        SpoolFile? copy = null;
        try
        {
            copy = spool.TryClone(file.Value, directory);
            if (copy is null)
            {
                copy = spool.TryCreate(stat.AllocatedBytes);
                if (copy is not null)
                {
                    bool tells = StabilityProof.StatTells(file.Value, in stat, started.Minus(Recent));
                    _copier.Copy(file.Value, tells, copy, null, out bool hasRoom);
                    if (!hasRoom)
                    {
                        copy.Dispose();
                        copy = null;
                    }
                }
            }
        }
        catch (ReadFailedException)
        {
            copy?.Dispose();
            file.Close();
            throw;
        }

        isTorn = copy is null || copy.Stability == Stability.Torn;
        if (copy is null) { return new LargeContent(file, null, stat); }
        long allocated = stat.AllocatedBytes;
        stat = copy.Moment;
        stat.AllocatedBytes = allocated;
        return new LargeContent(file, copy, stat);
    }

    /// <summary>Where a file has data.</summary>
    internal static List<(long Offset, long Length)> Segments(int file, long size)
    {
        var segments = new List<(long, long)>();
        for (long at = 0; at < size;)
        {
            int errno = Posix.SeekData(file, at, out long data);
            if (errno == Errno.ENXIO) { break; }
            if (errno != 0 || Posix.SeekHole(file, data, out long hole) != 0 || hole <= data) { (data, hole) = (at, size); }
            hole = Math.Min(hole, size);
            if (data < hole) { segments.Add((data, hole - data)); }
            at = hole;
        }

        return segments;
    }

    /// <summary>Whether equal stats before and after would prove nothing.</summary>
    private bool IsSuspect(int file, in EntryStat stat) => stat.Ctime > started.Minus(Recent)
        && (stat.Ctime > started.Minus(Tick) || Lease.Probe(file) != WriterPresence.None);

    private void Room(long length)
    {
        if (_buffer.Length < length) { Array.Resize(ref _buffer, (int)Math.Max(length, 64 << 10)); }
    }
}
