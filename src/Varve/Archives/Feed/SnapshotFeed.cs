using Varve.Archives.Sources;
using Varve.History.Content;
using Varve.Model;
using Varve.Tree.Details;
using Varve.Tree.Lists;

namespace Varve.Archives.Feed;

/// <summary>Goes through what a snapshot has, in the order of <see cref="LiveFeed"/>, and makes the jobs. One thread.</summary>
internal sealed class SnapshotFeed(
    ArchiveTree tree, FeedRules rules, ContentReader content, FetchMeta meta, Action<ArchiveJob, long> put, Action<Failure> skipped)
{
    private readonly Dictionary<ulong, byte[]> _links = [];

    /// <summary>Makes all jobs.</summary>
    internal void Run(CancellationToken cancelled)
    {
        ArchiveRoot root = tree.Roots[0];
        if (root.Node is not { } top)
        {
            Put(root, [], root.Name, in root.Stat, root.Details, EntryFlags.None, root.Owners, cancelled);
            return;
        }

        var waiting = new Stack<(ArchiveNode Node, int Index)>();
        waiting.Push((top, 0));
        while (waiting.TryPop(out (ArchiveNode Node, int Index) next))
        {
            cancelled.ThrowIfCancellationRequested();
            (ArchiveNode node, int index) = next;
            ArchiveNode? above = node.Parent;
            if (above is null) { PutDirectory(root, node, in root.Stat, root.Details, root.Owners); }
            else { PutDirectory(root, node, in above.Listing.Stat(index), above.Listing.Details(index), above.Owners![index]); }
            for (int i = 0; i < node.Listing.Count; i++)
            {
                ref EntryStat stat = ref node.Listing.Stat(i);
                if (stat.Kind == EntryKind.Directory) { continue; }
                ReadOnlySpan<byte> name = node.Listing.Name(i);
                Put(root, node.RelativePath(name), node.ArchivePath(name, slash: false), in stat, node.Listing.Details(i).ToArray(),
                    node.Listing.Flags(i), node.Owners![i], cancelled);
            }

            for (int i = node.Children.Count - 1; i >= 0; i--) { waiting.Push((node.Children[i].Node, node.Children[i].Index)); }
        }
    }

    private void PutDirectory(ArchiveRoot root, ArchiveNode node, in EntryStat stat, ReadOnlySpan<byte> details, (byte[], byte[]) owners)
    {
        byte[] path = node.ArchivePath([], slash: true);
        if (path.Length == 0 && !rules.HasAttributes) { return; }
        var entry = new ArchiveEntry
        {
            Root = root, Below = node.RelativePath([]), Path = path.Length == 0 ? "./"u8.ToArray() : path, Stat = stat, Owners = owners,
        };
        if (rules.HasAttributes) { entry.Xattrs = DetailsCodec.Decode(details).Xattrs; }
        put(new ArchiveJob(JobKind.Whole, entry), FeedRules.JobWeight);
    }

    private void Put(ArchiveRoot root, byte[] below, byte[] path, in EntryStat stat, byte[] encoded, EntryFlags flags,
        (byte[], byte[]) owners, CancellationToken cancelled)
    {
        if (stat.Kind == EntryKind.Socket || (!rules.HasSpecial && stat.Kind is not (EntryKind.File or EntryKind.Symlink)))
        {
            skipped(new Failure(ArchiveTree.PathIn(root, below), FailedOperation.Write, 0, "such an archive cannot hold a "
                + (stat.Kind == EntryKind.Socket ? "socket" : stat.Kind == EntryKind.Fifo ? "fifo" : "device")));
            return;
        }

        ulong group = rules.HasLinks ? LinkIdentity.Of(in stat, encoded) : 0;
        EntryDetails details = DetailsCodec.Decode(stat.Kind, encoded);
        var entry = new ArchiveEntry
        {
            Root = root, Below = below, Path = path, Stat = stat, Owners = owners, LinkKey = (group, 0),
            IsTorn = (flags & EntryFlags.Torn) != 0, Target = details.SymlinkTarget ?? [],
        };
        if (rules.HasAttributes) { entry.Xattrs = details.Xattrs; }
        if (details.Device is { } device) { (entry.Stat.RdevMajor, entry.Stat.RdevMinor) = device; }
        if (group != 0 && !rules.RepeatsLinks && !_links.TryAdd(group, path)) { entry.LinkTo = _links[group]; }
        if (entry.LinkTo is not null || stat.Kind != EntryKind.File)
        {
            put(new ArchiveJob(JobKind.Whole, entry), FeedRules.JobWeight);
            return;
        }

        if (rules.HasHoles) { entry.Segments = Segments(encoded, stat.Size); }
        if (entry.Segments is null && stat.Size <= FeedRules.MostSmall)
        {
            put(new ArchiveJob(JobKind.Whole, entry) { Key = encoded, Reads = true }, FeedRules.JobWeight + (2 * stat.Size));
            return;
        }

        var large = new LargeContent(default, null, stat);
        put(new ArchiveJob(JobKind.Begin, entry) { Large = large }, FeedRules.JobWeight);
        PutPieces(entry, large, encoded, cancelled);
        put(new ArchiveJob(JobKind.End, entry) { Large = large }, FeedRules.JobWeight);
    }

    private void PutPieces(ArchiveEntry entry, LargeContent large, byte[] encoded, CancellationToken cancelled)
    {
        IReadOnlyList<(long Offset, long Length)> segments = entry.Segments ?? [(0, entry.Stat.Size)];
        var piece = new byte[FeedRules.MostSmall];
        int filled = 0, segment = 0;
        long at = 0, left = entry.ContentLength;
        try
        {
            content.Read(encoded, entry.Stat.Size, bytes =>
            {
                while (!bytes.IsEmpty)
                {
                    while (segment < segments.Count && at >= segments[segment].Offset + segments[segment].Length) { segment++; }
                    bool isData = segment < segments.Count && at >= segments[segment].Offset;
                    long end = segment == segments.Count ? long.MaxValue
                        : isData ? segments[segment].Offset + segments[segment].Length : segments[segment].Offset;
                    int count = (int)Math.Min(bytes.Length, end - at);
                    if (isData)
                    {
                        count = Math.Min(count, piece.Length - filled);
                        bytes[..count].CopyTo(piece.AsSpan(filled));
                        filled += count;
                        if (filled == piece.Length) { Hand(); }
                    }

                    at += count;
                    bytes = bytes[count..];
                }

                return true;
            }, cancelled);
            if (filled > 0) { Hand(); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            // The rest is zeros where a header has told the length already, and the entry is none otherwise.
            put(new ArchiveJob(JobKind.Piece, entry) { Large = large, Failure = new Failure(entry.Below, FailedOperation.Read, 0, e.Message) },
                FeedRules.JobWeight);
        }

        void Hand()
        {
            left -= filled;
            var job = new ArchiveJob(JobKind.Piece, entry) { Large = large, RawLength = filled, IsLast = left == 0, Reads = true };
            job.Keep(piece.AsSpan(0, filled));
            put(job, FeedRules.JobWeight + (2 * filled));
            filled = 0;
        }
    }

    /// <summary>Where a file has data; null for one without holes.</summary>
    private List<(long Offset, long Length)>? Segments(byte[] encoded, long size)
    {
        var segments = new List<(long Offset, long Length)>();
        bool hasHoles = false;
        long at = 0;
        foreach (Extent extent in FileExtents.Of(encoded, size, meta))
        {
            if (extent.IsHole) { hasHoles = true; }
            else if (segments.Count > 0 && segments[^1].Offset + segments[^1].Length == at)
            {
                segments[^1] = (segments[^1].Offset, segments[^1].Length + extent.Length);
            }
            else { segments.Add((at, extent.Length)); }
            at += extent.Length;
        }

        return hasHoles ? segments : null;
    }
}
