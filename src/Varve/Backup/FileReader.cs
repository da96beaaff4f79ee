using Varve.Model;
using Varve.Platform;

namespace Varve.Backup;

/// <summary>
/// Reads the files of a batch and stores their chunks. One per worker thread.
/// <para>Invariant 7: a file is stored exactly as it stood at one moment, or flagged. Its stat after the last byte equals the one from before the first (for the
/// first try that is the walk's, which saves a system call for each file); otherwise what was read is discarded and it is tried again, and if it never
/// holds still it is stored with the torn flag and reported. Equal stats prove that only if a change would have got another timestamp: a file that was changed
/// within the last tick is let settle for the rest of it first. (What no stat can tell: a single write call that goes on for longer than a tick, because the time is
/// taken when it begins.)</para>
/// </summary>
internal sealed class FileReader(RunContext run, ThreadTools tools)
{
    /// <summary>Files up to this size are read in one go by one worker; longer ones are cut for all.</summary>
    internal const int WholeLimit = (1 << 20) - 1;

    private const int Tries = 4;
    private const int TriesOfLarge = 2;
    private const long LargeSize = 64 << 20;

    private readonly TreeAssembler _assembler = new(run, tools);
    private readonly DeltaCutter _cutter = new(run, tools);

    /// <summary>Reads a batch, tells the committer, and counts it off its directory.</summary>
    internal void Process(ReadBatch batch)
    {
        CatalogChanges changes = run.RentChanges(batch.Node);
        try
        {
            foreach ((int now, int known) in batch.Items) { Process(batch, now, known, changes); }
        }
        finally
        {
            batch.Handle.Release();
        }

        run.Commit(changes);
        DirectoryNode node = batch.Node;
        run.Return(batch);
        _assembler.PartDone(node);
    }

    private void Process(ReadBatch batch, int i, int k, CatalogChanges changes)
    {
        DirectoryNode node = batch.Node;
        EntryStat stat = node.Listing.Stat(i);
        ReadOnlySpan<byte> details;
        var flags = EntryFlags.None;
        if (run.Links.Find(in stat) is { } linked) { details = linked; }
        else
        {
            _cutter.Next(node, i, k);
            Failure? failure = Read(batch, i, ref stat, out details, out flags);
            _cutter.Discard();
            bool lost = failure is not null && flags == EntryFlags.None;
            if (lost && node.Parent is null) { throw SourceRoot.Failed(run.Source.Canonical, failure!.Errno); }
            if (failure is not null) { run.Tally.Fail(failure); }
            if (lost)
            {
                node.Omit(i);
                if (k >= 0) { changes.Remove(node.Known!, k, run.Running); }
                return;
            }
        }

        lock (node)
        {
            node.Listing.Stat(i) = stat;
            node.Listing.Flags(i) = flags;
            node.Listing.SetDetails(i, details);
            if (k >= 0 && EntryEquality.Same(node.Listing, i, node.Known!, k))
            {
                Interlocked.Increment(ref run.Tally.Unchanged);
                changes.Keep(node.Known!, k, run.Running);
            }
            else
            {
                Count(node, k, details);
                changes.Set(node.Listing, i, node.Known, k, run.Running);
            }
        }

        run.Tally.Monitor.AddFiles(1, stat.Size);
    }

    private void Count(DirectoryNode node, int k, ReadOnlySpan<byte> details)
    {
        if (k < 0) { Interlocked.Increment(ref run.Tally.New); }
        else if (node.Known!.Stat(k).Kind != EntryKind.File || !DetailsBuilder.SameContent(node.Known.Details(k), details)) { Interlocked.Increment(ref run.Tally.Changed); }
        else { Interlocked.Increment(ref run.Tally.MetadataOnly); }
    }

