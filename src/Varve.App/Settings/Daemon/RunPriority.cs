namespace Varve.App.Settings.Daemon;

/// <summary>How much of processors and disks the daemon's runs get when others want them.</summary>
internal enum RunPriority
{
    /// <summary>What others leave.</summary>
    Low,
    /// <summary>As any program.</summary>
    Normal,
}
