using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Backup.Visit;
using Varve.Model;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup.Layers;

/// <summary>Lists one directory in each root that has it. Used by one thread.</summary>
internal sealed class LayerLister(BackupPass pass, IReadOnlyDictionary<SourceLayer, DirectoryVisitor> visitors)
{
    private readonly DirectoryLister _lister = new();

    /// <summary>
    /// Opens the parts and lists them. What cannot be listed is a failure of the path; null if nothing could be, and then the directory has
    /// failed.
    /// </summary>
    internal LayerListing? List(DirectoryNode node, List<LayerPart> parts)
    {
        if (node.Depth > WalkOptions.MostLevels)
        {
            visitors[parts[0].Layer].Failed(0, node, new Failure([], FailedOperation.List, Errno.ELOOP, WalkOptions.TooDeep));
            return null;
        }

        var listings = new List<(LayerPart, EntryTable)>();
        var failed = new List<(LayerPart Part, int Errno)>();
        foreach (LayerPart part in parts)
        {
            EntryTable table = pass.Tables.Rent();
            int errno = part.Open();
            if (errno == 0) { errno = List(node, part, table); }
            if (errno == 0) { listings.Add((part, table)); }
            else
            {
                pass.Return(table);
                failed.Add((part, errno));
            }
        }

        // The ignore files of all of them count for each.
        foreach ((LayerPart part, EntryTable table) in listings) { visitors[part.Layer].ReadIgnoreFiles(node, part.Handle, table); }
        for (int i = 0; i < listings.Count; i++)
        {
            (LayerPart part, EntryTable table) = listings[i];
            listings[i] = (part, visitors[part.Layer].Filter(node, part.Handle, table));
            if (listings[i].Item2 != table) { pass.Return(table); }
        }

        if (listings.Count == 0)
        {
            int errno = failed[0].Errno;
            visitors[failed[0].Part.Layer].Failed(0, node, new Failure([], FailedOperation.List, errno, ReadFailure.Of(errno)));
            return null;
        }

        node.IsIncomplete |= failed.Count > 0;
        foreach ((LayerPart part, int errno) in failed)
        {
            pass.Tally.Fail(
                new Failure(node.Path(), FailedOperation.List, errno, $"{ReadFailure.Of(errno)} (in {PathText.Of(part.Layer.LivePath)})"));
        }

        return new LayerListing(pass.Tables, listings);
    }

    private int List(DirectoryNode node, LayerPart part, EntryTable table)
    {
        var sink = new Sink(visitors[part.Layer], node);
        if (part.IsOnTheWay)
        {
            if (sink.Includes(part.Next, EntryKind.Directory)) { table.Add(part.Next, in part.Layer.Root.Stat); }
            else { sink.LeftOut(part.Next, EntryKind.Directory); }
            return 0;
        }

        int errno = _lister.List(part.Handle!, table, sink);
        if (errno != 0) { return errno; }
        foreach ((byte[] name, SourceRoot? mounted) in part.Mounts)
        {
            if (!sink.Includes(name, EntryKind.Directory))
            {
                sink.LeftOut(name, EntryKind.Directory);
                continue;
            }

            int i = table.Find(name);
            if (mounted is null)
            {
                if (i >= 0 && table.Stat(i).Kind == EntryKind.Directory) { continue; }
                node.AddUnseen(name);
                pass.Tally.Fail(
                    new Failure(node.Path(name), FailedOperation.List, Errno.ENOENT,
                    "is missing from the snapshot, though something is mounted below it"));
            }
            else if (i >= 0) { table.Stat(i) = mounted.Stat; }
            else
            {
                table.Add(name, in mounted.Stat);
                table.Sort();
            }
        }

        return 0;
    }

    /// <summary>Asks the visitor what to list, and tells it what failed.</summary>
    private sealed class Sink(DirectoryVisitor visitor, DirectoryNode node) : IListingSink
    {
        public bool Includes(ReadOnlySpan<byte> name, EntryKind kind) => visitor.Includes(0, node, name, kind);

        public void LeftOut(ReadOnlySpan<byte> name, EntryKind kind) => visitor.LeftOut(0, node, name, kind);

        public void StatFailed(ReadOnlySpan<byte> name, int errno) =>
            visitor.EntryFailed(0, node, name, new Failure([], FailedOperation.Stat, errno, Errno.Message(errno)));

        public void Missed(ulong inode) => visitor.EntryMissed(0, node, inode);
    }
}
