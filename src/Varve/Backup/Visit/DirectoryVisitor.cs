using Varve.Backup.Clocks;
using Varve.Backup.Dirty;
using Varve.Backup.Passes;
using Varve.Backup.Rules;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Model;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Walk;

namespace Varve.Backup.Visit;

/// <summary>
/// What a walker does with a directory it has listed: drops what is ours, has it examined, and says which child directories are entered.
/// Thread-safe.
/// </summary>
/// <param name="pass">The pass.</param>
/// <param name="examiners">One for each walker.</param>
/// <param name="root">The root that is walked.</param>
/// <param name="live">Its path where it is live, which rules are about.</param>
/// <param name="prefix">Its place in the source, a relative path.</param>
internal sealed class DirectoryVisitor(BackupPass pass, DirectoryExaminer[] examiners, SourceRoot root, byte[] live, byte[] prefix)
    : IWalkVisitor<DirectoryNode>
{
    private readonly OtherFileSystems _others = new(root, prefix);
    private readonly RulePaths _paths = new(pass.Run.Source.Canonical, live, prefix);
    private readonly EntryFilter _filter = new(pass, new RulePaths(pass.Run.Source.Canonical, live, prefix));

    /// <inheritdoc/>
    public void Visit(int worker, DirectoryNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<DirectoryNode> children)
    {
        DirectoryExaminer mine = examiners[worker];
        MarkIfReplaced(node, handle);
        pass.LeftOut.Visit(node);
        if (!node.IsRecalled) { ReadIgnoreFiles(node, handle, listing); }
        node.Listing = node.IsRecalled ? listing : Filter(node, handle, listing);
        pass.Rules.Clocks.Ask(node.MountKey, handle.Fd);
        pass.Rules.Clocks.See(node.MountKey, SourceClocks.Newest(node.Listing, node.Device));
        pass.Seen.Saw(node, in handle.Stat, pass.Rules, mine.Since);
        if (!node.IsAgain) { pass.Tally.Progress.AddDirectory(); }
        pass.Tally.RecoverListing(node);
        mine.Files.Clear();
        mine.Examine(node, handle);
        SeenChildren? seen = mine.SeenIn(node);
        for (int i = 0; i < node.Listing.Count; i++)
        {
            ref EntryStat stat = ref node.Listing.Stat(i);
            if (stat.Kind != EntryKind.Directory || node.Omitted?.Contains(i) == true) { continue; }
            DirtyNode? dirty = null;
            if (node.Dirty is not null && mine.StandsUnseen(node, i, out dirty)) { continue; }
            if (!Enters(node.Device, in stat, pass.Rules.Entries.FileSystems.Count == 0 ? [] : node.Path(node.Listing.Name(i))))
            {
                mine.SaveEmpty(node, handle, i, in stat);
                continue;
            }

            int before = seen?.Take(node.Listing.Name(i), in stat, isMerged: false) ?? -1;
            if (mine.Stands(node, i, before)) { continue; }
            Interlocked.Increment(ref node.Pending);
            children.Add(node.Listing == listing ? i : listing.Find(node.Listing.Name(i)), node.Child(i, in stat, before, dirty));
        }

        mine.Leave(node, seen);
        pass.LeftOut.Visited(node);

        if (node.Listing != listing) { pass.Return(listing); }
        mine.Enqueue(node, handle);
        mine.Assembler.PartDone(node);
        mine.Since = pass.Rules.Clocks.Elapsed;
    }

    /// <inheritdoc/>
    public bool Knows(int worker, DirectoryNode node, DirectoryHandle handle, EntryTable listing) =>
        node.Dirty is { IsListed: false } && examiners[worker].Recalls(node, handle, listing);

    /// <inheritdoc/>
    public bool Includes(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind) =>
        pass.Rules.IncludesAll || pass.Rules.Includes(examiners[worker].PathOf(node, name), kind, _paths);

    /// <inheritdoc/>
    public void LeftOut(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind)
    {
        ReadOnlySpan<byte> path = examiners[worker].PathOf(node, name);
        pass.Rules.Only?.See(path, kind); // by a rule: nothing is missing below it
        pass.LeftOut.Exclude(node, path, kind, _paths);
    }

    /// <inheritdoc/>
    public void EntryFailed(int worker, DirectoryNode node, ReadOnlySpan<byte> name, Failure failure)
    {
        byte[] path = node.Path(name);
        if (pass.Rules.OneFileSystem && _others.IsAt(path))
        {
            pass.Tally.Note(new Notice(Subject.Path(path), $"is left out: it is another file system, which says: {failure.Message}"));
            pass.LeftOut.Add(node, path, LeftOutReason.OtherFileSystem);
            return;
        }

        node.AddUnseen(name);
        pass.Rules.Only?.See(path, EntryKind.Directory);
        pass.Tally.Fail(failure with { Path = path });
    }

    /// <inheritdoc/>
    public void EntryMissed(int worker, DirectoryNode node, ulong inode)
    {
        if (!pass.Seen.Miss(node)) { pass.Tally.Fail(ReadFailure.Renamed(node.Path())); }
    }

    /// <inheritdoc/>
    public void Failed(int worker, DirectoryNode node, Failure failure) =>
        examiners[worker].Assembler.Fail(node, failure with { Path = node.Path() });

    /// <summary>Takes in what ignore files in a directory say, where they count. Before <see cref="Filter"/>.</summary>
    internal void ReadIgnoreFiles(DirectoryNode node, DirectoryHandle? handle, EntryTable listing) =>
        _filter.ReadIgnoreFiles(node, handle, listing);

    /// <summary>
    /// Drops the repository and the cache, and what is not kept for what it is. The usual case keeps the table it was given.
    /// </summary>
    internal EntryTable Filter(DirectoryNode node, DirectoryHandle? handle, EntryTable listing)
    {
        if (pass.Rules.Only is { } only)
        {
            only.Visit(node.Path());
            var listed = new EntryPath(node);
            for (int i = 0; i < listing.Count; i++) { only.See(listed.Of(listing.Name(i)), listing.Stat(i).Kind); }
        }

        EntryTable? kept = null;
        bool isAsked = !_filter.IsEmpty;
        int tag = -1;
        EntryRule? tagged = isAsked ? _filter.FindTag(node, handle, listing, out tag) : null;
        EntryPath? path = isAsked && tagged is null && listing.Count > 0 ? new EntryPath(node) : null;
        for (int i = 0; i < listing.Count; i++)
        {
            bool drop = (listing.Stat(i).Kind == EntryKind.Directory && IsOwn(node, listing.Name(i), in listing.Stat(i)))
                || (tagged is not null && i != tag && IsBesideTag(node, listing.Name(i), tagged))
                || (path is not null && IsDropped(node, handle, listing, i, path));
            if (drop && kept is null)
            {
                kept = pass.Tables.Rent();
                for (int j = 0; j < i; j++) { kept.Add(listing.Name(j), in listing.Stat(j)); }
            }
            else if (!drop) { kept?.Add(listing.Name(i), in listing.Stat(i)); }
        }

        return kept ?? listing;
    }

    /// <summary>
    /// Whether a directory with that stat, at a path, in one on device <paramref name="above"/>, is on a file system that is walked.
    /// </summary>
    internal bool Enters(ulong above, in EntryStat stat, ReadOnlySpan<byte> path)
    {
        if (pass.Rules.OneFileSystem && stat.Device != root.Stat.Device) { return false; }
        IReadOnlySet<string> types = pass.Rules.Entries.FileSystems;
        return types.Count == 0 || stat.Device == above || _others.TypeAt(path, stat.Device) is not { } type || !types.Contains(type);
    }

    /// <summary>Of the root of the source, which has no mark, each entry has one.</summary>
    private bool IsBesideTag(DirectoryNode node, ReadOnlySpan<byte> name, EntryRule rule)
    {
        byte[] path = node.Path(name);
        if (node.Parent?.Parent is null) { pass.LeftOut.Add(node, path, LeftOutReason.Tagged, rule.Rule); }
        return true;
    }

    private bool IsDropped(DirectoryNode node, DirectoryHandle? handle, EntryTable listing, int i, EntryPath path)
    {
        if (_filter.Drops(node, handle, listing, i, path) is not { } dropped) { return false; }
        pass.LeftOut.Add(node, node.Path(listing.Name(i)), dropped.Reason, dropped.Rule);
        return true;
    }

    /// <summary>It may be that what was listed under this name is under another one now.</summary>
    private void MarkIfReplaced(DirectoryNode node, DirectoryHandle handle)
    {
        DirectoryNode parent = node.Parent!;
        if (parent.Parent is null) { return; }
        ref EntryStat listed = ref parent.Listing.Stat(node.IndexInParent);
        if (handle.Stat.Inode == listed.Inode || handle.Stat.Device != listed.Device) { return; }
        if (!pass.Seen.Miss(parent)) { pass.Tally.Fail(ReadFailure.Renamed(parent.Path())); }
    }

    private bool IsOwn(DirectoryNode node, ReadOnlySpan<byte> name, in EntryStat stat)
    {
        if (pass.Rules.OwnAt(node, name, in stat) is not { } own) { return false; }
        byte[] path = node.Path(name);
        pass.Tally.Note(new Notice(Subject.Path(path), $"is left out: {own.What}"));
        pass.LeftOut.Add(node, path, LeftOutReason.OwnDirectory);
        return true;
    }
}
