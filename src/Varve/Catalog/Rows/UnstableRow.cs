using Varve.Model;

namespace Varve.Catalog.Rows;

/// <summary>A file that was not seen to hold still. It leaves the list when a stable read of it is durable.</summary>
/// <param name="Directory">The id of the directory it is in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Reason">Why it is on the list, the last time.</param>
/// <param name="Since">Start of the run that put it there.</param>
/// <param name="Runs">Runs, one after the other, that could not take it from the list.</param>
internal sealed record UnstableRow(long Directory, byte[] Name, UnstableReason Reason, FileTime Since, long Runs);
