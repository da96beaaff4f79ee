using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Model;
using Varve.Walk;

namespace Varve.Backup.Visit;

/// <summary>
/// What a walker does with a directory it has listed: drops what is ours, has it examined, and says which child directories are entered.
/// Thread-safe.
/// </summary>
internal sealed class DirectoryVisitor(BackupPass pass, DirectoryExaminer[] examiners, ulong rootDevice) : IWalkVisitor<DirectoryNode>
{
    /// <inheritdoc/>
    public void Visit(int worker, DirectoryNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<DirectoryNode> children)
    {
        DirectoryExaminer mine = examiners[worker];
        node.Listing = Filter(node, listing);
        pass.Tally.Progress.AddDirectory();
        mine.Files.Clear();
        mine.Examine(node, handle);
        for (int i = 0; i < node.Listing.Count; i++)
        {
            ref EntryStat stat = ref node.Listing.Stat(i);
            if (stat.Kind != EntryKind.Directory || node.Omitted?.Contains(i) == true) { continue; }
            if (pass.Rules.OneFileSystem && stat.Device != rootDevice)
            {
                mine.SaveEmpty(node, handle, i, in stat);
                continue;
            }

            Interlocked.Increment(ref node.Pending);
            children.Add(node.Listing == listing ? i : listing.Find(node.Listing.Name(i)), node.Child(i, in stat));
        }

        if (node.Listing != listing) { pass.Return(listing); }
        mine.Enqueue(node, handle);
        mine.Assembler.PartDone(node);
    }

    /// <inheritdoc/>
    public bool Includes(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind) =>
        pass.Rules.Excludes.Length == 0 || pass.Rules.Includes(examiners[worker].PathOf(node, name), kind);

    /// <inheritdoc/>
    public void EntryFailed(int worker, DirectoryNode node, ReadOnlySpan<byte> name, Failure failure) =>
        pass.Tally.Fail(failure with { Path = node.Path(name) });

    /// <inheritdoc/>
    public void Failed(int worker, DirectoryNode node, Failure failure) =>
        examiners[worker].Assembler.Fail(node, failure with { Path = node.Path() });

    /// <summary>Drops the repository and the cache. The usual case keeps the table it was given.</summary>
    internal EntryTable Filter(DirectoryNode node, EntryTable listing)
    {
        EntryTable? kept = null;
        for (int i = 0; i < listing.Count; i++)
        {
            bool drop = listing.Stat(i).Kind == EntryKind.Directory && IsOwn(node, listing.Name(i), in listing.Stat(i));
            if (drop && kept is null)
            {
                kept = pass.Tables.Rent();
                for (int j = 0; j < i; j++) { kept.Add(listing.Name(j), in listing.Stat(j)); }
            }
            else if (!drop) { kept?.Add(listing.Name(i), in listing.Stat(i)); }
        }

        return kept ?? listing;
    }

    private bool IsOwn(DirectoryNode node, ReadOnlySpan<byte> name, in EntryStat stat)
    {
        if (pass.Rules.OwnAt(node, name, in stat) is not { } own) { return false; }
        pass.Tally.Note(new Notice(Subject.Path(node.Path(name)), $"is left out: {own.What}"));
        return true;
    }
}
