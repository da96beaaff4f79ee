namespace Varve;

/// <summary>How deep to check.</summary>
public sealed record CheckOptions
{
    /// <summary>Read packs whole, decode every block and compare every chunk with its id.</summary>
    public bool ReadData { get; init; }

    /// <summary>Of all packs, the share to read, chosen at random: above 0, at most 100.</summary>
    public double Percent { get; init; } = 100;

    /// <summary>Which slice of the packs to read, from 1 on: where a pack belongs is told by its name alone.</summary>
    public int Slice { get; init; } = 1;

    /// <summary>How many slices there are, which are all packs together; at least <see cref="Slice"/>.</summary>
    public int Slices { get; init; } = 1;

    /// <summary>
    /// Say, for all who use the repository and from now on, that it is known that snapshots are missing, and which are signed falsely.
    /// </summary>
    public bool Acknowledge { get; init; }

    /// <summary>Threads; 0 means one for each processor.</summary>
    public int Workers { get; init; }
}
