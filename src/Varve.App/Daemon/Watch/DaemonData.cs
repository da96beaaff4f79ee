namespace Varve.App.Daemon.Watch;

/// <summary>What the daemon remembers of itself.</summary>
internal sealed class DaemonData
{
    public bool Paused { get; set; }

    /// <summary>It was stopped, and not killed: then nothing of it was under way.</summary>
    public bool Stopped { get; set; }
}
