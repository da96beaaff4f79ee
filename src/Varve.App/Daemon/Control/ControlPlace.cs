using Varve.Platform;

namespace Varve.App.Daemon.Control;

/// <summary>Where the daemon listens.</summary>
internal static class ControlPlace
{
    /// <summary>The socket's name in its directory.</summary>
    internal const string Name = "control";

    /// <summary>
    /// The directory of the socket: that of a state directory that somebody named; or else root's below /run, a user's in his
    /// XDG_RUNTIME_DIR, and without one that of his state.
    /// </summary>
    internal static string Of(string stateDirectory, bool isNamed, Func<string, string?> environment) =>
        isNamed ? stateDirectory
        : Posix.EffectiveUser() == 0 ? "/run/varve"
        : environment("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Path.IsPathRooted(runtime) ? Path.Combine(runtime, "varve")
        : stateDirectory;
}
