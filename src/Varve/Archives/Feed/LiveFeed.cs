using Varve.Archives.Sources;
using Varve.Backup.Content;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Archives.Feed;

/// <summary>
/// Goes through a live tree as it was listed and makes the jobs: of each directory first itself, then all in it that is no directory, by
/// name, then the directories in it. So the order depends on nothing but names. Directories are opened in their open parents, and must be
/// those that were listed. One thread.
/// </summary>
internal sealed class LiveFeed(ArchiveTree tree, FeedRules rules, ExactReader reader, Action<ArchiveJob, long> put, Action<Failure> skipped)
{
    private readonly OwnerNames _names = new();
    private readonly Dictionary<(ulong, ulong), byte[]> _links = [];

    /// <summary>Makes all jobs.</summary>
    internal void Run(CancellationToken cancelled)
    {
        foreach (ArchiveRoot root in tree.Roots)
        {
            if (root.Node is { } node) { Run(root, node, cancelled); }
            else
            {
                byte[] real = root.Path[(root.Path.AsSpan().LastIndexOf((byte)'/') + 1)..];
                Put(root, root.Handle!, real, real, root.Name, in root.Stat);
            }
        }
    }

    private void Run(ArchiveRoot root, ArchiveNode top, CancellationToken cancelled)
    {
        var open = new OpenDirectories(root.Handle!, new HandleBudget(DescriptorShare.Directories(quarters: 1, most: 512)));
        top.Place = new WalkDirectory(null, []);
        var waiting = new Stack<(ArchiveNode Node, ArchiveNode? Parent, int Index)>();
        waiting.Push((top, null, 0));
        try
        {
            while (waiting.TryPop(out (ArchiveNode Node, ArchiveNode? Parent, int Index) next))
            {
                cancelled.ThrowIfCancellationRequested();
                (ArchiveNode node, ArchiveNode? parent, int index) = next;
                EntryStat stat = parent is null ? root.Stat : parent.Listing.Stat(index);
                if (parent is not null) { node.Place = new WalkDirectory(parent.Place, node.Name); }
                DirectoryHandle? handle = open.Open(node.Place!, out int errno);
                if (handle is not null && (handle.Stat.Inode != stat.Inode || handle.Stat.Device != stat.Device))
                {
                    handle.Release();
                    (handle, errno) = (null, Errno.ESTALE);
                }

                if (node.Name.Length > 0 || parent is not null || rules.HasAttributes) { PutDirectory(root, node, in stat, handle); }
                if (handle is null)
                {
                    if (!node.IsUnlisted) { Fail(root, node.RelativePath([]), FailedOperation.Open, errno); }
                    continue;
                }

                try { PutEntries(root, node, handle); }
                finally
                {
                    if (node.Children.Count > 0) { open.Keep(node.Place!, handle, node.Children.Count); }
                    handle.Release();
                }

                for (int i = node.Children.Count - 1; i >= 0; i--) { waiting.Push((node.Children[i].Node, node, node.Children[i].Index)); }
            }
        }
        finally { open.CloseAll(); }
    }

    private void PutDirectory(ArchiveRoot root, ArchiveNode node, in EntryStat stat, DirectoryHandle? handle)
    {
        byte[] path = node.ArchivePath([], slash: true);
        var entry = new ArchiveEntry
        {
            Root = root, Below = node.RelativePath([]), Path = path.Length == 0 ? "./"u8.ToArray() : path, Stat = stat,
        };
        var job = new ArchiveJob(JobKind.Whole, entry);
        Describe(entry);
        if (rules.HasAttributes && handle is not null)
        {
            EntryReader.ReadXattrs(handle.Fd, out Xattr[] xattrs, out UnreadXattrs unread);
            entry.Xattrs = xattrs;
            job.Lost = LostOf(entry, in unread);
        }

        put(job, FeedRules.JobWeight);
    }

    private void PutEntries(ArchiveRoot root, ArchiveNode node, DirectoryHandle handle)
    {
        int next = 0;
        for (int i = 0; i < node.Listing.Count; i++)
        {
            ref EntryStat stat = ref node.Listing.Stat(i);
            if (stat.Kind == EntryKind.Directory)
            {
                if (next < node.Children.Count && node.Children[next].Index == i) { next++; }
                else { PutEmpty(root, node, i, in stat); } // it is on another file system
                continue;
            }

            ReadOnlySpan<byte> name = node.Listing.Name(i);
            Put(root, handle, name.ToArray(), node.RelativePath(name), node.ArchivePath(name, slash: false), in stat);
        }
    }

    private void PutEmpty(ArchiveRoot root, ArchiveNode node, int i, in EntryStat stat)
    {
        ReadOnlySpan<byte> name = node.Listing.Name(i);
        var entry = new ArchiveEntry
        {
            Root = root, Below = node.RelativePath(name), Path = node.ArchivePath(name, slash: true), Stat = stat,
        };
        Describe(entry);
        put(new ArchiveJob(JobKind.Whole, entry), FeedRules.JobWeight);
    }

