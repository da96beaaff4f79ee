namespace Varve.App.Settings.Daemon;

/// <summary>What the daemon does while the machine runs on its battery.</summary>
internal enum WhenOnBattery
{
    /// <summary>What it does anyway.</summary>
    Run,
    /// <summary>It begins nothing that nobody asked for.</summary>
    Wait,
}
