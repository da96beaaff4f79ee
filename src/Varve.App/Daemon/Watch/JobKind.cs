namespace Varve.App.Daemon.Watch;

/// <summary>What the daemon does.</summary>
internal enum JobKind
{
    /// <summary>A snapshot of a source.</summary>
    Backup,
    /// <summary>A dated archive of a source, if it changed.</summary>
    Archive,
    /// <summary>Snapshots go that no rule keeps.</summary>
    Forget,
    /// <summary>What no snapshot needs goes.</summary>
    Prune,
    /// <summary>Whether everything is there and whole.</summary>
    Check,
    /// <summary>Whether files come back.</summary>
    Drill,
}
