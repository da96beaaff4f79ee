using System.Globalization;
using Varve.Backup.Content;
using Varve.Backup.Deltas;
using Varve.Backup.Run;
using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Unstable;

/// <summary>
/// Reads files that go on where their stat says that they end: things without length in FUSE mounts, <c>/proc</c>. They are read until the
/// system says that nothing follows, and once more to compare; their real length is recorded. Small ones are read into memory, others into
/// the spool. One that never ends is read as far as the bound, and then fails. Between the pieces of a file <c>proceed</c> is called: what
/// that throws ends the reading. One per worker thread.
/// </summary>
internal sealed class UnmeasuredReader(RunTally tally, Spool spool, SmallFileCutter small, DeltaCutter large, Action proceed)
{
    /// <summary>Bytes of the longest such file, if the spool may take as much.</summary>
    internal const long Most = 1L << 30;

    private const int Tries = 4, Step = 1 << 20;

    private byte[] _again = [];

    /// <summary>
    /// Whether an open regular file goes on behind the end that <paramref name="stat"/>, which was just taken, tells; not one that has
    /// grown since.
    /// </summary>
    /// <exception cref="ReadFailedException">It cannot be read.</exception>
    internal static bool GoesOn(int file, in EntryStat stat)
    {
        if (!FileBytes.GoesOn(file, stat.Size)) { return false; }
        FileBytes.Stat(file, out EntryStat again);
        return again.Size == stat.Size;
    }

    /// <summary>Stores the content of such a file, of which <paramref name="stat"/> is known.</summary>
    /// <exception cref="ReadFailedException">It cannot be read, or does not end.</exception>
    internal UnstableContent Read(int file, EntryStat stat)
    {
        large.Discard(); // of the read before this one
        byte[] buffer = small.Buffer(SmallFileCutter.MostBytes);
        long said = stat.Size;
        for (int i = 1; ; i++)
        {
            int length = FileBytes.Read(file, 0, buffer.AsSpan(0, SmallFileCutter.MostBytes), SmallFileCutter.MostBytes);
            if (length == SmallFileCutter.MostBytes) { return ReadCopy(file, stat); }
            bool isSame = IsSame(file, -1, buffer.AsSpan(0, length), length);
            if (!isSame && i < Tries) { continue; }
            tally.CountRead(length);
            stat.Size = length;
            return new UnstableContent(small.Cut(buffer.AsSpan(0, length)), Worth(isSame, length, said), stat);
        }
    }

    private UnstableContent ReadCopy(int file, EntryStat stat)
    {
        long said = stat.Size;
        using SpoolFile copy = spool.TryCreate(0) ?? throw new ReadFailedException(Errno.ENOSPC,
            "its stat tells no length, and there is no place for a copy of it: nothing of it is saved");
        for (int i = 1; ; i++)
        {
            if (!copy.Clear()) { throw new ReadFailedException(Errno.EIO); }
            Fill(file, copy);
            bool isSame = IsSame(file, copy.Fd, default, copy.Length);
            if (!isSame && i < Tries) { continue; }
            FileContent content = large.Cut(copy.Fd, copy.Length, mayHaveHoles: false);
            if (!content.IsWhole) { throw new ReadFailedException(Errno.EIO); }
            stat.Size = copy.Length;
            return new UnstableContent(content.Extents, Worth(isSame, copy.Length, said), stat);
        }
    }

    private static Stability Worth(bool isSame, long length, long said) =>
        !isSame ? Stability.Torn : length == said ? Stability.Moving : Stability.LengthUnknown;

    private void Fill(int file, SpoolFile copy)
    {
        byte[] buffer = small.Buffer(Step);
        while (true)
        {
            proceed();
            int read = FileBytes.Read(file, copy.Length, buffer.AsSpan(0, Step), Step);
            if (read == 0) { return; }
            if (copy.Length < Most && copy.Write(buffer.AsSpan(0, read), copy.Length)) { continue; }
            throw new ReadFailedException(Errno.EFBIG, string.Create(CultureInfo.InvariantCulture,
                $"its stat tells no length, and it did not end within {copy.Length >> 20} MiB: nothing of it is saved"));
        }
    }

    /// <summary>Whether the file is still what was read, and ends there: bytes in memory, or a copy that is open (else -1).</summary>
    private bool IsSame(int file, int copy, ReadOnlySpan<byte> bytes, long length)
    {
        if (_again.Length == 0) { _again = GC.AllocateUninitializedArray<byte>(2 * Step); }
        for (long at = 0; at < length;)
        {
            proceed();
            int want = (int)Math.Min(Step, length - at);
            Span<byte> now = _again.AsSpan(0, want), other = _again.AsSpan(Step, want);
            if (FileBytes.Read(file, at, now, want) != want) { return false; }
            if (copy >= 0 && FileBytes.Read(copy, at, other, want) != want) { return false; }
            if (!now.SequenceEqual(copy >= 0 ? other : bytes.Slice((int)at, want))) { return false; }
            at += want;
        }

        return !FileBytes.GoesOn(file, length);
    }
}
