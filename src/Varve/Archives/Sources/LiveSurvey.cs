using Varve.Model;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Walk;

namespace Varve.Archives.Sources;

/// <summary>Lists a live tree and keeps the listings. Called by all threads of the walk.</summary>
internal sealed class LiveSurvey : IWalkVisitor<ArchiveNode>
{
    private readonly ArchiveTree _tree;
    private readonly ArchiveRoot _root;
    private readonly RuleSet _rules;
    private readonly RulePaths _paths;
    private readonly bool _oneFileSystem;
    private readonly IReadOnlySet<(ulong Device, ulong Inode)> _own;

    private LiveSurvey(ArchiveTree tree, ArchiveRoot root, IReadOnlyList<ExcludeRule> rules, bool oneFileSystem,
        IReadOnlySet<(ulong Device, ulong Inode)> own)
    {
        (_tree, _root, _oneFileSystem, _own) = (tree, root, oneFileSystem, own);
        _rules = new RuleSet(rules, root.Path);
        _paths = new RulePaths(root.Path, root.Path);
    }

    /// <summary>
    /// Lists all that lies below the roots of a tree that are directories. <paramref name="own"/>: directories that are left out, because
    /// the archive itself is made there.
    /// </summary>
    /// <exception cref="VarveException">Usage: a rule makes no sense.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static void Run(ArchiveTree tree, IReadOnlyList<ExcludeRule> rules, bool oneFileSystem,
        IReadOnlySet<(ulong Device, ulong Inode)> own, int threads, CancellationToken cancelled)
    {
        foreach (ArchiveRoot root in tree.Roots)
        {
            if (root.Node is null) { continue; }
            var survey = new LiveSurvey(tree, root, rules, oneFileSystem, own);
            var walker = new Walker<ArchiveNode>(survey, new EntryTablePool(), new WalkOptions { Threads = threads });
            walker.Run(root.Handle!, root.Node, cancelled);
        }
    }

    /// <inheritdoc/>
    public bool Includes(int worker, ArchiveNode node, ReadOnlySpan<byte> name, EntryKind kind) =>
        _rules.IsEmpty || !_rules.Excludes(node.RelativePath(name), kind == EntryKind.Directory, _paths);

    /// <inheritdoc/>
    public void EntryFailed(int worker, ArchiveNode node, ReadOnlySpan<byte> name, Failure failure) => _tree.Fail(_root, failure);

    /// <inheritdoc/>
    public void EntryMissed(int worker, ArchiveNode node, ulong inode) => _tree.Fail(_root,
        new Failure(node.RelativePath([]), FailedOperation.Changed, 0, "something in it was renamed each time it was listed"));

    /// <inheritdoc/>
    public void Failed(int worker, ArchiveNode node, Failure failure)
    {
        node.Listing = new EntryTable();
        node.Failed = failure;
        _tree.Fail(_root, failure);
    }

    /// <inheritdoc/>
    public void Visit(int worker, ArchiveNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<ArchiveNode> children)
    {
        // A table of its own: those of the walk are as long as the longest directory was.
        var kept = new EntryTable();
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            if (stat.Kind == EntryKind.Directory && _own.Contains((stat.Device, stat.Inode))) { continue; }
            kept.Add(listing.Name(i), in stat);
            if (stat.Kind != EntryKind.Directory || (_oneFileSystem && stat.Device != _root.Stat.Device)) { continue; }
            var child = new ArchiveNode(node, listing.Name(i).ToArray());
            node.Children.Add((kept.Count - 1, child));
            children.Add(i, child);
        }

        node.Listing = kept;
    }
}
