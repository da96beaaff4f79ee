using Varve.Backup.Run;
using Varve.Model;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup.Visit;

/// <summary>
/// A walk that begins with some children of one directory, which was dealt with already: that directory is only listed to find them,
/// everything below goes to the visitor. Thread-safe once it is filled.
/// </summary>
internal sealed class PickedChildren(EntryTablePool tables, DirectoryVisitor inner) : IWalkVisitor<DirectoryNode>
{
    private readonly Dictionary<string, DirectoryNode> _children = new(StringComparer.Ordinal);

    /// <summary>The node to start the walk with.</summary>
    internal DirectoryNode Start { get; } = new();

    /// <summary>A child to walk.</summary>
    internal void Add(DirectoryNode child) => _children.Add(Key(child.Name), child);

    /// <inheritdoc/>
    public bool Includes(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind) =>
        node == Start ? _children.ContainsKey(Key(name)) : inner.Includes(worker, node, name, kind);

    /// <inheritdoc/>
    public void LeftOut(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind)
    {
        if (node != Start) { inner.LeftOut(worker, node, name, kind); }
    }

    /// <inheritdoc/>
    public void EntryFailed(int worker, DirectoryNode node, ReadOnlySpan<byte> name, Failure failure)
    {
        // One of the children: it is missing from the listing, and Visit says so.
        if (node != Start) { inner.EntryFailed(worker, node, name, failure); }
    }

    /// <inheritdoc/>
    public void EntryMissed(int worker, DirectoryNode node, ulong inode)
    {
        if (node != Start) { inner.EntryMissed(worker, node, inode); }
    }

    /// <inheritdoc/>
    public void Visit(int worker, DirectoryNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<DirectoryNode> children)
    {
        if (node != Start)
        {
            inner.Visit(worker, node, handle, listing, children);
            return;
        }

        foreach (DirectoryNode child in _children.Values)
        {
            int i = listing.Find(child.Name);
            if (i >= 0 && listing.Stat(i).Kind == EntryKind.Directory) { children.Add(i, child); }
            else { inner.Failed(worker, child, new Failure([], FailedOperation.List, Errno.ENOENT, ReadFailure.Of(Errno.ENOENT))); }
        }

        tables.Return(listing);
    }

    /// <inheritdoc/>
    public void Failed(int worker, DirectoryNode node, Failure failure)
    {
        if (node != Start)
        {
            inner.Failed(worker, node, failure);
            return;
        }

        foreach (DirectoryNode child in _children.Values) { inner.Failed(worker, child, failure); }
    }

    // Names are bytes: one character each.
    private static string Key(ReadOnlySpan<byte> name) => System.Text.Encoding.Latin1.GetString(name);
}