    /// <summary>
    /// Reads one file until it holds still. A failure without the torn flag means that there is nothing to store.
    /// </summary>
    private Failure? Read(ReadBatch batch, int i, scoped ref EntryStat stat, out ReadOnlySpan<byte> details, out EntryFlags flags)
    {
        ReadOnlySpan<byte> name = batch.Node.Listing.Name(i);
        details = default;
        flags = EntryFlags.None;
        int errno = EntryReader.OpenFile(batch.Handle.Fd, name, out SafeFd file);
        if (errno != 0) { return Lost(FailedOperation.Open, errno); }
        try
        {
            int tries = stat.Size > LargeSize ? TriesOfLarge : Tries;
            for (int attempt = 0; attempt < tries; attempt++)
            {
                if (attempt > 0 && Posix.Stat(file.Value, out stat) != 0) { return Lost(FailedOperation.Stat, Posix.LastError); }
                if (stat.Kind != EntryKind.File) { break; }
                Settle(in stat);
                tools.Details.ClearContent();
                bool whole = ReadContent(file.Value, in stat);
                errno = EntryReader.ReadXattrs(file.Value, out Xattr[] xattrs);
                if (errno != 0) { return Lost(FailedOperation.Metadata, errno); }
                if (Posix.Stat(file.Value, out EntryStat after) != 0) { return Lost(FailedOperation.Stat, Posix.LastError); }
                bool stable = whole && IsSame(in stat, in after);
                if (!stable && attempt + 1 == tries)
                {
                    // Its size must be that of its content, or nobody could restore it.
                    stat.Size = tools.Details.ContentLength;
                    flags = EntryFlags.Torn;
                }

                details = tools.Details.Encode(in stat, batch.Node.MountKey, xattrs);
                if (!stable) { continue; }
                _cutter.Keep();
                run.Links.Remember(in stat, details);
                return null;
            }
        }
        catch (ReadFailedException e)
        {
            return Lost(FailedOperation.Read, e.Errno);
        }
        finally
        {
            file.Close();
        }

        string message = flags == EntryFlags.Torn ? "changed each time it was read; stored with the flag 'torn'" : "became something else while the backup ran";
        return new Failure(batch.Node.Path(name), FailedOperation.Changed, 0, message);

        Failure Lost(FailedOperation operation, int error) =>
            new(batch.Node.Path(batch.Node.Listing.Name(i)), operation, error, ReadFailure.Of(error));
    }

    /// <summary>
    /// Waits until the clock is past the tick of the file's last change. That is a moment, and one for all files that were changed before it ended. A change time in the
    /// future says nothing and is not waited for.
    /// </summary>
    private void Settle(in EntryStat stat)
    {
        long granularity = stat.Device == run.RootDevice ? run.Granularity : DirectoryVisitor.CoarseGranularity;
        FileTime now = FileTime.From(run.Repository.Options.Time.GetUtcNow());
        FileTime settled = now.Minus(granularity);
        if (stat.Ctime <= settled || stat.Ctime > now) { return; }
        long rest = ((stat.Ctime.Seconds - settled.Seconds) * 1_000_000_000) + stat.Ctime.Nanoseconds - settled.Nanoseconds;
        Thread.Sleep((int)Math.Min(rest / 1_000_000, 2_000) + 1);
    }

    private static bool IsSame(in EntryStat a, in EntryStat b) =>
        a.Kind == b.Kind && a.Size == b.Size && a.Mtime == b.Mtime && a.Ctime == b.Ctime && a.Inode == b.Inode && a.Device == b.Device;

    /// <summary>Stores the content; false if it was not as long as its stat said.</summary>
    private bool ReadContent(int fd, in EntryStat stat)
    {
        if (stat.Size == 0) { return true; }
        bool mayHaveHoles = stat.AllocatedBytes < stat.Size;
        if (stat.Size > WholeLimit || mayHaveHoles) { return _cutter.Cut(fd, stat.Size, mayHaveHoles); }
        int size = (int)stat.Size;
        byte[] buffer = tools.Buffer(size + 1);
        int read = ReadFailedException.ReadFully(fd, 0, buffer.AsSpan(0, size + 1), enough: size);
        Interlocked.Add(ref run.Tally.BytesRead, read);
        run.Tally.Monitor.AddRead(read);
        for (int at = 0; at < read;)
        {
            int length = run.Repository.Chunker.FindBoundary(buffer.AsSpan(at, read - at), isEnd: true);
            tools.Details.Add(new Extent(tools.Sink.StoreData(buffer.AsSpan(at, length)), 0, length));
            at += length;
        }

        return read == size;
    }
}
