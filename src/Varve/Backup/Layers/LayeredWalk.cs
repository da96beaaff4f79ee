using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Backup.Visit;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup.Layers;

/// <summary>
/// Walks a source that is put together from several places: roots merged into one tree, and what is mounted in a snapshot. One thread goes
/// through the directories that more than one place has to do with, and merges their listings; what lies in one place only, which is most,
/// goes to the usual walk.
/// <para>Where several roots have a name: directories are merged, and of anything else the newest by mtime is taken
/// (<see cref="LayerEntry.Choose"/>). What was left out is noted. A root of which a directory cannot be listed is a failure of that path;
/// what the others have there is saved.</para>
/// </summary>
internal sealed class LayeredWalk
{
    private readonly SourceTree _source;
    private readonly Dictionary<SourceLayer, DirectoryVisitor> _visitors = [];
    private readonly Stack<(DirectoryNode Node, List<LayerPart> Parts)> _waiting = new();
    private readonly LayerConflicts _conflicts;
    private readonly AlikeContent _content = new();
    private readonly WalkEnd _end;
    private BackupPass _pass = null!;
    private DirectoryExaminer[] _examiners = null!;
    private LayerLister _lister = null!;

    internal LayeredWalk(WalkStage first, SourceTree source, WalkEnd end)
    {
        _end = end;
        _source = source;
        Enter(first);
        foreach (AbsentRoot root in source.Absent) { Report(_pass, root, root.Prefix); }
        _conflicts = new LayerConflicts(first.Pass.Tally);
    }

    private void Enter(WalkStage stage)
    {
        (_pass, _examiners) = (stage.Pass, stage.Examiners);
        foreach (SourceLayer layer in _source.Layers)
        {
            _visitors[layer] = new DirectoryVisitor(_pass, _examiners, layer.Root, layer.LivePath, layer.Prefix);
        }

        _lister = new LayerLister(_pass, _visitors);
    }

    /// <summary>Says that a root is not there, and in which directory what it held may be missing.</summary>
    internal static void Report(BackupPass pass, AbsentRoot root, byte[] place)
    {
        if (pass.Intake.IsOrdering) { return; }
        if (root.IsRemovable)
        {
            string what = $"is not there, and what it held stays as it was last seen: {root.Reason}";
            pass.Tally.Note(new Notice(Subject.Source(root.Path), what, null, Advice.NameFileSystem));
        }
        else { pass.Tally.Fail(new Failure(place, FailedOperation.List, root.Errno, $"{root.Reason} ({PathText.Of(root.Path)})")); }
    }

    private DirectoryExaminer Mine => _examiners[0];

    /// <summary>Walks everything, and again what is out of date then; returns when all is visited.</summary>
    internal void Run(CancellationToken cancelled)
    {
        List<LayerPart> parts = Tops();
        LayerEntry root = LayerEntry.Choose([.. parts.Select(static p => new LayerEntry(p, p.Layer.Root.Stat, p.Layer.Root))]);
        var top = new DirectoryNode
        {
            Device = _pass.Rules.RootDevice, Listing = _pass.Tables.Rent(), Origins = new EntryOrigins(),
            Absent = [.. _source.Absent.Select(a => new AbsentPlace([_source.Name, .. a.Below], 0, a.Kind))],
        };
        top.Listing.Add(_source.Name, in root.Stat);
        top.Origins.Add(root.Place!.Parent, root.Place.Name, root.Part.MountKey, parts[0].MountKey);
        DirectoryExaminer mine = Mine;
        mine.Examine(top, root.Place.Parent);
        Walk(top, parts, seen: -1, cancelled);
        while (_end(top, cancelled) is { } again)
        {
            Enter(again);
            Walk(top, Tops(), Revisit.Root, cancelled);
        }

        if (!_pass.Intake.IsOrdering) { _conflicts.Finish(); }
        mine.Assembler.PartDone(top);
    }

    private void Walk(DirectoryNode top, List<LayerPart> parts, int seen, CancellationToken cancelled)
    {
        Interlocked.Increment(ref top.Pending);
        _waiting.Push((Node(top, 0, parts, seen), parts));
        try
        {
            while (_waiting.TryPop(out (DirectoryNode Node, List<LayerPart> Parts) next))
            {
                try
                {
                    cancelled.ThrowIfCancellationRequested();
                    Visit(next.Node, next.Parts, cancelled);
                }
                finally
                {
                    foreach (LayerPart part in next.Parts) { part.Release(); }
                }
            }

            Mine.Flush();
        }
        finally
        {
            foreach ((_, List<LayerPart> rest) in _waiting)
            {
                foreach (LayerPart part in rest) { part.Release(); }
            }
        }
    }

