using Varve.Detect;
using Varve.Model;

namespace Varve.Backup;

/// <summary>Counts the files that a run would have to read in a directory.</summary>
internal readonly struct SurveySink(EntryTable listing, AgeHistogram ages) : IMergeSink
{
    /// <inheritdoc/>
    public void New(int now) => Count(now);

    /// <inheritdoc/>
    public void Differs(int now, int known, Change change) => Count(now);

    /// <inheritdoc/>
    public void Unchanged(int now, int known)
    {
    }

    /// <inheritdoc/>
    public void Gone(int known)
    {
    }

    private void Count(int i)
    {
        if (listing.Stat(i).Kind == EntryKind.File) { ages.Add(in listing.Stat(i)); }
    }
}
