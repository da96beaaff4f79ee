using Varve.Platform;

namespace Varve.Walk;

/// <summary>How a walk uses the machine.</summary>
public sealed record WalkOptions
{
    /// <summary>Walker threads, the caller's among them. At least 1; by default one for each processor, 2 to 8.</summary>
    public int Threads { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>
    /// Directory descriptors to keep open, those that visitors hold included, before the walk closes what it can reopen: 4,096, or three quarters of what the
    /// process may have. At least 1.
    /// </summary>
    public int OpenDirectories { get; init; } = Math.Clamp(Posix.DescriptorLimit() / 4 * 3, 16, 4096);
}
