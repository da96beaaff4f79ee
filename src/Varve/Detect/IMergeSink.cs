namespace Varve.Detect;

/// <summary>
/// Receives what <see cref="DirectoryMerge"/> finds, in order of names. Indices are those of the two tables. Where the catalog row's Last
/// is not long.MaxValue, the interrupted run that is being resumed had closed it: it has to be reopened or replaced, not closed.
/// </summary>
internal interface IMergeSink
{
    /// <summary>An entry without a known state (or, after <see cref="Gone"/>, of another kind than the known one).</summary>
    void New(int now);

    /// <summary>An entry as it was.</summary>
    void Unchanged(int now, int known);

    /// <summary>
    /// An entry that has to be read: <paramref name="change"/> is MetadataOnly or Changed, see <see cref="ChangePredicate.Compare"/>.
    /// </summary>
    void Differs(int now, int known, Change change);

    /// <summary>A known, open state whose entry is no more.</summary>
    void Gone(int known);
}
