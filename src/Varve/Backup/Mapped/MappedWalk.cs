using System.Globalization;
using System.Text;
using Varve.Backup.Layers;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Backup.Visit;
using Varve.Catalog.Rows;
using Varve.Freeze;
using Varve.Model;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Backup.Mapped;

/// <summary>
/// Walks a source whose paths are mapped by rules: first what is there, to find out which directories make up those of the source; then the
/// source, directory by directory, each listed where it is. What the rules leave where it is, which may be most, goes to the usual walk.
/// <para>Exactness (decision 0049) is that of a merged directory: its parts are as they were when they were listed, both times, or all is
/// walked again. One thread, but for the first part and the usual walk.</para>
/// </summary>
internal sealed class MappedWalk
{
    private readonly SourceTree _source;
    private readonly MappedPaths _paths;
    private readonly WalkEnd _end;
    private readonly WalkStage _first;
    private readonly HashSet<string> _misfits = new(StringComparer.Ordinal);
    private readonly Stack<(DirectoryNode Node, MappedDirectory Directory)> _waiting = new();
    private BackupPass _pass;
    private DirectoryExaminer[] _examiners;
    private ActualWalk _actual = null!;
    private MappedTree _tree = null!;
    private Dictionary<ActualPlace, DirectoryVisitor> _visitors = null!;

    /// <param name="first">The first walk.</param>
    /// <param name="source">The source.</param>
    /// <param name="mapping">Its rules.</param>
    /// <param name="end">Says how it is walked once more.</param>
    internal MappedWalk(WalkStage first, SourceTree source, PathMapping mapping, WalkEnd end)
    {
        (_first, _source, _end) = (first, source, end);
        (_pass, _examiners) = (first.Pass, first.Examiners);
        _paths = new MappedPaths(mapping, source.CanonicalPath);
        foreach (AbsentRoot root in source.Absent) { LayeredWalk.Report(_pass, root, []); }
    }

    private DirectoryExaminer Mine => _examiners[0];

    /// <summary>Walks everything, and again when something is out of date; returns when all is visited.</summary>
    internal void Run(CancellationToken cancelled)
    {
        SourceLayer layer = _source.Layers.FirstOrDefault(static l => l.Below.Length == 0) ?? _source.Layers[0];
        var top = new DirectoryNode
        {
            Device = _pass.Rules.RootDevice, Listing = _pass.Tables.Rent(), Origins = new EntryOrigins(),
        };
        top.Listing.Add(_source.Name, in layer.Root.Stat);
        top.Origins.Add(layer.Root.Parent, layer.Root.Name, KeyOf(layer), KeyOf(layer));
        DirectoryExaminer mine = Mine;
        mine.Examine(top, layer.Root.Parent);
        Walk(top, seen: -1, cancelled);
        while (_end(top, cancelled) is { } again)
        {
            (_pass, _examiners) = (again.Pass, again.Examiners);
            Walk(top, Revisit.Root, cancelled);
        }

        mine.Assembler.PartDone(top);
    }

    private void Walk(DirectoryNode top, int seen, CancellationToken cancelled)
    {
        Explore(cancelled);
        using var handles = new ActualHandles();
        using var listings = new ActualListings(_pass, _paths, handles);
        Interlocked.Increment(ref top.Pending);
        _waiting.Push((Node(top, 0, _tree.Root, seen), _tree.Root));
        while (_waiting.TryPop(out (DirectoryNode Node, MappedDirectory Directory) next))
        {
            cancelled.ThrowIfCancellationRequested();
            Visit(next.Node, next.Directory, handles, listings, cancelled);
        }

        Mine.Flush();
    }

    /// <summary>Finds out what makes up the source.</summary>
    private void Explore(CancellationToken cancelled)
    {
        _tree = new MappedTree { IsIncomplete = _source.Absent.Any(static a => a.Kind == GapKind.Failed) };
        bool isFirst = _pass == _first.Pass;
        BackupPass quiet = _pass.Quiet();
        _actual = new ActualWalk(_pass, _paths, _tree, _examiners.Length, _misfits, isFirst);
        _visitors = [];
        foreach (SourceLayer layer in _source.Layers)
        {
            Explore(layer, layer.Root, layer.LivePath, layer.Below, KeyOf(layer), isFirst ? _pass : quiet, quiet, cancelled);
            foreach ((byte[][] path, SourceRoot root) in layer.Mounts)
            {
                byte[][] below = [.. layer.Below, .. path];
                Explore(layer, root, Paths.Join(layer.LivePath, SourceLayer.Join(path)), below, MountKeys.Of(SourceLayer.Join(below)),
                    isFirst ? _pass : quiet, quiet, cancelled);
            }
        }

        _tree.Finish();
    }

