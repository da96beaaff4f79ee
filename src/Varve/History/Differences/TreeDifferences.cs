using Varve.Freeze;
using Varve.Model;
using Varve.Model.Changes;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Snapshots;

namespace Varve.History.Differences;

/// <summary>
/// Finds what differs between any two snapshots by their trees, which have one id where they are the same: so it reads the directories that
/// changed, and those above them. Needs the full key and no catalog. One thread.
/// </summary>
/// <param name="meta">Reads trees.</param>
/// <param name="before">How much the first snapshot may hold.</param>
/// <param name="after">How much the second may hold.</param>
/// <param name="lackingBefore">What the first lacks for a reason.</param>
/// <param name="lackingAfter">What the second does.</param>
/// <param name="found">Takes what differs.</param>
internal sealed class TreeDifferences(
    FetchMeta meta, EntryBudget before, EntryBudget after, LackingPaths lackingBefore, LackingPaths lackingAfter, DifferenceList found)
{
    private readonly Stack<(byte[] Path, ChunkId Before, ChunkId After)> _open = [];

    /// <summary>Adds what differs below and in the roots' entries, each alone in a table; an empty one has nothing.</summary>
    /// <exception cref="VarveException">Damaged: a tree, or a snapshot that goes on beyond what it counts.</exception>
    internal void Find(EntryTable beforeRoot, EntryTable afterRoot, CancellationToken cancellationToken)
    {
        Compare([], beforeRoot, beforeRoot.Count - 1, afterRoot, afterRoot.Count - 1);
        while (_open.TryPop(out (byte[] Path, ChunkId Before, ChunkId After) next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Merge(next.Path, Read(next.Before, before), Read(next.After, after));
        }
    }

    private EntryTable Read(ChunkId tree, EntryBudget budget)
    {
        var entries = new EntryTable();
        if (!tree.IsNone) { TreeReader.Read(tree, meta, entries); }
        for (int i = 0; i < entries.Count; i++)
        {
            if (!budget.Take()) { throw budget.Beyond(); }
        }

        return entries;
    }

    private void Merge(byte[] directory, EntryTable a, EntryTable b)
    {
        for (int i = 0, j = 0; i < a.Count || j < b.Count;)
        {
            int order = i == a.Count ? 1 : j == b.Count ? -1 : a.Name(i).SequenceCompareTo(b.Name(j));
            ReadOnlySpan<byte> name = order <= 0 ? a.Name(i) : b.Name(j);
            Compare(Paths.Join(directory, name), a, order <= 0 ? i++ : -1, b, order >= 0 ? j++ : -1);
        }
    }

    /// <summary>Two entries of one name; -1 where there is none.</summary>
    private void Compare(byte[] path, EntryTable a, int i, EntryTable b, int j)
    {
        EntryChange? reason = i < 0 ? lackingBefore.ReasonOf(path, b.Stat(j).Kind)
            : j < 0 ? lackingAfter.ReasonOf(path, a.Stat(i).Kind) : null;
        if (reason is { } why)
        {
            found.AddLacking(i < 0 ? null : State(path, a, i), j < 0 ? null : State(path, b, j), why);
            return;
        }

        found.Add(i < 0 ? null : State(path, a, i), j < 0 ? null : State(path, b, j));
        ChunkId from = i < 0 ? default : Tree(a, i), to = j < 0 ? default : Tree(b, j);
        if (from != to) { _open.Push((path, from, to)); }
    }

    private static ChunkId Tree(EntryTable entries, int i) =>
        entries.Stat(i).Kind == EntryKind.Directory ? DetailsCodec.ChildTree(entries.Details(i)) : default;

    private static EntryState State(byte[] path, EntryTable entries, int i) =>
        new(path, entries.Stat(i), entries.Flags(i), entries.Details(i).ToArray());
}
