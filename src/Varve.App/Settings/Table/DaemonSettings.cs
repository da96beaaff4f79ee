using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve daemon</c>, and what talks to it. What the configuration may say has a key.</summary>
internal static class DaemonSettings
{
    internal static readonly ValueSetting<string> StateDirectory = new()
    {
        Name = "--state-dir", ValueName = "DIR", Variable = "VARVE_STATE_DIR",
        Help = "Where the list of sources lies, and what became of each", Default = "~/.local/state/varve, of root /var/lib/varve",
        Completes = Completes.Directories, Parse = Texts.FullPath,
    };

    internal static readonly ValueSetting<WhenOnBattery> OnBattery = new()
    {
        Name = "--on-battery", ValueName = "run|wait", Help = "Whether to begin anything while the machine runs on its battery: run or wait",
        Default = "run", Key = "on-battery", Words = DaemonWords.Battery, Parse = DaemonWords.ParseBattery,
    };

    internal static readonly ValueSetting<RunPriority> Priority = new()
    {
        Name = "--priority", ValueName = "low|normal", Help = "What runs get of processors and disks: what others leave (low), or normal",
        Default = "low", Key = "priority", Words = DaemonWords.Priorities, Parse = DaemonWords.ParsePriority,
    };

    internal static readonly ValueSetting<TimeSpan> AllDataIn = new()
    {
        Name = "all-data-in", ValueName = "DURATION", // of the configuration alone
        Help = "Of checks: read a slice of the data each time, so that all is read once in this time",
        Key = "all-data-in", Parse = Spans.Parse,
    };

    internal static readonly Positional Action = new()
    {
        Name = "install|uninstall|status", Words = ["install", "uninstall", "status"], Presence = Presence.Optional,
        Help = "Have systemd run the daemon (install), no longer run it (uninstall), or say how it is (status)", Default = "be the daemon",
    };

    internal static readonly FlagSetting System = new()
    {
        Name = "--system", Help = "For the whole machine: the unit of the system's manager; root's default",
    };

    internal static readonly FlagSetting User = new()
    {
        Name = "--user", Help = "For the user who runs this: a unit of his own manager",
    };

    internal static readonly FlagSetting Follow = new() { Name = "--follow", Help = "Go on, with what runs are doing, until Ctrl-C" };

    internal static readonly Positional Name = new()
    {
        Name = "NAME", Help = "A name that 'varve status' shows",
    };

    internal static readonly Positional MaybeName = new()
    {
        Name = "NAME", Help = "A name that 'varve status' shows", Default = "all", Presence = Presence.Optional,
    };

    /// <summary>What the configuration may say of the daemon by itself.</summary>
    internal static readonly IReadOnlyList<Setting> Configured = [OnBattery, Priority];

    internal static readonly CommandSpec Command = new()
    {
        Path = "daemon",
        Help = "Protect what 'varve list' shows, in the foreground, until it is stopped: SIGTERM or Ctrl-C stop it, SIGHUP has it read "
            + "list and configuration again. With install, uninstall or status it is about the unit by which systemd runs it.",
        Examples = ["varve daemon", "varve daemon install", "varve daemon status"],
        Arguments = [Action],
        Settings = [System, User, Priority, OnBattery, StateDirectory],
    };

    internal static readonly CommandSpec Status = new()
    {
        Path = "status",
        Help = "Show at a glance whether everything is protected: of each source when it was last saved well, when it comes next, what is "
            + "wrong, and what to do. Exit code 1 if something is wrong.",
        Examples = ["varve status", "varve status --follow", "varve status --json"],
        Settings = [Follow, StateDirectory],
    };

    internal static readonly CommandSpec Run = new()
    {
        Path = "run",
        Help = "Have the daemon run NAME now, whatever its schedule says.",
        Examples = ["varve run Documents"],
        Arguments = [Name],
        Settings = [StateDirectory],
    };

    internal static readonly CommandSpec Pause = new()
    {
        Path = "pause",
        Help = "Have the daemon begin nothing of NAME, or nothing at all, until 'varve resume', over restarts too.",
        Examples = ["varve pause", "varve pause Documents"],
        Arguments = [MaybeName],
        Settings = [StateDirectory],
    };

    internal static readonly CommandSpec Resume = new()
    {
        Path = "resume",
        Help = "Take back 'varve pause'. What became due meanwhile is run once.",
        Examples = ["varve resume", "varve resume Documents"],
        Arguments = [MaybeName],
        Settings = [StateDirectory],
    };
}
