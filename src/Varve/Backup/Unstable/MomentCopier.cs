using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Unstable;

/// <summary>
/// Copies a file so that the copy is known to be the file at one moment: it is read to its end, then its stat is taken, then it is read
/// again and compared. What is the same before and after stood so in between, at the moment of the stat; that the file has grown since does
/// not matter. Unlike equal stats this holds within one tick of the clock, during a single long write, and for what is written through a
/// mapping. (A byte that changes and changes back between the two passes is taken for unchanged.)
/// Not thread-safe.
/// <para>The moment of several files is had alike: all are copied, then the stat of each is taken, then all are compared.</para>
/// </summary>
/// <param name="proceed">Called between the pieces of a large file; what it throws ends the copying.</param>
internal sealed class MomentCopier(Action? proceed = null)
{
    private const int Step = 1 << 20;

    // A file that is appended to is followed this often before its copy counts as whole.
    private const int Follow = 8;

    // Of a copy to the spool.
    internal const int Tries = 4, TriesOfLarge = 2;
    internal const long LargeSize = 64 << 20;

    private byte[] _one = [], _other = [];

    /// <summary>Into memory. <paramref name="length"/> bytes of <paramref name="into"/> are filled, whatever comes of it.</summary>
    internal CopyOutcome Copy(int file, byte[] into, Companions? companions, out int length, out EntryStat moment)
    {
        length = 0;
        FileBytes.Stat(file, out moment);
        for (int i = 0; ; i++)
        {
            if (moment.Size > into.Length) { return CopyOutcome.NoRoom; }
            int want = (int)moment.Size - length;
            int read = want <= 0 ? 0 : FileBytes.Read(file, length, into.AsSpan(length, want), want);
            length += read;
            FileBytes.Stat(file, out moment);
            if (moment.Size == length) { break; }
            if (i == Follow || read < want || moment.Size < length) { return CopyOutcome.Differs; }
        }

        bool isAlone = companions is null || !companions.Exist();
        Gate.Pass(Gate.Copied);
        Room(ref _other, length);
        int again = FileBytes.Read(file, 0, _other.AsSpan(0, length), length);
        bool isSame = again == length && into.AsSpan(0, length).SequenceEqual(_other.AsSpan(0, length));
        return !isSame ? CopyOutcome.Differs : isAlone ? CopyOutcome.Moment : CopyOutcome.NotAlone;
    }

    /// <summary>
    /// Copies a file into one of the spool, from where an earlier call came to, until the copy is as long as the file. Holes stay holes.
    /// </summary>
    /// <returns>Moment for a copy that is as long as <paramref name="moment"/>, the stat taken after it, says.</returns>
    internal CopyOutcome Fill(int file, SpoolFile into, out EntryStat moment)
    {
        FileBytes.Stat(file, out moment);
        for (int i = 0; ; i++)
        {
            long want = moment.Size;
            if (!Append(file, into, into.Length, want, out long end)) { return CopyOutcome.NoRoom; }
            FileBytes.Stat(file, out moment);
            if (moment.Size == end) { return CopyOutcome.Moment; }
            if (i == Follow || end < want || moment.Size < end) { return CopyOutcome.Differs; }
        }
    }

    /// <summary>
    /// Into the spool, tried until it is the copy of one moment or has been tried often enough; false for <paramref name="hasRoom"/> if
    /// there is no room for it. <paramref name="tells"/>: whether the file's stat tells of changes; <paramref name="companions"/>: null if
    /// nothing can belong to it.
    /// </summary>
    internal void Copy(int file, bool tells, SpoolFile into, Companions? companions, out bool hasRoom)
    {
        int tries = 1;
        for (int i = 0; i < tries; i++)
        {
            hasRoom = into.Clear();
            if (!hasRoom) { return; }
            CopyOutcome outcome = Fill(file, into, out into.Moment);
            hasRoom = outcome != CopyOutcome.NoRoom;
            if (!hasRoom) { return; }
            bool isAlone = companions is null || !companions.Exist();
            Gate.Pass(Gate.Copied);
            bool isMoment = outcome == CopyOutcome.Moment && isAlone && IsSame(file, into.Fd, into.Length);
            into.Stability = isMoment ? StabilityProof.Of(file, in into.Moment, tells) : Stability.Torn;
            into.Moment.Size = into.Length;
            if (isMoment) { return; }
            if (!isAlone) { Pause.After(i); }
            tries = into.Length > LargeSize ? TriesOfLarge : Tries;
        }

        hasRoom = true;
    }

    private bool Append(int file, SpoolFile into, long from, long to, out long end)
    {
        Room(ref _one, Step);
        end = from;
        while (end < to)
        {
            proceed?.Invoke();
            long data = Math.Min(NextData(file, end, to), to);
            if (!into.Extend(data)) { return false; }
            end = data;
            if (Posix.SeekHole(file, end, out long hole) != 0 || hole <= end) { hole = to; }
            int want = (int)Math.Min(Step, Math.Min(hole, to) - end);
            int read = want == 0 ? 0 : FileBytes.Read(file, end, _one.AsSpan(0, want), want);
            if (!into.Write(_one.AsSpan(0, read), end)) { return false; }
            end += read;
            if (read < want) { break; }
        }

        return true;
    }

    /// <summary>Compares where either of the two has data; both are that long, or differ.</summary>
    internal bool IsSame(int file, int copy, long length)
    {
        Room(ref _other, Step);
        for (long at = 0; ;)
        {
            proceed?.Invoke();
            at = Math.Min(NextData(file, at, length), NextData(copy, at, length));
            if (at >= length) { return true; }
            int want = (int)Math.Min(Step, length - at);
            int x = FileBytes.Read(file, at, _one.AsSpan(0, want), want), y = FileBytes.Read(copy, at, _other.AsSpan(0, want), want);
            if (x != want || y != want || !_one.AsSpan(0, want).SequenceEqual(_other.AsSpan(0, want))) { return false; }
            at += want;
        }
    }

    private static long NextData(int file, long at, long end)
    {
        int errno = Posix.SeekData(file, at, out long data);
        return errno == 0 ? data : errno == Errno.ENXIO ? end : at;
    }

    private static void Room(ref byte[] buffer, int length)
    {
        if (buffer.Length < length) { buffer = GC.AllocateUninitializedArray<byte>(Math.Max(length, 64 << 10)); }
    }
}