    private void Explore(SourceLayer layer, SourceRoot root, byte[] live, byte[][] below, ulong key, BackupPass loud, BackupPass quiet,
        CancellationToken cancelled)
    {
        if (root.Stat.Kind != EntryKind.Directory) { return; }
        byte[] prefix = SourceLayer.Join(below);
        var place = new ActualPlace(layer, root, live, below, key, new DirectoryVisitor(loud, [], root, live, prefix),
            new DirectoryVisitor(quiet, [], root, live, prefix));
        _visitors[place] = new DirectoryVisitor(_pass, _examiners, root, live, prefix);
        _actual.Run(place, _source.Name, cancelled);
    }

    private void Visit(DirectoryNode node, MappedDirectory directory, ActualHandles handles, ActualListings listings,
        CancellationToken cancelled)
    {
        var open = new Dictionary<ActualDirectory, DirectoryHandle>();
        try
        {
            node.LeftOut = new MarkTally(); // what is left out of it was told already
            MappedListing listing = Bring(node, directory, listings);
            node.Listing = _pass.Tables.Rent();
            node.Origins = new EntryOrigins();
            if (!node.IsAgain) { _pass.Tally.Progress.AddDirectory(); }
            var entries = new List<MappedEntry>();
            foreach (MappedEntry entry in Complete(listing))
            {
                if (Open(entry, open, handles, node) is not { } handle) { continue; }
                EntryStat stat = entry.IsStandIn ? handle.Stat : entry.Stat;
                node.Listing.Add(entry.Name, in stat);
                ulong key = entry.Part.Node.MountKey;
                ulong below = stat.Device == entry.Part.Node.Device ? key : MountKeys.Of(node.Path(entry.Name));
                node.Origins.Add(handle, entry.ActualName, key, below);
                if (stat.Kind != EntryKind.Directory) { _pass.Rules.Clocks.See(key, stat.Ctime); }
                entries.Add(entry);
            }

            DirectoryHandle any = open.Count > 0 ? open.Values.First() : _source.Root.Parent;
            Mine.Files.Clear();
            Mine.Examine(node, any);
            var files = new OriginFiles(Mine);
            Dictionary<ActualDirectory, PickedChildren> plain = Descend(node, directory, entries, any);
            _pass.LeftOut.Visited(node);
            files.Enqueue(node, any);
            Mine.Assembler.PartDone(node);
            foreach ((ActualDirectory part, PickedChildren picked) in plain)
            {
                new Walker<DirectoryNode>(picked, _pass.Tables, new WalkOptions { Threads = _examiners.Length })
                    .Run(open[part], picked.Start, cancelled);
            }
        }
        finally
        {
            foreach (DirectoryHandle handle in open.Values) { handle.Release(); }
        }
    }

