using Varve.Platform;

namespace Varve.Walk;

/// <summary>How a walk uses the machine.</summary>
internal sealed record WalkOptions
{
    /// <summary>Walker threads, the caller's among them. At least 1.</summary>
    public required int Threads { get; init; }

    /// <summary>
    /// Directory descriptors to keep open, those that visitors hold included, before the walk closes what it can reopen: 4,096, or three
    /// quarters of what the process may have. At least 1.
    /// </summary>
    public int OpenDirectories { get; init; } = Math.Clamp(Posix.DescriptorLimit() / 4 * 3, 16, 4096);
}
