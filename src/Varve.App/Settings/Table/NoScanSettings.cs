using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve noscan</c>.</summary>
internal static class NoScanSettings
{
    internal static readonly Positional Paths = new()
    {
        Name = "PATH", Help = "A directory", Presence = Presence.Any, Completes = Completes.Files, Default = "list those that are marked",
    };

    internal static readonly FlagSetting Remove = new() { Name = "--remove", Help = "Take the mark away: backups enter it again" };

    internal static readonly CommandSpec Command = new()
    {
        Path = "noscan",
        Help = "Mark directories that no backup of this user enters, without a rule in a configuration. The mark counts from the next backup "
            + "on, goes before every rule, and is in its snapshots; what was saved before stays there.",
        Examples = ["varve noscan ~/Downloads ~/.cache", "varve noscan --remove ~/Downloads", "varve noscan"],
        Arguments = [Paths],
        Settings = [Remove],
    };
}
