using System.Text;
using Varve.History.Entries;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>Lists what a snapshot has, from its trees: one leaf in memory at a time, and the directories that are still to come.</summary>
internal static class Lister
{
    /// <summary>
    /// What a partial snapshot left for the next, the newest first: 10,000 files at most, the snapshot's counts tell of how many. Nothing
    /// for a whole one.
    /// </summary>
    public static IReadOnlyList<PendingFile> Pending(Repository repository, SnapshotInfo snapshot)
    {
        repository.RequireFull("listing");
        return Pending(repository.MetaChunks.Read, snapshot);
    }

    /// <summary>The same for whoever has the full key.</summary>
    internal static IReadOnlyList<PendingFile> Pending(FetchMeta meta, SnapshotInfo snapshot)
    {
        ChunkId list = snapshot.Snapshot.Private!.PendingList;
        return list.IsNone ? [] : PendingList.Decode(meta(list).Span);
    }

    /// <inheritdoc cref="SnapshotFailures.List"/>
    public static IReadOnlyList<Failure> Failures(Repository repository, SnapshotInfo snapshot)
    {
        repository.RequireFull("listing");
        return SnapshotFailures.List(repository.MetaChunks.Read, snapshot);
    }

    /// <summary>
    /// What was left out of a snapshot on purpose, by path: the first 10,000 at most, the snapshot's counts tell of how many. Nothing for
    /// one without such a list.
    /// </summary>
    public static IReadOnlyList<LeftOutEntry> LeftOut(Repository repository, SnapshotInfo snapshot)
    {
        repository.RequireFull("listing");
        ChunkId list = snapshot.Snapshot.Private!.MarkList;
        return list.IsNone ? [] : [.. Read().Entries];

        LeftOutMarks Read()
        {
            LeftOutMarks marks = MarkList.Decode(repository.MetaChunks.Read(list).Span);
            return marks with { Rules = RulePlaces.Apply(snapshot.Snapshot.Private.RulePlaces, marks.Rules) };
        }
    }

    /// <summary>
    /// Lists a directory's entries (and all below it, depth-first, if <paramref name="recursive"/>), or the one entry if the path names
    /// something else. Stops a little beyond what the snapshot counts, unless <paramref name="noLimits"/>. A directory that cannot be read
    /// goes to <paramref name="failed"/>, and all else is listed (invariant 5).
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such path. Damaged: what leads to it, or a snapshot that goes on beyond its counts.
    /// Usage: more than wants to be asked for.</exception>
    public static void Run(Repository repository, SnapshotInfo snapshot, byte[]? path, bool recursive, Action<ListedEntry> found,
        Action<Failure> failed, bool noLimits = false, CancellationToken cancellationToken = default)
    {
        repository.RequireFull("listing");
        FoundEntry start = SnapshotPaths.Find(repository.MetaChunks.Read, snapshot, path);
        byte[] prefix = (path ?? []).AsSpan().Trim((byte)'/').ToArray();
        if (start.Stat.Kind != EntryKind.Directory)
        {
            found(new ListedEntry(prefix.Length > 0 ? prefix : start.Table.Name(0).ToArray(), start.Stat, start.Table.Flags(0),
                Target(start.Details), Text(start.User), Text(start.Group)));
            return;
        }

        var budget = new EntryBudget(snapshot, noLimits);
        if (recursive && prefix.Length == 0) { budget.RequireEntriesWithin(); }
        var below = new List<ListNode>();
        var stack = new Stack<ListNode>();
        stack.Push(new ListNode { Parent = null, Name = prefix, Tree = DetailsCodec.ChildTree(start.Details) });
        while (stack.TryPop(out ListNode? next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (next.Parent is not null)
            {
                if (!budget.Take()) { throw budget.Beyond(); }
                found(next.ToEntry());
                if (!recursive || next.Tree.IsNone) { continue; }
            }

            below.Clear();
            try { ReadDirectory(repository, next, below, cancellationToken); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                failed(new Failure(next.Path(), FailedOperation.List, 0, $"it cannot be listed, or not all of it: {e.Message}"));
            }

            // In reverse onto the stack, so that they come out in order.
            for (int i = below.Count - 1; i >= 0; i--) { stack.Push(below[i]); }
        }
    }

    private static void ReadDirectory(Repository repository, ListNode directory, List<ListNode> below, CancellationToken cancellationToken)
    {
        TreeReader.ForEachLeaf(directory.Tree, repository.MetaChunks.Read, (ChunkId _, ref TreeLeafReader leaf) =>
        {
            while (leaf.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                below.Add(new ListNode
                {
                    Parent = directory, Name = leaf.Name.ToArray(), Stat = leaf.Stat, Flags = leaf.Flags, Target = Target(leaf.Details),
                    Tree = leaf.Stat.Kind == EntryKind.Directory ? DetailsCodec.ChildTree(leaf.Details) : default,
                    User = Text(leaf.UserName(leaf.Stat.Uid)), Group = Text(leaf.GroupName(leaf.Stat.Gid)),
                });
            }
        });
    }

    private static byte[]? Target(ReadOnlySpan<byte> details) =>
        DetailsCodec.TryGet(details, DetailTag.SymlinkTarget, out ReadOnlySpan<byte> target) ? target.ToArray() : null;

    private static string? Text(ReadOnlySpan<byte> name) => name.IsEmpty ? null : Encoding.UTF8.GetString(name);
}
