using Varve.Backup.Content;
using Varve.Backup.Deltas;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Model;
using Varve.Platform;
using Varve.Tree.Details;

namespace Varve.Backup.Unstable;

/// <summary>
/// Reads what changed while it was read, what was changed too recently for its stat to prove anything, and what is on the list of unstable
/// files. In this order: from the copy that was made before the walk; into memory, if it is small; from a clone; from a plain copy in the
/// spool; where there is no room for that, twice from the file itself. Whatever cannot be had as of one moment after a bounded number of
/// tries is stored as it came, and said to be torn. One per worker thread.
/// <para>Chunks that were stored of a try that failed are referred to by nothing.</para>
/// </summary>
internal sealed class UnstableFileReader(
    RunRules rules, RunTally tally, Spool spool, LoneCloner cloner, SmallFileCutter small, DeltaCutter large,
    Action proceed)
{
    private const int TriesInMemory = 8, TriesOfLarge = 2;

    private readonly MomentCopier _copier = new(proceed);
    private readonly DetailsBuilder _details = new();

    /// <summary>
    /// Stores the content of an open regular file, of which <paramref name="stat"/> is known; <paramref name="directory"/> is the one it is
    /// in. While one of its <paramref name="companions"/> is there it counts as changing.
    /// </summary>
    /// <exception cref="ReadFailedException">It cannot be read.</exception>
    internal UnstableContent Read(int file, int directory, EntryStat stat, Companions companions)
    {
        large.Discard(); // of the read before this one, should this one need no cutter
        using (SpoolFile? kept = spool.Take(in stat))
        {
            if (kept is not null) { return FromCopy(kept); }
        }

        bool tells = StabilityProof.StatTells(file, in stat, rules.RecentAfter);
        bool isSmall = IsSmall(in stat);
        if (isSmall && ReadInMemory(file, tells, companions, ref stat) is { } content) { return content; }
        using (SpoolFile? clone = cloner.TryClone(file, directory, companions))
        {
            if (clone is not null) { return FromCopy(clone); }
        }

        if (isSmall && IsSmall(in stat)) { return TornFromMemory(file, companions, stat); }
        return ReadCopy(file, tells, companions, in stat) ?? ReadTwice(file, tells, companions, stat);
    }

    /// <summary>Sparse ones go another way, which keeps their holes.</summary>
    private static bool IsSmall(in EntryStat stat) => stat.Size <= SmallFileCutter.MostBytes && stat.AllocatedBytes >= stat.Size;

    private UnstableContent? ReadInMemory(int file, bool tells, Companions companions, ref EntryStat stat)
    {
        for (int i = 0; i < TriesInMemory && IsSmall(in stat); i++)
        {
            byte[] buffer = Buffer(stat.Size);
            CopyOutcome outcome = _copier.Copy(file, buffer, companions, out int length, out stat);
            if (outcome == CopyOutcome.NotAlone) { Pause.After(i); }
            if (outcome != CopyOutcome.Moment) { continue; }
            Stability stability = StabilityProof.Of(file, in stat, tells);
            return new UnstableContent(Store(buffer.AsSpan(0, length)), stability, stat);
        }

        return null;
    }

    private UnstableContent TornFromMemory(int file, Companions companions, EntryStat stat)
    {
        byte[] buffer = Buffer(stat.Size);
        bool moment = _copier.Copy(file, buffer, companions, out int length, out stat) == CopyOutcome.Moment;
        stat.Size = length;
        return new UnstableContent(Store(buffer.AsSpan(0, length)), moment ? Stability.Moving : Stability.Torn, stat);
    }

    private UnstableContent? ReadCopy(int file, bool tells, Companions companions, in EntryStat stat)
    {
        using SpoolFile? copy = spool.TryCreate(stat.AllocatedBytes);
        if (copy is null) { return null; }
        _copier.Copy(file, tells, copy, companions, out bool hasRoom);
        return hasRoom ? FromCopy(copy) : null;
    }

    /// <summary>Stores a copy, which stays the caller's.</summary>
    /// <exception cref="ReadFailedException">It cannot be read.</exception>
    internal UnstableContent FromCopy(SpoolFile copy)
    {
        long size = copy.Moment.Size;
        if (size == 0) { return new UnstableContent(null, copy.Stability, copy.Moment); }
        bool mayHaveHoles = Posix.Stat(copy.Fd, out EntryStat own) == 0 && own.AllocatedBytes < own.Size;
        if (size > SmallFileCutter.MostBytes || mayHaveHoles)
        {
            FileContent content = large.Cut(copy.Fd, size, mayHaveHoles);
            if (!content.IsWhole) { throw new ReadFailedException(Errno.EIO); }
            return new UnstableContent(content.Extents, copy.Stability, copy.Moment);
        }

        Span<byte> bytes = Buffer(size).AsSpan(0, (int)size);
        if (FileBytes.Read(copy.Fd, 0, bytes, bytes.Length) != size) { throw new ReadFailedException(Errno.EIO); }
        return new UnstableContent(Store(bytes), copy.Stability, copy.Moment);
    }

    /// <summary>
    /// Without a copy: cut, then cut again. Equal content gives equal chunks, so equal details; what was stored for nothing is referred to
    /// by nothing.
    /// </summary>
    /// <exception cref="ReadFailedException">It cannot be read.</exception>
    internal UnstableContent ReadTwice(int file, bool tells, Companions companions, EntryStat stat)
    {
        FileContent content = default;
        for (int i = 0; i < TriesOfLarge; i++)
        {
            FileBytes.Stat(file, out stat);
            content = Cut(file, in stat);
            FileBytes.Stat(file, out EntryStat moment);
            byte[] first = _details.Encode(in stat, 0, [], content.Extents).ToArray();
            if (!content.IsWhole || moment.Size != stat.Size || companions.Exist()) { continue; }
            content = Cut(file, in stat);
            Stability stability = StabilityProof.Of(file, in moment, tells);
            if (!content.IsWhole || !first.AsSpan().SequenceEqual(_details.Encode(in stat, 0, [], content.Extents))) { continue; }
            return new UnstableContent(content.Extents, stability, moment);
        }

        stat.Size = content.Extents?.Length ?? 0;
        return new UnstableContent(content.Extents, Stability.Torn, stat);
    }

    private FileContent Cut(int file, in EntryStat stat)
    {
        large.Discard();
        return stat.Size == 0 ? new FileContent(null, IsWhole: true) : large.Cut(file, stat.Size, stat.AllocatedBytes < stat.Size);
    }

    private byte[] Buffer(long size) => small.Buffer((int)Math.Min(SmallFileCutter.MostBytes, size + (size >> 3) + 4096));

    private ExtentListWriter? Store(ReadOnlySpan<byte> content)
    {
        tally.CountRead(content.Length);
        return small.Cut(content);
    }
}
