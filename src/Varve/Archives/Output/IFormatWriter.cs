using Varve.Archives.Feed;

namespace Varve.Archives.Output;

/// <summary>Writes jobs, in order, as an archive of some format. Used by one thread.</summary>
internal interface IFormatWriter
{
    /// <summary>Writes a job; one that failed leaves nothing, or is flagged in its entry.</summary>
    /// <exception cref="VarveException">Storage: the archive cannot be written.</exception>
    void Write(ArchiveJob job);

    /// <summary>Ends the archive, with what is said of it.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    void Finish(ArchiveComment comment);
}
