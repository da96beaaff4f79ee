using Varve.Model;
using Varve.Platform;

namespace Varve.Backup;

/// <summary>
/// Reads what changed while it was read, what was changed too recently for its stat to prove anything, and what is on the list of unstable files. In this order: from the copy
/// that was made before the walk; into memory, if it is small; from a clone; from a plain copy in the spool; where there is no room for that, twice from the file itself.
/// Whatever cannot be had as of one moment after a bounded number of tries is stored as it came, and said to be torn. One per worker thread.
/// <para>Chunks that were stored of a try that failed are referred to by nothing.</para>
/// </summary>
internal sealed class UnstableFileReader(RunContext run, ThreadTools tools, DeltaCutter cutter)
{
    private const int TriesInMemory = 8, Tries = 4, TriesOfLarge = 2;
    private const long LargeSize = 64 << 20;

    private readonly MomentCopier _copier = new();

    /// <summary>
    /// Stores the content of an open regular file into the tools' details. <paramref name="stat"/> is what is known of the file, and then the stat to record: that of the moment
    /// the content is from, and always of its size.
    /// </summary>
    /// <exception cref="ReadFailedException">It cannot be read.</exception>
    internal Stillness Read(int file, int directory, ref EntryStat stat)
    {
        cutter.Discard(); // of the read before this one, should this one need no cutter
        using (SpoolFile? kept = run.Spool.Take(in stat))
        {
            if (kept is not null) { return FromCopy(kept, out stat); }
        }

        bool tells = StatTells(file, in stat);
        bool small = IsSmall(in stat);
        if (small && ReadInMemory(file, tells, ref stat) is { } stillness) { return stillness; }
        using (SpoolFile? clone = run.Spool.TryClone(file, directory))
        {
            if (clone is not null) { return FromCopy(clone, out stat); }
        }

        if (small && IsSmall(in stat)) { return TornFromMemory(file, ref stat); }
        return ReadCopy(file, tells, ref stat) ?? ReadTwice(file, tells, ref stat);
    }

    /// <summary>
    /// Whether any change from now on shows in the file's stat: nobody has it open for writing, or what was written through a mapping would have been written out by now.
    /// </summary>
    internal static bool StatTells(RunContext run, int file, in EntryStat stat) =>
        Lease.Probe(file) == WriterPresence.None || (stat.Ctime <= run.RecentAfter && FileSystemKind.WritesBack(file));

    /// <summary>What a copy as of <paramref name="moment"/> is worth, given the file now.</summary>
    internal static Stillness Judge(int file, in EntryStat moment, bool tells) =>
        tells && Posix.Stat(file, out EntryStat after) == 0 && FileReader.IsSame(in moment, in after) ? Stillness.Stable : Stillness.Moving;

    private bool StatTells(int file, in EntryStat stat) => StatTells(run, file, in stat);

    /// <summary>Sparse ones go another way, which keeps their holes.</summary>
    private static bool IsSmall(in EntryStat stat) => stat.Size <= FileReader.WholeLimit && stat.AllocatedBytes >= stat.Size;

    private Stillness? ReadInMemory(int file, bool tells, ref EntryStat stat)
    {
        for (int i = 0; i < TriesInMemory && IsSmall(in stat); i++)
        {
            byte[] buffer = Buffer(stat.Size);
            if (_copier.Copy(file, buffer, out int length, out stat) != Collected.Moment) { continue; }
            Stillness stillness = Judge(file, in stat, tells);
            Store(buffer.AsSpan(0, length));
            return stillness;
        }

        return null;
    }

    private Stillness TornFromMemory(int file, ref EntryStat stat)
    {
        byte[] buffer = Buffer(stat.Size);
        bool moment = _copier.Copy(file, buffer, out int length, out stat) == Collected.Moment;
        stat.Size = length;
        Store(buffer.AsSpan(0, length));
        return moment ? Stillness.Moving : Stillness.Torn;
    }

