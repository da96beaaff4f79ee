using Varve.Catalog.Rows;

namespace Varve.History.Entries;

/// <summary>A finished backup of a source that the catalog knows of.</summary>
/// <param name="Source">The source.</param>
/// <param name="Run">
/// The backup: with <see cref="SnapshotRow.IsSkipped"/> one that found everything as the snapshot before has it, and made none.
/// </param>
internal sealed record KnownRun(SourceRow Source, SnapshotRow Run);
