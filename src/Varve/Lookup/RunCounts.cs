namespace Varve.Lookup;

/// <summary>How many records of each sort a run's table has.</summary>
internal readonly record struct RunCounts(uint Packs, uint Blocks, uint Chunks, uint Origins, uint Superseded);
