using Varve.Archives.Feed;

namespace Varve.Archives.Output;

/// <summary>Writes jobs, in order, as an archive of some format. Used by one thread.</summary>
internal interface IFormatWriter
{
    /// <summary>Writes a job; one that failed leaves nothing, or is flagged in its entry.</summary>
    /// <exception cref="VarveException">Storage: the archive cannot be written.</exception>
    void Write(ArchiveJob job);

    /// <summary>Bytes of the archive if it ended now, at most.</summary>
    long Bound { get; }

    /// <summary>Makes the bound what there is, as far as it was more.</summary>
    void Settle();

    /// <summary>Bytes that an entry, whose first job this is, adds to the archive at most.</summary>
    long MostOf(ArchiveJob job);

    /// <summary>Ends the archive, with what is said of it.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    void Finish(ArchiveComment comment);
}
