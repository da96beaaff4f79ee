using Varve.Model;

namespace Varve.Catalog.Rows;

/// <summary>A revision of a directory, by where it lies.</summary>
/// <param name="Parent">The directory above.</param>
/// <param name="Name">Its name there.</param>
/// <param name="First">The first snapshot that has it.</param>
/// <param name="Last">The first that has it no more, or long.MaxValue while it is current.</param>
/// <param name="Stat">Its stat.</param>
/// <param name="Details">Its details.</param>
internal readonly record struct KnownDirectory(long Parent, byte[] Name, long First, long Last, EntryStat Stat, byte[] Details);
