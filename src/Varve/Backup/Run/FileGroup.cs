namespace Varve.Backup.Run;

/// <summary>
/// Files of one directory that belong together (<see cref="Model.Paths.FileGroups"/>) and of which at least one is to be read. One owner at
/// a time.
/// </summary>
/// <param name="Stem">What their names have in common.</param>
/// <param name="Endings">The endings of the group, of those too that are not there.</param>
internal sealed record FileGroup(byte[] Stem, byte[][] Endings)
{
    /// <summary>Of those that must be read: index in the listing, and in the known rows (-1: none).</summary>
    internal List<(int Now, int Known)> ToRead { get; } = [];

    /// <summary>Those that are as they were known, unless they change before the others are read.</summary>
    internal List<(int Now, int Known)> Standing { get; } = [];
}
