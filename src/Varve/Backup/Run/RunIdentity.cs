using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;

namespace Varve.Backup.Run;

/// <summary>
/// What a run is: which source it saves, as which snapshot, and since when. Each pass has its own, which says whether it takes up another.
/// Immutable.
/// </summary>
internal sealed record RunIdentity
{
    /// <summary>The source as the catalog knows it.</summary>
    internal required SourceRow Source { get; init; }

    /// <summary>The catalog's number of the snapshot in the making.</summary>
    internal required long Number { get; init; }

    /// <summary>
    /// Whether rows of that number were there before: of a run that was killed and is taken up again, or of an earlier pass.
    /// </summary>
    internal required bool Resumed { get; init; }

    /// <summary>What <see cref="CatalogReader.ReadDirectory"/> is asked with: the number when it is resumed, else 0.</summary>
    internal long ResumedNumber => Resumed ? Number : 0;

    /// <summary>Whether there may be entries that the snapshots before have not seen, though they were not found to be gone.</summary>
    internal required bool HasGaps { get; init; }

    /// <summary>When the run began: of a resumed one, the first.</summary>
    internal required FileTime Start { get; init; }
}