    /// <summary>Lists the parts of a directory; notes how they are, and what may be missing.</summary>
    private MappedListing Bring(DirectoryNode node, MappedDirectory directory, ActualListings listings)
    {
        int most = DescriptorShare.Directories(quarters: 2, most: 1 << 20);
        if (directory.Parts.Count > Math.Max(16, most))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Path(node.Path()),
                string.Create(CultureInfo.InvariantCulture,
                    $"is put together of {directory.Parts.Count} directories, and {most} can be open at a time"), Advice.RaiseFileLimit);
        }

        var listing = new MappedListing(node, directory, _pass);
        var seen = new List<(byte[] Path, ulong MountKey, EntryStat Opened)>();
        bool hasMissed = directory == _tree.Root && _actual.Missed.Count > 0, wasRenamed = false;
        long since = long.MaxValue;
        foreach (ActualDirectory part in directory.Parts)
        {
            ActualListing listed = listings.Of(part);
            hasMissed |= listed.HasMissed;
            wasRenamed |= listed.HasMissed && listed.Errno == 0;
            if (listed.Errno != 0)
            {
                node.IsIncomplete = true;
                if (!listed.HasMissed)
                {
                    _pass.Tally.Fail(new Failure(node.Path(), FailedOperation.List, listed.Errno,
                        $"{ReadFailure.Of(listed.Errno)} (in {PathText.Of(part.Live)})"));
                }

                continue;
            }

            since = Math.Min(since, listed.Since);
            seen.Add((part.Live, part.Node.MountKey, listed.Opened));
            hasMissed |= part.Stamp != SeenDirectories.StampOf(listed.Opened);
            listing.Add(part, listed, _paths);
        }

        _pass.Seen.Saw(node, seen, _pass.Rules, since);
        _pass.Tally.RecoverListing(node);
        if (hasMissed && !_pass.Seen.Miss(node))
        {
            if (wasRenamed) { _pass.Tally.Fail(ReadFailure.Renamed(node.Path())); }
            foreach (Failure failure in _actual.Missed) { _pass.Tally.Fail(failure); }
        }

        return listing;
    }

    /// <summary>All entries by name: a directory that is none anywhere is described by one that has to do with it.</summary>
    private static List<MappedEntry> Complete(MappedListing listing)
    {
        List<MappedEntry> all = [.. listing.Entries];
        foreach (MappedDirectory other in listing.Others)
        {
            MappedDirectory at = other;
            while (at.Parts.Count == 0 && at.Children.Count > 0) { at = at.Children.Values.First(); }
            if (at.Parts.Count == 0) { continue; }
            all.Add(new MappedEntry(other.Name, at.Parts[0], "."u8.ToArray(), default, IsStandIn: true));
        }

        all.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        return all;
    }

    /// <summary>The part an entry lies in, open; null: it is not where it was, and the directory is out of date.</summary>
    private DirectoryHandle? Open(MappedEntry entry, Dictionary<ActualDirectory, DirectoryHandle> open, ActualHandles handles,
        DirectoryNode node)
    {
        if (open.TryGetValue(entry.Part, out DirectoryHandle? handle)) { return handle; }
        handle = handles.Open(entry.Part, out int errno);
        if (handle is not null)
        {
            open.Add(entry.Part, handle);
            return handle;
        }

        node.AddUnseen(entry.Name);
        if (!_pass.Seen.Miss(node))
        {
            _pass.Tally.Fail(new Failure(node.Path(entry.Name), FailedOperation.Open, errno, ReadFailure.Of(errno)));
        }

        return null;
    }

    /// <summary>
    /// Puts child directories on the stack, but for those that the usual walk goes on with: these are returned, by the directory that they
    /// lie in.
    /// </summary>
    private Dictionary<ActualDirectory, PickedChildren> Descend(DirectoryNode node, MappedDirectory directory, List<MappedEntry> entries,
        DirectoryHandle any)
    {
        var plain = new Dictionary<ActualDirectory, PickedChildren>();
        SeenChildren? seen = Mine.SeenIn(node);
        for (int i = 0; i < entries.Count; i++)
        {
            MappedEntry entry = entries[i];
            ref EntryStat stat = ref node.Listing.Stat(i);
            if (stat.Kind != EntryKind.Directory || node.Omitted?.Contains(i) == true) { continue; }
            if (!directory.Children.TryGetValue(Encoding.Latin1.GetString(entry.Name), out MappedDirectory? child))
            {
                Mine.SaveEmpty(node, any, i, in stat);
                continue;
            }

            bool isPlain = child.IsPlain && child.Own[0].Parent == entry.Part;
            int before = seen?.Take(entry.Name, in stat, isMerged: !isPlain) ?? -1;
            if (isPlain && Mine.Stands(node, i, before)) { continue; }
            Interlocked.Increment(ref node.Pending);
            if (!isPlain)
            {
                _waiting.Push((Node(node, i, child, before), child));
                continue;
            }

            if (!plain.TryGetValue(entry.Part, out PickedChildren? picked))
            {
                plain[entry.Part] = picked = new PickedChildren(_pass.Tables, _visitors[entry.Part.Place]);
            }

            picked.Add(PlainNode(node, i, child.Own[0], before));
        }

        Mine.Leave(node, seen);
        return plain;
    }

    private DirectoryNode Node(DirectoryNode parent, int i, MappedDirectory directory, int seen)
    {
        ActualDirectory? part = directory.Parts.Count > 0 ? directory.Parts[0] : null;
        // Of several file systems the timestamps are judged as of an unknown one.
        bool isOne = part is not null && directory.Parts.TrueForAll(p => p.Node.Device == part.Node.Device);
        return Node(parent, i, seen, isOne ? part!.Node.Device : ulong.MaxValue, part?.Node.MountKey ?? parent.MountKey);
    }

    /// <summary>One that is as it would be without the mapping, and all below it too.</summary>
    private DirectoryNode PlainNode(DirectoryNode parent, int i, ActualDirectory own, int seen)
    {
        byte[] real = Paths.Join(own.Place.Root.RealPath, Paths.Below(own.Live, own.Place.Live));
        return Node(parent, i, seen, own.Node.Device, own.Node.MountKey, own.Parent!.Node.Ignore, (real, parent.Depth + 1));
    }

    private DirectoryNode Node(DirectoryNode parent, int i, int seen, ulong device, ulong mountKey, IgnoreRules? ignore = null,
        (byte[], int)? place = null) => new()
        {
            Parent = parent,
            Seen = seen,
            IsAgain = seen >= 0,
            IndexInParent = i,
            Name = parent.Listing.Name(i).ToArray(),
            Ignore = ignore,
            Device = device,
            MountKey = mountKey,
            Base = place,
            Gap = parent.GapOf(parent.Listing.Name(i)),
            IsIncomplete = parent.IsIncomplete || _tree.IsIncomplete,
            IsKept = parent.IsKept || _source.Absent.Any(static a => a.Kind == GapKind.Kept),
        };

    // As where roots are merged: those on one file system share their inode numbers.
    private ulong KeyOf(SourceLayer layer)
    {
        SourceLayer same = _source.Layers.First(l => l.Root.Stat.Device == layer.Root.Stat.Device);
        string path = string.Create(CultureInfo.InvariantCulture, $"/root {same.Index}");
        return same.Index == 0 ? 0 : MountKeys.Of(Encoding.ASCII.GetBytes(path));
    }
}