    private void Visit(DirectoryNode node, List<LayerPart> parts, CancellationToken cancelled)
    {
        long since = _pass.Rules.Clocks.Elapsed;
        using LayerListing? all = _lister.List(node, parts);
        if (all is null) { return; }
        foreach (LayerPart part in parts)
        {
            if (part.Handle is not null) { _pass.Rules.Clocks.Ask(part.MountKey, part.Handle.Fd); }
        }

        _pass.Seen.Saw(node, [.. parts.Where(static p => p.Handle is not null).Select(static p => (p.Path, p.MountKey, p.Handle!.Stat))],
            _pass.Rules, since);
        node.Listing = _pass.Tables.Rent();
        node.Origins = new EntryOrigins();
        if (!node.IsAgain) { _pass.Tally.Progress.AddDirectory(); }
        var directories = new List<(int Index, List<LayerEntry> Entries)>();
        var alike = new List<(int Index, LayerEntry Loser, LayerEntry Winner)>();
        while (all.Next(out ReadOnlySpan<byte> name, out List<LayerEntry> entries))
        {
            LayerEntry chosen = LayerEntry.Choose(entries);
            int i = node.Listing.Add(name, in chosen.Stat);
            byte[] path = node.Path(name);
            LayerEntry? below = chosen.IsDirectory ? entries.Find(e => Enters(e, path)) : null;
            ulong keyBelow = below is null ? node.MountKey
                : below.Part.IsOn(in below.Stat) ? below.Part.MountKey : MountKeys.Of(path);
            node.Origins.Add(chosen.Place?.Parent ?? chosen.Part.Handle!, chosen.Place?.Name, chosen.Part.MountKey, keyBelow);
            if (chosen.IsDirectory) { directories.Add((i, [.. entries.Where(static e => e.IsDirectory)])); }
            foreach (LayerEntry entry in entries)
            {
                if (node.IsAgain || entry == chosen || (chosen.IsDirectory && entry.IsDirectory)) { continue; }
                if (LayerConflicts.AreAlike(entry, chosen)) { alike.Add((i, entry, chosen)); }
                else { _conflicts.Add(node, name, entry, chosen); }
            }
        }

        for (int i = 0; i < node.Listing.Count; i++)
        {
            ref EntryStat stat = ref node.Listing.Stat(i);
            if (stat.Kind != EntryKind.Directory) { _pass.Rules.Clocks.See(node.MountKeyOf(i), stat.Ctime); }
        }

        DirectoryHandle any = parts.Find(static p => p.Handle is not null)?.Handle ?? parts[0].Layer.Root.Parent;
        Mine.Files.Clear();
        Mine.Examine(node, any);
        Compare(node, alike, cancelled);
        var files = new OriginFiles(Mine);
        Dictionary<LayerPart, PickedChildren> plain = Descend(node, any, directories);
        _pass.LeftOut.Visited(node);
        files.Enqueue(node, any);
        Mine.Assembler.PartDone(node);
        foreach ((LayerPart part, PickedChildren picked) in plain)
        {
            new Walker<DirectoryNode>(picked, _pass.Tables, new WalkOptions { Threads = _examiners.Length }).Run(part.Handle!, picked.Start,
                cancelled);
        }
    }

    /// <summary>
    /// Says of entries that are alike which have other content. Who is to be read is compared, and who was changed since the source was
    /// looked at last, by the clock of its file system; the others were compared when they were.
    /// </summary>
    private void Compare(DirectoryNode node, List<(int Index, LayerEntry Loser, LayerEntry Winner)> alike, CancellationToken cancelled)
    {
        if (alike.Count == 0) { return; }
        var read = new HashSet<int>();
        for (int i = 0; i < Mine.Files.Count; i++) { read.Add(Mine.Files[i].Now); }
        foreach (FileGroup group in Mine.Files.Groups) { read.UnionWith(group.ToRead.Select(static f => f.Now)); }
        foreach ((int index, LayerEntry loser, LayerEntry winner) in alike)
        {
            bool isDue = winner.Stat.Kind != EntryKind.File || read.Contains(index) || HasChanged(node, index, loser);
            if (isDue && _content.Differ(winner, loser, node.Listing.Name(index), cancelled))
            {
                _conflicts.Add(node, node.Listing.Name(index), loser, winner);
            }
            else { _conflicts.AddAlike(); }
        }
    }

