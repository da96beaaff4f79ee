using Varve.Model;
using Varve.Platform;

namespace Varve.Backup;

/// <summary>
/// Reads the files of a batch and stores their chunks. One per worker thread.
/// <para>Invariant 7: a file is stored exactly as it stood at one moment, or flagged. Its stat after the last byte equals the one from before the first, which is the walk's:
/// that saves a system call for each file. Otherwise what was read is discarded, and <see cref="UnstableFileReader"/> takes over. Equal stats prove that only if a change would
/// have shown in them: not within one tick of the clock, not while a write call goes on that began before, not through a mapping. So a file that was changed lately has to be
/// proved still first (decision 0022); one that was not pays nothing for that.</para>
/// </summary>
internal sealed class FileReader(RunContext run, ThreadTools tools)
{
    /// <summary>Files up to this size are read in one go by one worker; longer ones are cut for all.</summary>
    internal const int WholeLimit = (1 << 20) - 1;

    private readonly TreeAssembler _assembler = new(run, tools);
    private readonly DeltaCutter _cutter = new(run, tools);
    private UnstableFileReader? _unstable;

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
        var stillness = Stillness.Stable;
        long found = 0;
        if (run.Links.Find(in stat) is { } linked) { details = linked; }
        else if (run.Intake is { } intake && !intake.Takes(in stat))
        {
            intake.Defer(run, node, i, k, changes);
            return;
        }
        else
        {
            _cutter.Next(node, i, k);
            Failure? failure;
            try { failure = Read(batch, i, ref stat, out details, out stillness); }
            catch (BudgetSpentException)
            {
                run.Intake!.Defer(run, node, i, k, changes);
                return;
            }
            finally
            {
                _cutter.Discard();
            }

            found = _cutter.Found;
            bool lost = failure is not null && stillness != Stillness.Torn;
            if (stillness == Stillness.Torn) { flags = EntryFlags.Torn; }
            if (lost && node.Parent is null) { throw SourceRoot.Failed(run.Source.Canonical, failure!.Errno); }
            if (failure is not null) { run.Tally.Fail(failure); }
            if (lost)
            {
                node.Omit(i);
                if (k >= 0) { changes.Remove(node.Known!, k, run.Running); }
                return;
            }
        }

        if (stillness != Stillness.Stable || run.Unstable.Contains(node.Id, node.Listing.Name(i))) { changes.Note(node.Listing, i, stillness); }
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
                Count(node, k, details, found);
                changes.Set(node.Listing, i, node.Known, k, run.Running);
            }
        }

        run.Tally.Monitor.AddFiles(1, stat.Size);
    }

    /// <summary>What is read again and has the content it had is no delta, however it was found out.</summary>
    private void Count(DirectoryNode node, int k, ReadOnlySpan<byte> details, long found)
    {
        if (k >= 0 && node.Known!.Stat(k).Kind == EntryKind.File && DetailsBuilder.SameContent(node.Known.Details(k), details))
        {
            Interlocked.Increment(ref run.Tally.MetadataOnly);
            return;
        }

        if (k < 0) { Interlocked.Increment(ref run.Tally.New); }
        else { Interlocked.Increment(ref run.Tally.Changed); }
        run.Tally.AddDelta(found);
    }

    /// <summary>Reads one file. A failure, unless it is torn, means that there is nothing to store.</summary>
    private Failure? Read(ReadBatch batch, int i, scoped ref EntryStat stat, out ReadOnlySpan<byte> details, out Stillness stillness)
    {
        details = default;
        stillness = Stillness.Stable;
        int errno = EntryReader.OpenFile(batch.Handle.Fd, batch.Node.NameOnDisk(i), out SafeFd file);
        if (errno != 0) { return Lost(batch, i, FailedOperation.Open, errno); }
        try
        {
            if (IsSuspect(batch, i, file.Value, in stat)) { return ReadUnstable(batch, i, file.Value, ref stat, out details, out stillness); }
            tools.Details.ClearContent();
            bool whole = ReadContent(file.Value, in stat);
            errno = EntryReader.ReadXattrs(file.Value, out Xattr[] xattrs);
            if (errno != 0) { return Lost(batch, i, FailedOperation.Metadata, errno); }
            if (Posix.Stat(file.Value, out EntryStat after) is not 0 and var statErrno) { return Lost(batch, i, FailedOperation.Stat, statErrno); }
            if (!whole || !IsSame(in stat, in after)) { return ReadUnstable(batch, i, file.Value, ref stat, out details, out stillness); }
            details = tools.Details.Encode(in stat, batch.Node.MountKeyOf(i), xattrs);
            _cutter.Keep();
            run.Links.Remember(in stat, details);
            return null;
        }
        catch (ReadFailedException e)
        {
            return Lost(batch, i, FailedOperation.Read, e.Errno);
        }
        finally
        {
            file.Close();
        }
    }

    private Failure? ReadUnstable(ReadBatch batch, int i, int file, scoped ref EntryStat stat, out ReadOnlySpan<byte> details, out Stillness stillness)
    {
        details = default;
        stillness = Stillness.Stable;
        if (Posix.Stat(file, out stat) is not 0 and var statErrno) { return Lost(batch, i, FailedOperation.Stat, statErrno); }
        byte[] Path() => batch.Node.Path(batch.Node.Listing.Name(i));
        if (stat.Kind != EntryKind.File) { return new Failure(Path(), FailedOperation.Changed, 0, "became something else while the backup ran"); }
        _unstable ??= new UnstableFileReader(run, tools, _cutter);
        stillness = _unstable.Read(file, batch.Handle.Fd, ref stat);
        int errno = EntryReader.ReadXattrs(file, out Xattr[] xattrs);
        details = tools.Details.Encode(in stat, batch.Node.MountKeyOf(i), xattrs);
        if (stillness == Stillness.Torn)
        {
            Interlocked.Increment(ref run.Tally.Torn);
            return new Failure(Path(), FailedOperation.Changed, 0, "changed each time it was read; stored with the flag 'torn'");
        }

        if (errno != 0) { return Lost(batch, i, FailedOperation.Metadata, errno); }
        _cutter.Keep();
        if (stillness == Stillness.Stable) { run.Links.Remember(in stat, details); }
        return null;
    }

    private static Failure Lost(ReadBatch batch, int i, FailedOperation operation, int error) =>
        new(batch.Node.Path(batch.Node.Listing.Name(i)), operation, error, ReadFailure.Of(error));

    /// <summary>
    /// Whether equal stats would prove nothing: the file was changed lately, and then not at least a tick ago with nobody having it open for writing now; or it is on the list.
    /// </summary>
    private bool IsSuspect(ReadBatch batch, int i, int file, in EntryStat stat) =>
        (stat.Ctime > run.RecentAfter && !(IsTickOver(in stat) && Lease.Probe(file) == WriterPresence.None))
        || run.IsListed(batch.Node, batch.Node.Listing.Name(i));

    private bool IsTickOver(in EntryStat stat)
    {
        long granularity = stat.Device == run.RootDevice ? run.Granularity : DirectoryVisitor.CoarseGranularity;
        return stat.Ctime < FileTime.From(run.Repository.Options.Time.GetUtcNow()).Minus(granularity);
    }

    internal static bool IsSame(in EntryStat a, in EntryStat b) =>
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
        WholeContent.Store(run, tools, buffer.AsSpan(0, read));
        return read == size;
    }
}
