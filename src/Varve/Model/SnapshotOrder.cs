namespace Varve.Model;

/// <summary>
/// Where a snapshot stands in its history, whatever clocks showed: by generation, then by start, then by name. Those whose writers did not
/// say a generation come first.
/// </summary>
internal readonly record struct SnapshotOrder(long Generation, FileTime Start, ObjectName Name) : IComparable<SnapshotOrder>
{
    /// <inheritdoc/>
    public int CompareTo(SnapshotOrder other)
    {
        int order = Generation.CompareTo(other.Generation);
        if (order == 0) { order = Start.CompareTo(other.Start); }
        return order != 0 ? order : Name.CompareTo(other.Name);
    }

    /// <summary>Whether it is newer than another.</summary>
    internal bool IsAfter(in SnapshotOrder other) => CompareTo(other) > 0;
}
