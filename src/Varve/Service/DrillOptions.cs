namespace Varve.Service;

/// <summary>How a drill is done.</summary>
internal sealed record DrillOptions
{
    /// <summary>The directory in which it has a directory of its own for as long as it takes; made if missing.</summary>
    internal required string Scratch { get; init; }

    /// <summary>How many files it restores at most.</summary>
    internal int Files { get; init; } = 100;

    /// <summary>How many bytes at most; a larger file is never chosen.</summary>
    internal long Bytes { get; init; } = 1L << 30;

    /// <summary>Decides which: the same from the same snapshots.</summary>
    internal required int Seed { get; init; }

    /// <summary>Threads that decode and write; 0 means one for each processor.</summary>
    internal int Workers { get; init; }
}
