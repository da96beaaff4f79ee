using Varve.Model;
using Varve.Platform;

namespace Varve.Walk;

/// <summary>
/// Walks a directory tree with several threads. Directories wait in a shared LIFO, so the walk is depth-first: what waits, and what is
/// open, is bounded by the depth and the siblings on the way, not by the tree.
/// </summary>
/// <remarks>
/// Invariants:
/// 1. Nothing leaves the tree: every directory but the root is opened by name in its open parent, and no symlink is followed.
/// 2. Each directory added is visited or failed exactly once, unless the walk is stopped. A listing cut short is a failure (invariant 4 of
/// the design).
/// 3. Names are bytes; depth and path length have no limit: no path is ever passed to the system.
/// 4. Descriptors stay near <see cref="WalkOptions.OpenDirectories"/>, whatever the depth, as far as visitors do not hold them.
/// Mount points are entered like any directory; a visitor that wants one file system only compares devices, best in Visit by the handle's
/// stat. Thread-safety: one Run at a time per root handle; the visitor is called by all threads of the walk.
/// </remarks>
/// <typeparam name="TNode">What the visitor knows a directory by.</typeparam>
internal sealed class Walker<TNode> where TNode : class
{
    private readonly IWalkVisitor<TNode> _visitor;
    private readonly EntryTablePool _tables;
    private readonly WalkOptions _options;

    /// <summary>Creates it. Listings come from <paramref name="tables"/>, where the visitor returns them.</summary>
    public Walker(IWalkVisitor<TNode> visitor, EntryTablePool tables, WalkOptions options)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        _visitor = visitor;
        _tables = tables;
        _options = options;
    }

    /// <summary>
    /// Walks the tree below <paramref name="root"/>, known to the visitor as <paramref name="node"/>; returns when all is visited. The
    /// handle stays the caller's. Throws what a visitor threw, after all threads have ended, and <see cref="OperationCanceledException"/>.
    /// </summary>
    public void Run(DirectoryHandle root, TNode node, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(node);
        cancellation.ThrowIfCancellationRequested();
        var open = new OpenDirectories(root, new HandleBudget(_options.OpenDirectories));
        var queue = new WalkQueue<WalkItem<TNode>>(new WalkItem<TNode>(new WalkDirectory(null, []), node));
        var workers = new WalkWorker<TNode>[_options.Threads];
        for (int i = 0; i < workers.Length; i++) { workers[i] = new WalkWorker<TNode>(i, _visitor, _tables, open, queue); }

        using (cancellation.UnsafeRegister(static q => ((WalkQueue<WalkItem<TNode>>)q!).Stop(), queue))
        {
            var threads = new Thread[workers.Length - 1];
            for (int i = 0; i < threads.Length; i++)
            {
                threads[i] = new Thread(workers[i + 1].Work) { IsBackground = true, Name = $"walk {i + 1}" };
                threads[i].Start();
            }

            workers[0].Work();
            foreach (Thread thread in threads) { thread.Join(); }
        }

        open.CloseAll();
        foreach (WalkWorker<TNode> worker in workers) { worker.Error?.Throw(); }
        cancellation.ThrowIfCancellationRequested();
    }
}
