using System.Text;
using Varve.Backup.Clocks;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Model;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup.Mapped;

/// <summary>
/// Walks what is there, with several threads, to find out which directories make up those of the source; it saves nothing. What is left
/// out on purpose is told here, where each directory comes once.
/// </summary>
/// <param name="pass">The pass.</param>
/// <param name="paths">Where entries lie in the source.</param>
/// <param name="tree">Takes the directories.</param>
/// <param name="threads">At least 1.</param>
/// <param name="misfits">Paths of entries that lie nowhere in the source and were told; with more than one walk, by all of them.</param>
/// <param name="isFirst">Whether it is the first walk of the pass, and tells what is left out.</param>
internal sealed class ActualWalk(
    BackupPass pass, MappedPaths paths, MappedTree tree, int threads, HashSet<string> misfits, bool isFirst) : IWalkVisitor<ActualDirectory>
{
    private const string Unknown = "what is mapped from a directory that cannot be listed may be missing";

    private readonly long[] _since = new long[threads]; // of each worker: nanoseconds, when it was done with its last directory

    /// <summary>Directories that were not there when their turn came, or of which one may be missing, with why.</summary>
    internal List<Failure> Missed { get; } = [];

    /// <summary>Walks a place.</summary>
    /// <param name="place">It.</param>
    /// <param name="name">The name of the source's root.</param>
    /// <param name="cancelled">Stops it.</param>
    internal void Run(ActualPlace place, byte[] name, CancellationToken cancelled)
    {
        Array.Fill(_since, pass.Rules.Clocks.Elapsed);
        ulong device = place.Root.Stat.Device;
        var node = new DirectoryNode
        {
            Parent = new DirectoryNode { Device = device }, Name = name, Device = device, MountKey = place.MountKey,
            Base = (place.Root.RealPath, 0),
        };
        foreach (byte[] part in place.Below)
        {
            node = new DirectoryNode { Parent = node, Name = part, Device = device, MountKey = place.MountKey, Base = node.Base };
        }

        DirectoryHandle handle = place.Root.OpenDirectory();
        try
        {
            new Walker<ActualDirectory>(this, pass.Tables, new WalkOptions { Threads = threads })
                .Run(handle, new ActualDirectory(place, null, node, place.Live, node.Path()), cancelled);
        }
        finally { handle.Release(); }
    }

    /// <inheritdoc/>
    public bool Includes(int worker, ActualDirectory actual, ReadOnlySpan<byte> name, EntryKind kind) =>
        pass.Rules.IncludesAll || Find(actual, name, out RulePaths at) is not { } path || pass.Rules.Includes(path, kind, at);

    /// <inheritdoc/>
    public void LeftOut(int worker, ActualDirectory actual, ReadOnlySpan<byte> name, EntryKind kind)
    {
        if (isFirst && Find(actual, name, out RulePaths at) is { } path) { pass.LeftOut.Exclude(actual.Node, path, kind, at); }
    }

    /// <inheritdoc/>
    public void EntryFailed(int worker, ActualDirectory actual, ReadOnlySpan<byte> name, Failure failure)
    {
        // It fails again, and is told, when what it lies in is visited.
        if (Find(actual, name, out _) is { } path) { (actual.Unseen ??= []).Add(path); }
    }

    /// <inheritdoc/>
    public void EntryMissed(int worker, ActualDirectory actual, ulong inode)
    {
        // If it is a directory, nobody knows what lies in it.
        lock (tree)
        {
            tree.IsIncomplete = true;
            Missed.Add(ReadFailure.Renamed(actual.Canonical ?? actual.Node.Path()));
        }
    }

    /// <inheritdoc/>
    public void Visit(int worker, ActualDirectory actual, DirectoryHandle handle, EntryTable listing,
        WalkChildren<ActualDirectory> children)
    {
        DirectoryNode node = actual.Node;
        pass.Rules.Clocks.Ask(node.MountKey, handle.Fd);
        actual.Identity = (handle.Stat.Device, handle.Stat.Inode);
        actual.Stamp = pass.Rules.HidesChanges(node.MountKey, in handle.Stat, _since[worker]) == 0
            ? SeenDirectories.StampOf(in handle.Stat) : 0;
        actual.Place.Filter.ReadIgnoreFiles(node, handle, listing);
        node.Listing = actual.Place.Filter.Filter(node, handle, listing);
        pass.Rules.Clocks.See(node.MountKey, SourceClocks.Newest(node.Listing, node.Device));
        var elsewhere = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (byte[] path in actual.Unseen ?? []) { Add(elsewhere, MappedPaths.Above(path)); }
        bool hasOwn = false, isDirect = actual.Canonical is not null;
        for (int i = 0; i < node.Listing.Count; i++)
        {
            ReadOnlySpan<byte> name = node.Listing.Name(i);
            ref EntryStat stat = ref node.Listing.Stat(i);
            byte[] live = actual.LiveOf(name), unmapped = actual.UnmappedOf(name);
            byte[]? path = paths.Of(live, unmapped);
            bool isHere = path is not null && actual.Canonical is not null && MappedPaths.Above(path).SequenceEqual(actual.Canonical);
            isDirect &= isHere && MappedPaths.NameIn(path).SequenceEqual(name);
            if (stat.Kind == EntryKind.Directory && actual.Place.Filter.Enters(node.Device, in stat, unmapped))
            {
                actual.Children++;
                children.Add(node.Listing == listing ? i : listing.Find(name),
                    new ActualDirectory(actual.Place, actual, node.Child(i, in stat), live, path));
            }
            else if (path is null) { TellMisfit(unmapped); }
            else if (isHere) { hasOwn = true; }
            else { Add(elsewhere, MappedPaths.Above(path)); }
        }

        actual.IsDirect = isDirect;
        bool isEmpty = node.Listing.Count == 0;
        if (isEmpty && actual.Canonical is null) { TellMisfit(node.Path()); }
        lock (tree) { tree.Add(actual, isEmpty, hasOwn, elsewhere.Values); }
        if (isFirst) { pass.LeftOut.Visited(node); }
        if (node.Listing != listing) { pass.Return(listing); }
        pass.Return(node.Listing);
        node.Listing = null!;
        _since[worker] = pass.Rules.Clocks.Elapsed;
    }

    /// <inheritdoc/>
    public void Failed(int worker, ActualDirectory actual, Failure failure)
    {
        Failure told = failure with { Path = actual.Canonical ?? actual.Node.Path() };
        lock (tree)
        {
            tree.IsIncomplete = true;
            if (failure.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ESTALE) { Missed.Add(told); }
            else
            {
                pass.Tally.Fail(told);
                // What lies below it may belong anywhere.
                if (misfits.Add("")) { pass.Tally.Fail(new Failure([], FailedOperation.List, failure.Errno, Unknown)); }
            }
        }
    }

    private byte[]? Find(ActualDirectory actual, ReadOnlySpan<byte> name, out RulePaths at)
    {
        byte[] live = actual.LiveOf(name);
        at = RulePaths.OfEntry(pass.Run.Source.Canonical, live);
        return paths.Of(live, actual.UnmappedOf(name));
    }

    private void TellMisfit(byte[] path)
    {
        lock (misfits)
        {
            if (!misfits.Add(Encoding.Latin1.GetString(path))) { return; }
        }

        pass.Tally.Fail(new Failure(path, FailedOperation.List, 0, "the name that it is mapped to lies nowhere in the source"));
    }

    private static void Add(Dictionary<string, byte[]> places, ReadOnlySpan<byte> path)
    {
        string key = Encoding.Latin1.GetString(path);
        if (!places.ContainsKey(key)) { places.Add(key, path.ToArray()); }
    }
}
