namespace Varve.Backup.Run;

/// <summary>How much was left out of one directory on purpose. Used by who visits it.</summary>
internal sealed class MarkTally
{
    internal long Excluded, NotEntered, OtherFileSystems, OwnDirectories;

    /// <summary>Of a directory that several places make up: the paths, since more than one place may have them.</summary>
    internal HashSet<string>? Paths { get; set; }

    internal bool HasOthers => NotEntered + OtherFileSystems + OwnDirectories > 0;
}
