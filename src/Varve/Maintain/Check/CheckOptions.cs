namespace Varve;

/// <summary>How deep to check.</summary>
public sealed record CheckOptions
{
    /// <summary>Read packs whole, decode every block and compare every chunk with its id.</summary>
    public bool ReadData { get; init; }

    /// <summary>Of all packs, the share to read, chosen at random: above 0, at most 100.</summary>
    public double Percent { get; init; } = 100;

    /// <summary>Threads; 0 means one for each processor.</summary>
    public int Workers { get; init; }
}
