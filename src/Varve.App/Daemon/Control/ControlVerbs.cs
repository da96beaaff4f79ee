namespace Varve.App.Daemon.Control;

/// <summary>What can be asked of the daemon, as it is spelled between processes.</summary>
internal static class ControlVerbs
{
    /// <summary>How everything stands: one object.</summary>
    internal const string Status = "status";

    /// <summary>The same, again each second.</summary>
    internal const string Follow = "follow";

    internal const string Run = "run";
    internal const string Pause = "pause";
    internal const string Resume = "resume";

    /// <summary>List and configuration are read again.</summary>
    internal const string Reload = "reload";

    /// <summary>From signals only: come to an end, and, asked again, at once.</summary>
    internal const string Stop = "stop";

    /// <summary>Those that a peer may send and that the loop carries out.</summary>
    internal static bool IsForLoop(string verb) => verb is Run or Pause or Resume or Reload;
}
