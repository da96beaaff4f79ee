using Varve.Model;

namespace Varve.History.Entries;

/// <summary>A file that was not seen to hold still, as <c>varve unstable</c> shows it.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Path">Relative to the source's root, bytes; empty for the root itself.</param>
/// <param name="IsTorn">What is stored of it never stood so: it is flagged. Otherwise it is exact, and the file was changing.</param>
/// <param name="Since">Start of the first of the backups in a row that could not read it stably.</param>
/// <param name="Runs">How many these were.</param>
internal sealed record UnstableFile(string Source, byte[] Path, bool IsTorn, FileTime Since, long Runs)
{
    /// <summary>Its stat tells another length than it has.</summary>
    public bool IsLengthUnknown { get; init; }
}
