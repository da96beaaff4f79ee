using System.Globalization;
using Varve.Platform.Files;
using Varve.Platform;

namespace Varve.Walk;

/// <summary>How a walk uses the machine.</summary>
internal sealed record WalkOptions
{
    /// <summary>
    /// Levels below the root that are walked. File systems have no such limit, but of one that makes up an inode number for each level of a
    /// directory that contains itself this is the only end.
    /// </summary>
    public const int MostLevels = 6_000;

    /// <summary>What is said of a directory below them.</summary>
    public static readonly string TooDeep = string.Create(CultureInfo.InvariantCulture,
        $"lies more than {MostLevels} levels deep: perhaps a directory contains itself");

    /// <summary>Walker threads, the caller's among them. At least 1.</summary>
    public required int Threads { get; init; }

    /// <summary>
    /// Directory descriptors to keep open, those that visitors hold included, before the walk closes what it can reopen: 12,288, or three
    /// quarters of what the process may have. At least 1.
    /// </summary>
    public int OpenDirectories { get; init; } = DescriptorShare.Directories(quarters: 3, most: 12_288);
}