    /// <summary>Whether an entry that is left out may have changed since it was compared. What an earlier pass read it compared.</summary>
    private bool HasChanged(DirectoryNode node, int index, LayerEntry loser)
    {
        if (_pass.Intake.IsOrdering || loser.Stat.Ctime < _pass.Rules.SafeAt(node).For(0)) { return false; }
        return node.Known?.Find(node.Listing.Name(index)) is not (>= 0 and var known) || node.Known.First(known) != _pass.Run.Number;
    }

    /// <summary>
    /// Puts child directories on the stack, but for those that one root alone has to do with: these are returned, by the part they lie in.
    /// </summary>
    private Dictionary<LayerPart, PickedChildren> Descend(DirectoryNode node, DirectoryHandle any,
        List<(int Index, List<LayerEntry> Entries)> directories)
    {
        var plain = new Dictionary<LayerPart, PickedChildren>();
        SeenChildren? seen = Mine.SeenIn(node);
        foreach ((int i, List<LayerEntry> entries) in directories)
        {
            if (node.Omitted?.Contains(i) == true) { continue; }
            ReadOnlySpan<byte> name = node.Listing.Name(i);
            byte[] path = node.Path(name);
            var parts = new List<LayerPart>();
            LayerPart? origin = null;
            foreach (LayerEntry entry in entries)
            {
                if (!Enters(entry, path)) { continue; }
                origin = entry.Part;
                parts.Add(entry.Part.Child(name, in entry.Stat, path));
            }

            if (parts.Count == 0)
            {
                Mine.SaveEmpty(node, any, i, in node.Listing.Stat(i));
                continue;
            }

            bool isMerged = parts is not [{ IsPlain: true }];
            int before = seen?.Take(name, in node.Listing.Stat(i), isMerged) ?? -1;
            if (Mine.Stands(node, i, before))
            {
                foreach (LayerPart part in parts) { part.Release(); }
                continue;
            }

            Interlocked.Increment(ref node.Pending);
            DirectoryNode child = Node(node, i, parts, before);
            if (parts is [{ IsPlain: true } only])
            {
                if (!plain.TryGetValue(origin!, out PickedChildren? picked))
                {
                    plain[origin!] = picked = new PickedChildren(_pass.Tables, _visitors[only.Layer]);
                }
                picked.Add(child);
                only.Release();
            }
            else { _waiting.Push((child, parts)); }
        }

        Mine.Leave(node, seen);
        return plain;
    }

    private bool Enters(LayerEntry entry, byte[] path) =>
        entry.IsDirectory
        && (entry.Part.IsOnTheWay || _visitors[entry.Part.Layer].Enters(entry.Part.Device, in entry.Stat, path));

    private static DirectoryNode Node(DirectoryNode parent, int i, List<LayerPart> parts, int seen) => new()
    {
        Parent = parent,
        Seen = seen,
        IsAgain = seen >= 0,
        IndexInParent = i,
        Name = parent.Listing.Name(i).ToArray(),
        Ignore = parent.Ignore,
        // Of several file systems the timestamps are judged as of an unknown one.
        Device = parts.TrueForAll(p => p.Device == parts[0].Device) ? parts[0].Device : ulong.MaxValue,
        MountKey = parts[0].MountKey,
        Base = parts is [{ IsPlain: true } only] ? (only.Path, parent.Depth + 1) : null,
        Gap = parent.GapOf(parent.Listing.Name(i)),
        IsIncomplete = parent.IsIncomplete || AbsentPlace.Ends(parent.Absent, parent.Listing.Name(i), GapKind.Failed),
        IsKept = parent.IsKept || AbsentPlace.Ends(parent.Absent, parent.Listing.Name(i), GapKind.Kept),
        Absent = AbsentPlace.Below(parent.Absent, parent.Listing.Name(i)),
    };

    /// <summary>
    /// Roots on one file system share their inode numbers, others do not; which is told by their order, as device numbers change.
    /// </summary>
    private List<LayerPart> Tops()
    {
        var parts = new List<LayerPart>();
        for (int i = 0; i < _source.Layers.Count; i++)
        {
            SourceLayer layer = _source.Layers[i];
            LayerPart? same = parts.Find(p => p.Layer.Root.Stat.Device == layer.Root.Stat.Device);
            ulong key = same?.MountKey
                ?? (layer.Index == 0 ? 0 : MountKeys.Of(System.Text.Encoding.ASCII.GetBytes($"/root {layer.Index}")));
            parts.Add(LayerPart.Top(layer, key));
        }

        return parts;
    }
}