    private void Put(ArchiveRoot root, DirectoryHandle handle, byte[] name, byte[] below, byte[] path, in EntryStat stat)
    {
        (ulong, ulong) key = stat.Links > 1 && rules.HasLinks ? (stat.Device, stat.Inode) : default;
        bool isRoot = root.Node is null;
        var entry = new ArchiveEntry { Root = root, Below = isRoot ? [] : below, Path = path, Stat = stat, LinkKey = key };
        bool isHeld = stat.Kind == EntryKind.Socket || (!rules.HasSpecial && stat.Kind is not (EntryKind.File or EntryKind.Symlink));
        if (isHeld)
        {
            skipped(new Failure(ArchiveTree.PathIn(root, entry.Below), FailedOperation.Write, 0, "such an archive cannot hold a "
                + (stat.Kind == EntryKind.Socket ? "socket" : stat.Kind == EntryKind.Fifo ? "fifo" : "device")));
            return;
        }

        Describe(entry);
        if (key != default && !rules.RepeatsLinks && !_links.TryAdd(key, path)) { entry.LinkTo = _links[key]; }
        if (entry.LinkTo is not null) { put(new ArchiveJob(JobKind.Whole, entry), FeedRules.JobWeight); }
        else if (stat.Kind == EntryKind.File) { PutFile(entry, handle, name, in stat); }
        else { PutOther(entry, handle, name, in stat); }
    }

    private void PutOther(ArchiveEntry entry, DirectoryHandle handle, byte[] name, in EntryStat stat)
    {
        var job = new ArchiveJob(JobKind.Whole, entry);
        if (stat.Kind == EntryKind.Symlink)
        {
            int errno = EntryReader.ReadLink(handle.Fd, name, out byte[]? target);
            if (errno != 0) { job.Failure = Failure(entry, FailedOperation.Read, errno); }
            else { entry.Target = target!; }
        }

        if (rules.HasAttributes)
        {
            EntryReader.ReadXattrsAt(handle.Fd, name, out Xattr[] xattrs, out UnreadXattrs unread);
            entry.Xattrs = xattrs;
            job.Lost = LostOf(entry, in unread);
        }

        put(job, FeedRules.JobWeight);
    }

    private void PutFile(ArchiveEntry entry, DirectoryHandle handle, byte[] name, in EntryStat stat)
    {
        bool hasHoles = rules.HasHoles && stat.AllocatedBytes < stat.Size;
        if (stat.Size <= FeedRules.MostSmall && !hasHoles)
        {
            handle.AddRef();
            put(new ArchiveJob(JobKind.Whole, entry) { Directory = handle, Key = name, Reads = true },
                FeedRules.JobWeight + (2 * stat.Size));
            return;
        }

        int errno = EntryReader.OpenFile(handle.Fd, name, out SafeFd file);
        EntryStat now = stat;
        if (errno == 0) { errno = Posix.Stat(file.Value, out now); }
        if (errno == 0 && now.Kind != EntryKind.File) { errno = Errno.ESTALE; }
        if (errno != 0)
        {
            file.Close();
            put(new ArchiveJob(JobKind.Whole, entry) { Failure = Failure(entry, FailedOperation.Open, errno) }, FeedRules.JobWeight);
            return;
        }

        LargeContent large;
        bool isTorn;
        try { large = reader.OpenLarge(file, handle.Fd, ref now, out isTorn); }
        catch (ReadFailedException e)
        {
            put(new ArchiveJob(JobKind.Whole, entry) { Failure = Failure(entry, FailedOperation.Read, e.Errno) }, FeedRules.JobWeight);
            return;
        }

        entry.Stat = now;
        entry.IsTorn = isTorn;
        var begin = new ArchiveJob(JobKind.Begin, entry) { Large = large };
        if (rules.HasAttributes)
        {
            EntryReader.ReadXattrs(file.Value, out Xattr[] xattrs, out UnreadXattrs unread);
            entry.Xattrs = xattrs;
            begin.Lost = LostOf(entry, in unread);
        }

        if (hasHoles) { entry.Segments = ExactReader.Segments(large.Fd, now.Size); }
        put(begin, FeedRules.JobWeight);
        PutPieces(entry, large);
        put(new ArchiveJob(JobKind.End, entry) { Large = large }, FeedRules.JobWeight);
    }

    private void PutPieces(ArchiveEntry entry, LargeContent large)
    {
        long left = entry.ContentLength;
        foreach ((long offset, long length) in entry.Segments ?? [(0, entry.Stat.Size)])
        {
            for (long done = 0; done < length;)
            {
                int piece = (int)Math.Min(FeedRules.MostSmall, length - done);
                left -= piece;
                put(new ArchiveJob(JobKind.Piece, entry)
                {
                    Large = large, Offset = offset + done, RawLength = piece, IsLast = left == 0, Reads = true,
                }, FeedRules.JobWeight + (2 * piece));
                done += piece;
            }
        }
    }

    private void Describe(ArchiveEntry entry)
    {
        if (rules.HasAttributes) { entry.Owners = (_names.User(entry.Stat.Uid) ?? [], _names.Group(entry.Stat.Gid) ?? []); }
    }

    private void Fail(ArchiveRoot root, byte[] below, FailedOperation operation, int errno) =>
        tree.Fail(root, new Failure(below, operation, errno, Errno.Message(errno)));

    internal static Failure Failure(ArchiveEntry entry, FailedOperation operation, int errno) =>
        new(entry.Below, operation, errno, errno == Errno.ESTALE ? "something else has its name now" : Errno.Message(errno));

    internal static Failure? LostOf(ArchiveEntry entry, in UnreadXattrs unread) => unread.Errno == 0 ? null
        : new Failure(entry.Below, FailedOperation.Metadata, unread.Errno, $"extended attributes: {Errno.Message(unread.Errno)}")
        {
            Attribute = "xattrs", IsStored = true,
        };
}
