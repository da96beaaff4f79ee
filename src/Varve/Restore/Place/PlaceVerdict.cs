namespace Varve.Restore.Place;

/// <summary>What stands where an entry of the snapshot is to be.</summary>
internal enum PlaceVerdict : byte
{
    /// <summary>Nothing.</summary>
    Nothing,
    /// <summary>The entry as it is to be.</summary>
    Whole,
    /// <summary>The entry, but for its metadata.</summary>
    Metadata,
    /// <summary>Something else, which is to be replaced.</summary>
    Replace,
    /// <summary>Something else, which the rule leaves alone.</summary>
    LeftAlone,
}
