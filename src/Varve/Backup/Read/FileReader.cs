using Varve.Backup.Content;
using Varve.Backup.Deltas;
using Varve.Backup.Packing;
using Varve.Backup.Run;
using Varve.Backup.Streams;
using Varve.Backup.Trees;
using Varve.Backup.Unstable;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

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
    UnmeasuredReader unmeasured, TimeProvider time)
{
    private readonly DetailsBuilder _details = new();
    private readonly Companions _companions = new(rules);

    /// <summary>
    /// Reads entry <paramref name="now"/> of a directory, which is open; <paramref name="known"/> is the row of what the catalog knows of
    /// it, or -1. What it returns is valid until the next call.
    /// </summary>
    /// <exception cref="BudgetSpentException">A chunk of it is not within the budget.</exception>
    internal FileRead Read(DirectoryNode node, int directory, int now, int known)
    {
        if (rules.Stream is { } stream) { return ReadStream(node, now, stream); }
        large.Next(node, now, known);
        int errno = EntryReader.OpenFile(directory, node.NameOnDisk(now), out SafeFd file);
        if (errno != 0) { return Lost(node, now, FailedOperation.Open, errno); }
        try
        {
            EntryStat stat = node.Listing.Stat(now);
            return IsSuspect(node, directory, now, known, file.Value, in stat) ? ReadUnstable(node, directory, now, file.Value)
                : Read(node, directory, now, file.Value, in stat);
        }
        catch (ReadFailedException e) { return Lost(node, now, FailedOperation.Read, e.Errno, e.What); }
        finally
        {
            large.Discard();
            file.Close();
        }
    }

    private FileRead Read(DirectoryNode node, int directory, int now, int file, scoped in EntryStat stat)
    {
        FileContent content = ReadContent(file, in stat);
        EntryReader.ReadXattrs(file, out Xattr[] xattrs, out UnreadXattrs unread);
        if (Posix.Stat(file, out EntryStat after) is not 0 and var failed) { return Lost(node, now, FailedOperation.Stat, failed); }
        if (!content.IsWhole || !EntryEquality.HeldStill(in stat, in after)) { return ReadUnstable(node, directory, now, file); }
        large.Keep();
        ReadOnlySpan<byte> details = _details.Encode(in stat, node.MountKeyOf(now), xattrs, content.Extents);
        return new FileRead(in stat, details, Complete(node, now, in unread, Stability.Stable)) { Found = large.Found };
    }

    /// <summary>The content is a program's: of the file there is only what it is called, and whose it is.</summary>
    private FileRead ReadStream(DirectoryNode node, int now, ContentStream stream)
    {
        EntryStat stat = node.Listing.Stat(now);
        stat.Mtime = stat.Ctime = FileTime.From(time.GetUtcNow());
        FileContent content = large.Cut(stream.Take(), out stat.Size);
        stream.Complete();
        stat.AllocatedBytes = stat.Size;
        return new FileRead(in stat, _details.Encode(in stat, node.MountKeyOf(now), [], content.Extents), Stability.Stable);
    }

    /// <summary>What a file is worth of which all was read but some attributes, perhaps: these are a failure of their own.</summary>
    private Stability Complete(DirectoryNode node, int now, in UnreadXattrs unread, Stability stability)
    {
        if (unread.Errno == 0) { return stability; }
        tally.FailSaved(ReadFailure.Xattrs(node, now, in unread));
        return stability == Stability.Stable ? Stability.Incomplete : stability;
    }

    private FileRead ReadUnstable(DirectoryNode node, int directory, int now, int file)
    {
        if (Posix.Stat(file, out EntryStat stat) is not 0 and var failed) { return Lost(node, now, FailedOperation.Stat, failed); }
        if (stat.Kind != EntryKind.File) { return Other(node, now); }
        UnstableContent content = UnmeasuredReader.GoesOn(file, in stat) ? unmeasured.Read(file, stat)
            : unstable.Read(file, directory, stat, _companions.Of(directory, node.NameOnDisk(now), node));
        return Record(node, now, file, in content);
    }

    /// <summary>
    /// Stores the content of a file of which there is a copy, or that is read where it is if there is none. The result is valid until the
    /// next call. The copy stays the caller's.
    /// </summary>
    /// <exception cref="BudgetSpentException">A chunk of it is not within the budget.</exception>
    internal FileRead Store(DirectoryNode node, int now, int known, int file, SpoolFile? copy, Companions companions, in EntryStat stat)
    {
        large.Next(node, now, known);
        try
        {
            bool tells = StabilityProof.StatTells(file, in stat, rules.RecentAfter);
            return Record(node, now, file, copy is null ? unstable.ReadTwice(file, tells, companions, stat) : unstable.FromCopy(copy));
        }
        catch (ReadFailedException e) { return Lost(node, now, FailedOperation.Read, e.Errno, e.What); }
        finally { large.Discard(); }
    }

    private FileRead Record(DirectoryNode node, int now, int file, scoped in UnstableContent content)
    {
        EntryStat stat = content.Stat;
        EntryReader.ReadXattrs(file, out Xattr[] xattrs, out UnreadXattrs unread);
        Stability stability = Complete(node, now, in unread, content.Stability);
        ReadOnlySpan<byte> details = _details.Encode(in stat, node.MountKeyOf(now), xattrs, content.Extents);
        if (stability == Stability.Torn) { return new FileRead(in stat, details, Stability.Torn, ReadFailure.Torn(node, now)); }

        large.Keep();
        return new FileRead(in stat, details, stability) { Found = large.Found };
    }

    internal static FileRead Lost(DirectoryNode node, int now, FailedOperation operation, int errno, string? what = null) =>
        new(new Failure(node.Path(node.Listing.Name(now)), operation, errno, what ?? ReadFailure.Of(errno)));

    internal static FileRead Other(DirectoryNode node, int now) => new(
        new Failure(node.Path(node.Listing.Name(now)), FailedOperation.Changed, 0, "became something else while the backup ran"));

    /// <summary>
    /// Whether equal stats would prove nothing: the file was changed lately, and then not at least a tick ago with nobody having it open
    /// for writing now; or it is on the list, or flagged. Or, if it was changed while the run goes on, what it belongs together with came
    /// up since its directory was listed.
    /// </summary>
    internal bool IsSuspect(DirectoryNode node, int directory, int now, int known, int file, in EntryStat stat) =>
        (stat.Ctime > rules.RecentAfter
        && (!(rules.IsTickOver(in stat, FileTime.From(time.GetUtcNow())) && Lease.Probe(file) == WriterPresence.None)
        || (stat.Ctime > rules.Started && _companions.Of(directory, node.NameOnDisk(now), node).Exist())))
        || rules.IsDistrusted(node, node.Listing.Name(now), known);

    /// <summary>Stores the content; not whole if it was not as long as its stat said.</summary>
    private FileContent ReadContent(int file, scoped in EntryStat stat)
    {
        // What follows where nothing should is asked for each time: some file systems tell no length, and say 0 or anything.
        if (stat.Size == 0) { return new FileContent(null, IsWhole: !FileBytes.GoesOn(file, 0)); }
        bool mayHaveHoles = stat.AllocatedBytes < stat.Size;
        if (stat.Size > SmallFileCutter.MostBytes || mayHaveHoles)
        {
            FileContent content = large.Cut(file, stat.Size, mayHaveHoles);
            return content with { IsWhole = content.IsWhole && !FileBytes.GoesOn(file, stat.Size) };
        }

        int size = (int)stat.Size;
        byte[] buffer = small.Buffer(size + 1);
        int read = FileBytes.Read(file, 0, buffer.AsSpan(0, size + 1), enough: size);
        tally.CountRead(read);
        return new FileContent(small.Cut(buffer.AsSpan(0, read)), IsWhole: read == size);
    }
}
