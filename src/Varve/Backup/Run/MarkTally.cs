using Varve.Model.Snapshots;

namespace Varve.Backup.Run;

/// <summary>How much was left out of one directory on purpose. Used by who visits it.</summary>
internal sealed class MarkTally
{
    internal long Excluded, NotEntered, OtherFileSystems, OwnDirectories, Ignored, Tagged, ByProperties;

    /// <summary>Of a directory that several places make up: the paths, since more than one place may have them.</summary>
    internal HashSet<string>? Paths { get; set; }

    internal bool HasOthers => NotEntered + OtherFileSystems + OwnDirectories + Ignored + Tagged + ByProperties > 0;

    /// <summary>Counts one that was left out for a reason.</summary>
    internal void Count(LeftOutReason reason) => _ = reason switch
    {
        LeftOutReason.Excluded => Excluded++,
        LeftOutReason.NotEntered => NotEntered++,
        LeftOutReason.OtherFileSystem => OtherFileSystems++,
        LeftOutReason.Ignored => Ignored++,
        LeftOutReason.Tagged => Tagged++,
        LeftOutReason.Property => ByProperties++,
        _ => OwnDirectories++,
    };

    /// <summary>Adds all but what rules exclude.</summary>
    internal void AddOthersTo(MarkTally sum)
    {
        sum.NotEntered += NotEntered;
        sum.OtherFileSystems += OtherFileSystems;
        sum.OwnDirectories += OwnDirectories;
        sum.Ignored += Ignored;
        sum.Tagged += Tagged;
        sum.ByProperties += ByProperties;
    }
}
