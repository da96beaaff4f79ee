using Varve.Model;
using Varve.Tree.Details;

namespace Varve.History.Revisions;

/// <summary>One revision of an entry, with where it lies in the catalog. Immutable.</summary>
/// <param name="Directory">The directory it lies in.</param>
/// <param name="Name">Its name there, bytes.</param>
/// <param name="First">The number of the first snapshot that has it.</param>
/// <param name="Last">The first that has it no more; long.MaxValue while it is current.</param>
/// <param name="Stat">Its stat.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Details">Its details, encoded.</param>
internal sealed record RevisionRow(
    long Directory, byte[] Name, long First, long Last, EntryStat Stat, EntryFlags Flags, byte[] Details)
{
    /// <summary>Whether another is of the same name.</summary>
    internal bool HasNameOf(RevisionRow other) => Directory == other.Directory && Name.AsSpan().SequenceEqual(other.Name);

    /// <summary>
    /// Whether another may be the same file, or directory, under another name: by inode number and birth; where that is not known, of a
    /// file by size and time of modification.
    /// </summary>
    internal bool IsSameEntry(RevisionRow other)
    {
        if (Stat.Inode != other.Stat.Inode || Stat.Kind != other.Stat.Kind) { return false; }
        if (DetailsCodec.Decode(Details).Birth is { } born && DetailsCodec.Decode(other.Details).Birth is { } otherBorn)
        {
            return born == otherBorn;
        }

        return Stat.Kind == EntryKind.Directory || (Stat.Size == other.Stat.Size && Stat.Mtime == other.Stat.Mtime);
    }
}