    private Stillness? ReadCopy(int file, bool tells, ref EntryStat stat)
    {
        using SpoolFile? copy = run.Spool.TryCreate(stat.AllocatedBytes);
        if (copy is null) { return null; }
        CopyToSpool(_copier, file, tells, copy, out bool hasRoom);
        return hasRoom ? FromCopy(copy, out stat) : null;
    }

    /// <summary>A plain copy, tried until it is that of one moment or has been tried often enough; false for <paramref name="hasRoom"/> if there is no room for it.</summary>
    internal static void CopyToSpool(MomentCopier copier, int file, bool tells, SpoolFile copy, out bool hasRoom)
    {
        int tries = 1;
        for (int i = 0; i < tries; i++)
        {
            hasRoom = copy.Clear();
            if (!hasRoom) { return; }
            Collected outcome = copier.Copy(file, copy, out copy.Moment);
            hasRoom = outcome != Collected.NoRoom;
            if (!hasRoom) { return; }
            copy.Stillness = outcome == Collected.Moment ? Judge(file, in copy.Moment, tells) : Stillness.Torn;
            copy.Moment.Size = copy.Length;
            if (outcome == Collected.Moment) { return; }
            tries = copy.Length > LargeSize ? TriesOfLarge : Tries;
        }

        hasRoom = true;
    }

    private Stillness FromCopy(SpoolFile copy, out EntryStat stat)
    {
        stat = copy.Moment;
        tools.Details.ClearContent();
        if (stat.Size == 0) { return copy.Stillness; }
        bool mayHaveHoles = Posix.Stat(copy.Fd, out EntryStat own) == 0 && own.AllocatedBytes < own.Size;
        if (stat.Size > FileReader.WholeLimit || mayHaveHoles)
        {
            if (!cutter.Cut(copy.Fd, stat.Size, mayHaveHoles)) { throw new ReadFailedException(Errno.EIO); }
            return copy.Stillness;
        }

        byte[] buffer = Buffer(stat.Size);
        if (ReadFailedException.ReadFully(copy.Fd, 0, buffer.AsSpan(0, (int)stat.Size), (int)stat.Size) != stat.Size) { throw new ReadFailedException(Errno.EIO); }
        Store(buffer.AsSpan(0, (int)stat.Size));
        return copy.Stillness;
    }

    /// <summary>
    /// Without a copy: cut, then cut again. Equal content gives equal chunks, so equal details; what was stored for nothing is referred to by nothing.
    /// </summary>
    private Stillness ReadTwice(int file, bool tells, ref EntryStat stat)
    {
        for (int i = 0; i < TriesOfLarge; i++)
        {
            Stat(file, out stat);
            bool whole = Cut(file, in stat);
            Stat(file, out EntryStat moment);
            byte[] first = tools.Details.Encode(in stat, 0, []).ToArray();
            if (!whole || moment.Size != stat.Size) { continue; }
            whole = Cut(file, in stat);
            Stillness stillness = Judge(file, in moment, tells);
            if (!whole || !first.AsSpan().SequenceEqual(tools.Details.Encode(in stat, 0, []))) { continue; }
            stat = moment;
            return stillness;
        }

        stat.Size = tools.Details.ContentLength;
        return Stillness.Torn;
    }

    private bool Cut(int file, in EntryStat stat)
    {
        tools.Details.ClearContent();
        cutter.Discard();
        return stat.Size == 0 || cutter.Cut(file, stat.Size, stat.AllocatedBytes < stat.Size);
    }

    private byte[] Buffer(long size) => tools.Buffer((int)Math.Min(FileReader.WholeLimit, size + (size >> 3) + 4096));

    private void Store(ReadOnlySpan<byte> content)
    {
        Interlocked.Add(ref run.Tally.BytesRead, content.Length);
        run.Tally.Monitor.AddRead(content.Length);
        tools.Details.ClearContent();
        WholeContent.Store(run, tools, content);
    }

    private static void Stat(int file, out EntryStat stat)
    {
        if (Posix.Stat(file, out stat) is not 0 and var errno) { throw new ReadFailedException(errno); }
    }
}
