using Varve.Backup.Content;
using Varve.Backup.Deltas;
using Varve.Backup.Packing;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Backup.Unstable;
using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Read;

/// <summary>
/// Reads one file after the other and stores their chunks. One per worker thread.
/// <para>Invariant 7: a file is stored exactly as it stood at one moment, or flagged. Its stat after the last byte equals the one from
/// before the first, which is the walk's: that saves a system call for each file. Otherwise what was read is discarded, and
/// <see cref="UnstableFileReader"/> takes over. Equal stats prove that only if a change would have shown in them: not within one tick of
/// the clock, not while a write call goes on that began before, not through a mapping. So a file that was changed lately has to be proved
/// still first (decision 0022); one that was not pays nothing for that.</para>
/// </summary>
internal sealed class FileReader(RunRules rules, RunTally tally, SmallFileCutter small, DeltaCutter large, UnstableFileReader unstable,
    TimeProvider time)
{
    private readonly DetailsBuilder _details = new();

    /// <summary>
    /// Reads entry <paramref name="now"/> of a directory, which is open; <paramref name="known"/> is the row of what the catalog knows of
    /// it, or -1. What it returns is valid until the next call.
    /// </summary>
    /// <exception cref="BudgetSpentException">A chunk of it is not within the budget.</exception>
    internal FileRead Read(DirectoryNode node, int directory, int now, int known)
    {
        large.Next(node, now, known);
        int errno = EntryReader.OpenFile(directory, node.NameOnDisk(now), out SafeFd file);
        if (errno != 0) { return Lost(node, now, FailedOperation.Open, errno); }
        try
        {
            EntryStat stat = node.Listing.Stat(now);
            return IsSuspect(node, now, file.Value, in stat) ? ReadUnstable(node, directory, now, file.Value)
                : Read(node, directory, now, file.Value, in stat);
        }
        catch (ReadFailedException e) { return Lost(node, now, FailedOperation.Read, e.Errno); }
        finally
        {
            large.Discard();
            file.Close();
        }
    }

    private FileRead Read(DirectoryNode node, int directory, int now, int file, scoped in EntryStat stat)
    {
        FileContent content = ReadContent(file, in stat);
        int errno = EntryReader.ReadXattrs(file, out Xattr[] xattrs);
        if (errno != 0) { return Lost(node, now, FailedOperation.Metadata, errno); }
        if (Posix.Stat(file, out EntryStat after) is not 0 and var failed) { return Lost(node, now, FailedOperation.Stat, failed); }
        if (!content.IsWhole || !EntryEquality.HeldStill(in stat, in after)) { return ReadUnstable(node, directory, now, file); }
        large.Keep();
        return new FileRead(in stat, _details.Encode(in stat, node.MountKeyOf(now), xattrs, content.Extents)) { Found = large.Found };
    }

    private FileRead ReadUnstable(DirectoryNode node, int directory, int now, int file)
    {
        if (Posix.Stat(file, out EntryStat stat) is not 0 and var failed) { return Lost(node, now, FailedOperation.Stat, failed); }
        if (stat.Kind != EntryKind.File)
        {
            return new FileRead(
                new Failure(node.Path(node.Listing.Name(now)), FailedOperation.Changed, 0, "became something else while the backup ran"));
        }

        UnstableContent content = unstable.Read(file, directory, stat);
        stat = content.Stat;
        int errno = EntryReader.ReadXattrs(file, out Xattr[] xattrs);
        ReadOnlySpan<byte> details = _details.Encode(in stat, node.MountKeyOf(now), xattrs, content.Extents);
        if (content.Stability == Stability.Torn)
        {
            Interlocked.Increment(ref tally.Torn);
            return new FileRead(in stat, details, Stability.Torn, ReadFailure.Torn(node, now));
        }

        if (errno != 0) { return Lost(node, now, FailedOperation.Metadata, errno); }
        large.Keep();
        return new FileRead(in stat, details, content.Stability) { Found = large.Found };
    }

    private static FileRead Lost(DirectoryNode node, int now, FailedOperation operation, int errno) =>
        new(new Failure(node.Path(node.Listing.Name(now)), operation, errno, ReadFailure.Of(errno)));

    /// <summary>
    /// Whether equal stats would prove nothing: the file was changed lately, and then not at least a tick ago with nobody having it open
    /// for writing now; or it is on the list.
    /// </summary>
    private bool IsSuspect(DirectoryNode node, int now, int file, in EntryStat stat) =>
        (stat.Ctime > rules.RecentAfter
        && !(rules.IsTickOver(in stat, FileTime.From(time.GetUtcNow())) && Lease.Probe(file) == WriterPresence.None))
        || rules.IsListed(node, node.Listing.Name(now));

    /// <summary>Stores the content; not whole if it was not as long as its stat said.</summary>
    private FileContent ReadContent(int file, scoped in EntryStat stat)
    {
        if (stat.Size == 0) { return new FileContent(null, IsWhole: true); }
        bool mayHaveHoles = stat.AllocatedBytes < stat.Size;
        if (stat.Size > SmallFileCutter.MostBytes || mayHaveHoles) { return large.Cut(file, stat.Size, mayHaveHoles); }
        int size = (int)stat.Size;
        byte[] buffer = small.Buffer(size + 1);
        int read = FileBytes.Read(file, 0, buffer.AsSpan(0, size + 1), enough: size);
        tally.CountRead(read);
        return new FileContent(small.Cut(buffer.AsSpan(0, read)), IsWhole: read == size);
    }
}
