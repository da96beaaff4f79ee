namespace Varve.Backup.Run;

/// <summary>How a file's content was come by (decision 0022).</summary>
internal enum Stability : byte
{
    /// <summary>As it stood at one moment, and its stat tells of any change since.</summary>
    Stable = 0,
    /// <summary>As it stood at one moment, but it went on changing, or it can change without its stat telling.</summary>
    Moving = 1,
    /// <summary>It never held still: the content may mix moments.</summary>
    Torn = 2,
    /// <summary>The content is stable, but an attribute could not be read: a later run has to try again.</summary>
    Incomplete = 3,
    /// <summary>As it was read to its end, twice alike; its stat tells another length, so it may tell of no change either.</summary>
    LengthUnknown = 4,
}
