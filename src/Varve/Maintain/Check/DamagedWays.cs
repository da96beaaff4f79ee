using Varve.Maintain.Findings;
using System.Runtime.InteropServices;
using Varve.Model;

namespace Varve.Maintain.Check;

/// <summary>
/// The trees that lead to damage: a check follows them again wherever they come, so that all that is affected is named. Costs 40 bytes for
/// each. One thread.
/// </summary>
internal sealed class DamagedWays(CheckFindings report)
{
    // A bound for repositories of which much is gone, or that were made to have no end.
    private const int MostAgain = 100_000;

    private readonly HashSet<ChunkId> _tainted = [];

    // The trees from the root to the one being looked at, and how many of them are known to be tainted.
    private readonly List<ChunkId> _way = [];
    private int _marked;
    private int _again;

    /// <summary>The check is at a tree so many levels below the root.</summary>
    internal void Enter(ChunkId tree, int depth)
    {
        CollectionsMarshal.SetCount(_way, depth);
        _marked = Math.Min(_marked, depth);
        _way.Add(tree);
    }

    /// <summary>The check is at no tree.</summary>
    internal void Leave()
    {
        _way.Clear();
        _marked = 0;
    }

    /// <summary>Whether a tree that was read before leads to damage, and the bound is not reached.</summary>
    internal bool IsWorthAnotherLook(ChunkId tree)
    {
        if (!_tainted.Contains(tree)) { return false; }
        if (++_again == MostAgain) { report.Note("so much is damaged that not every path it affects is named"); }
        return _again < MostAgain;
    }

    /// <summary>There is damage in the tree where the check is, or in what its entries name.</summary>
    internal void Taint()
    {
        for (; _marked < _way.Count; _marked++) { _tainted.Add(_way[_marked]); }
    }
}
