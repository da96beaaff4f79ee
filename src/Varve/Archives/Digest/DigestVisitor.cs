using Varve.Model;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Archives.Digest;

/// <summary>
/// What a walk does for a digest: a directory's listing becomes its records; what has to be read goes to <see cref="ContentHasher"/>.
/// Called by all threads of the walk.
/// </summary>
internal sealed class DigestVisitor(
    DigestOptions options, RuleSet rules, RulePaths paths, ulong device, DigestTally tally, EntryTablePool tables, ContentHasher? hasher)
    : IWalkVisitor<DigestNode>
{
    /// <inheritdoc/>
    public bool Includes(int worker, DigestNode node, ReadOnlySpan<byte> name, EntryKind kind) =>
        rules.IsEmpty || !rules.Excludes(node.Path(name), kind == EntryKind.Directory, paths);

    /// <inheritdoc/>
    public void EntryFailed(int worker, DigestNode node, ReadOnlySpan<byte> name, Failure failure) => tally.Fail(node, failure);

    /// <inheritdoc/>
    public void EntryMissed(int worker, DigestNode node, ulong inode) => tally.Fail(node,
        new Failure(node.Path([]), FailedOperation.Changed, 0, "something in it was renamed each time it was listed"));

    /// <inheritdoc/>
    public void Failed(int worker, DigestNode node, Failure failure)
    {
        tally.Fail(node, failure);
        tally.Done(node);
    }

    /// <inheritdoc/>
    public void Visit(int worker, DigestNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<DigestNode> children)
    {
        long length = 0, bytes = 0;
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            length += DigestFormat.RecordLength(listing.Name(i).Length, stat.Kind, options.Mode);
            if (stat.Kind == EntryKind.File) { bytes += stat.Size; }
        }

        tally.Count(listing.Count, bytes);
        node.Begin(options.Mode, length);
        ContentBatch? batch = null;
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            ReadOnlySpan<byte> name = listing.Name(i);
            int place = node.Add(name, in stat, options.Mode);
            if (stat.Kind == EntryKind.Directory) { AddDirectory(node, place, name, in stat, i, children); }
            else if (DigestFormat.HasValue(stat.Kind, options.Mode)) { AddContent(ref batch, node, place, handle, name, in stat); }
        }

        tables.Return(listing);
        if (batch is not null) { hasher!.Put(batch); }
        tally.Done(node);
    }

    private void AddDirectory(DigestNode node, int place, ReadOnlySpan<byte> name, in EntryStat stat, int i,
        WalkChildren<DigestNode> children)
    {
        var child = new DigestNode { Parent = node, Name = name.ToArray(), PlaceInParent = place };
        Interlocked.Increment(ref node.Pending);
        if (!options.OneFileSystem || stat.Device == device)
        {
            children.Add(i, child);
            return;
        }

        child.Begin(options.Mode, 0);
        tally.Done(child);
    }

    private void AddContent(ref ContentBatch? batch, DigestNode node, int place, DirectoryHandle handle, ReadOnlySpan<byte> name,
        in EntryStat stat)
    {
        if (stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice)
        {
            ContentHasher.HashDevice(in stat, node.Value(place, name.Length));
            return;
        }

        if (stat.Kind == EntryKind.Symlink)
        {
            int errno = EntryReader.ReadLink(handle.Fd, name, out byte[]? target);
            if (errno == 0) { System.Security.Cryptography.SHA256.HashData(target, node.Value(place, name.Length)); }
            else { tally.Fail(node, new Failure(node.Path(name), FailedOperation.Read, errno, Errno.Message(errno))); }
            return;
        }

        Interlocked.Increment(ref node.Pending);
        batch ??= new ContentBatch(node, handle);
        batch.Add(place, name, in stat);
        if (!batch.IsFull) { return; }
        hasher!.Put(batch);
        batch = null;
    }
}
