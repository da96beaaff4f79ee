using Varve.Freeze;
using Varve.Model;
using Varve.Model.Changes;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Snapshots;
using Varve.Walk;

namespace Varve.History.Differences;

/// <summary>
/// Finds what differs between a snapshot and a tree of this machine: reads all trees of the one and lists all directories of the other.
/// What the snapshot left out on purpose is no difference, and is counted. One thread.
/// </summary>
/// <param name="meta">Reads trees.</param>
/// <param name="budget">How much the snapshot may hold.</param>
/// <param name="lacking">What it lacks for a reason.</param>
/// <param name="leftOut">Why it has not a path, a directory or not, if it was left out.</param>
/// <param name="place">Where the tree is.</param>
/// <param name="entries">Reads what a stat does not tell.</param>
/// <param name="found">Takes what differs.</param>
/// <param name="failed">Takes what could not be read.</param>
internal sealed class LiveDifferences(FetchMeta meta, EntryBudget budget, LackingPaths lacking,
    Func<byte[], bool, LeftOutReason?> leftOut, LivePlace place, LiveEntry entries, DifferenceList found, Action<Failure> failed)
    : IListingSink
{
    private const int MostDescriptors = 200;

    private readonly Stack<(byte[] Path, ChunkId Before, WalkDirectory? Now)> _open = [];
    private readonly DirectoryLister _lister = new();
    private byte[] _listed = [];

    /// <summary>How many entries the snapshot left out on purpose; of a directory that it did not enter one.</summary>
    internal long Omitted { get; private set; }

    /// <summary>
    /// Adds what differs at and below a path: the snapshot's entry there, alone in a table, or null; and what is there now, if
    /// <paramref name="parent"/> is open, under that name in it.
    /// </summary>
    /// <exception cref="VarveException">Damaged: a tree, content, or a snapshot that goes on beyond what it counts.</exception>
    internal void Find(byte[] path, EntryTable? before, DirectoryHandle? parent, byte[] name, CancellationToken cancellationToken)
    {
        var now = new EntryTable();
        if (parent is not null && Posix.StatAt(parent.Fd, name, out EntryStat stat) == 0) { now.Add(name, stat); }
        var budgeted = new HandleBudget(MostDescriptors);
        DirectoryHandle? root = now.Count > 0 && now.Stat(0).Kind == EntryKind.Directory
            ? DirectoryHandle.OpenChild(parent!, name, budgeted, out _) : null;
        var directories = root is null ? null : new OpenDirectories(root, budgeted);
        try
        {
            Compare(path, before ?? new EntryTable(), before is null ? -1 : 0, now, now.Count - 1, parent,
                root is null ? null : new WalkDirectory(null, []));
            while (_open.TryPop(out (byte[] Path, ChunkId Before, WalkDirectory? Now) next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Merge(next.Path, Read(next.Before), next.Now, directories);
            }
        }
        finally
        {
            directories?.CloseAll();
            root?.Release();
        }
    }

    /// <inheritdoc/>
    bool IListingSink.Includes(ReadOnlySpan<byte> name, EntryKind kind) => place.Has(Paths.Join(_listed, name));

    /// <inheritdoc/>
    void IListingSink.StatFailed(ReadOnlySpan<byte> name, int errno) => Fail(Paths.Join(_listed, name), FailedOperation.Stat, errno);

    /// <inheritdoc/>
    void IListingSink.Missed(ulong inode) => failed(new Failure(_listed, FailedOperation.Changed, 0,
        "its entries were renamed while it was read: one that is there may be called gone"));

    private EntryTable Read(ChunkId tree)
    {
        var table = new EntryTable();
        if (!tree.IsNone) { TreeReader.Read(tree, meta, table); }
        for (int i = 0; i < table.Count; i++)
        {
            if (!budget.Take()) { throw budget.Beyond(); }
        }

        return table;
    }

    private void Merge(byte[] path, EntryTable a, WalkDirectory? directory, OpenDirectories? directories)
    {
        var b = new EntryTable();
        DirectoryHandle? handle = null;
        if (directory is not null && !List(path, directory, directories!, b, out handle)) { return; }
        int waiting = 0;
        for (int i = 0, j = 0; i < a.Count || j < b.Count;)
        {
            int order = i == a.Count ? 1 : j == b.Count ? -1 : a.Name(i).SequenceCompareTo(b.Name(j));
            ReadOnlySpan<byte> name = order <= 0 ? a.Name(i) : b.Name(j);
            WalkDirectory? child = order >= 0 && b.Stat(j).Kind == EntryKind.Directory ? new WalkDirectory(directory, name.ToArray()) : null;
            int open = _open.Count;
            Compare(Paths.Join(path, name), a, order <= 0 ? i++ : -1, b, order >= 0 ? j++ : -1, handle, child);
            if (_open.Count > open && _open.Peek().Now is not null) { waiting++; }
        }

        if (handle is null) { return; }
        if (waiting > 0) { directories!.Keep(directory!, handle, waiting); }
        handle.Release();
    }

    /// <summary>False, and it was said, if a directory cannot be listed: nobody knows then what it has.</summary>
    private bool List(byte[] path, WalkDirectory directory, OpenDirectories directories, EntryTable into, out DirectoryHandle? handle)
    {
        handle = directories.Open(directory, out int errno);
        if (handle is not null)
        {
            _listed = path;
            errno = directory.Again() is null ? _lister.List(handle, into, this) : Errno.ELOOP;
        }

        if (errno == 0) { return true; }
        handle?.Release();
        handle = null;
        Fail(path, FailedOperation.List, errno);
        return false;
    }

    /// <summary>Two entries of one name; -1 where there is none.</summary>
    private void Compare(byte[] path, EntryTable a, int i, EntryTable b, int j, DirectoryHandle? handle, WalkDirectory? child)
    {
        ChunkId tree = i >= 0 && a.Stat(i).Kind == EntryKind.Directory ? DetailsCodec.ChildTree(a.Details(i)) : default;
        if (j >= 0 && i < 0 && IsMissing(path, b, j)) { return; }
        if (i >= 0 && j >= 0 && entries.IsAsItWas(in a.Stat(i), in b.Stat(j)))
        {
            if (!tree.IsNone || child is not null) { _open.Push((path, tree, child)); }
            return;
        }

        EntryState? before = i < 0 ? null : new EntryState(path, a.Stat(i), a.Flags(i), a.Details(i).ToArray()), now = null;
        if (j >= 0)
        {
            int errno = entries.Read(handle!.Fd, b.Name(j), in b.Stat(j), before, out byte[] details, out FailedOperation operation);
            if (errno is Errno.ENOENT) { child = null; }
            else if (errno != 0)
            {
                Fail(path, operation, errno);
                return;
            }
            else { now = new EntryState(path, b.Stat(j), 0, details); }
        }

        if (before is null && now is null) { return; }
        found.Add(before, now);
        if (!tree.IsNone || child is not null) { _open.Push((path, tree, child)); }
    }

    /// <summary>Whether something that is there now is not in the snapshot for a reason.</summary>
    private bool IsMissing(byte[] path, EntryTable now, int j)
    {
        if (lacking.ReasonOf(path, now.Stat(j).Kind) is { } reason)
        {
            found.AddLacking(null, new EntryState(path, now.Stat(j), 0, []), reason);
            return true;
        }

        LeftOutReason? why = leftOut(path, now.Stat(j).Kind == EntryKind.Directory);
        if (why is null) { return false; }
        if (why is LeftOutReason.Failed or LeftOutReason.Pending)
        {
            found.AddLacking(null, new EntryState(path, now.Stat(j), 0, []),
                why == LeftOutReason.Failed ? EntryChange.Failed : EntryChange.Pending);
        }
        else { Omitted++; }

        return true;
    }

    private void Fail(byte[] path, FailedOperation operation, int errno) =>
        failed(new Failure(path, operation, errno, Errno.Message(errno)));
}
