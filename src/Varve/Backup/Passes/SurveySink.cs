using Varve.Backup.Run;
using Varve.Detect;
using Varve.Model;

namespace Varve.Backup.Passes;

/// <summary>Counts the files that a run would have to read in a directory.</summary>
internal readonly struct SurveySink(RunRules rules, DirectoryNode node, AgeHistogram ages) : IMergeSink
{
    /// <inheritdoc/>
    public void New(int now) => Count(now);

    /// <inheritdoc/>
    public void Differs(int now, int known, Change change) => Count(now);

    /// <inheritdoc/>
    public void Unchanged(int now, int known)
    {
        if (rules.IsDistrusted(node, node.Listing.Name(now), known)) { Count(now); }
    }

    /// <inheritdoc/>
    public void Gone(int known)
    {
    }

    private void Count(int i)
    {
        if (node.Listing.Stat(i).Kind == EntryKind.File) { ages.Add(in node.Listing.Stat(i)); }
    }
}
