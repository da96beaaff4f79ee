namespace Varve.App.Settings.Values;

/// <summary>What a shell offers for a value that is not one of a closed set.</summary>
internal enum Completes
{
    /// <summary>Nothing: only who types it knows it.</summary>
    Nothing,
    /// <summary>Files and directories.</summary>
    Files,
    /// <summary>Directories.</summary>
    Directories,
    /// <summary>Names of snapshots.</summary>
    Snapshots,
    /// <summary>Names of snapshots, and after a colon paths in them.</summary>
    SnapshotPaths,
    /// <summary>Paths in the snapshot that stands before.</summary>
    Paths,
    /// <summary>Names of sources.</summary>
    Sources,
}
