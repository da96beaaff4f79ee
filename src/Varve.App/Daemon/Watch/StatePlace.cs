using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.Platform;

namespace Varve.App.Daemon.Watch;

/// <summary>Where the list and the states of the daemon lie: what no cache can give back, and no other machine has.</summary>
internal static class StatePlace
{
    private const string OfRoot = "/var/lib/varve";

    /// <summary>
    /// The directory that an option or variable names; or else one in the XDG directory for states, which for root is /var/lib.
    /// </summary>
    /// <exception cref="VarveException">Usage: there is no place for it.</exception>
    internal static string Of(SettingValues values, Func<string, string?> environment) => Named(values, environment) ?? Default(environment);

    /// <summary>Whether an option or variable names another place than the usual one.</summary>
    internal static bool IsNamed(SettingValues values, Func<string, string?> environment) => Named(values, environment) is not null;

    private static string? Named(SettingValues values, Func<string, string?> environment) =>
        GlobalOptions.Find(values, DaemonSettings.StateDirectory, environment) is { } named ? Path.GetFullPath(named) : null;

    private static string Default(Func<string, string?> environment)
    {
        bool isRoot = Posix.EffectiveUser() == 0;
        if (isRoot && string.IsNullOrEmpty(environment("XDG_STATE_HOME"))) { return OfRoot; }
        return GlobalOptions.DefaultIn(environment, "XDG_STATE_HOME", ".local/state", null)
            ?? throw GlobalOptions.NoHome("the daemon's state", Advice.NameState);
    }
}
