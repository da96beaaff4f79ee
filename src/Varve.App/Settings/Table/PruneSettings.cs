using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>The command <c>prune</c>.</summary>
internal static class PruneSettings
{
    internal static readonly ValueSetting<UnusedLimit> MaxUnused = new()
    {
        Name = "--max-unused", ValueName = "LIMIT",
        Help = "How much may stay that nobody needs, in packs of which the rest is needed: a percentage of what is needed, or a size",
        Default = "5%", Parse = UnusedLimit.Parse,
    };

    internal static readonly ValueSetting<long> MaxRepack = new()
    {
        Name = "--max-repack", ValueName = "SIZE", Help = "Copy at most so much", Parse = Numbers.SizeOrNone,
    };

    internal static readonly FlagSetting DryRun = new()
    {
        Name = "--dry-run", Alias = "-n", Help = "Only say what would be done",
    };

    internal static readonly ValueSetting<TimeSpan> KeepFor = new()
    {
        Name = "--keep-for", ValueName = "DURATION",
        Help = "Delete what is condemned no sooner than this, such as 36h or 14d: until then --undo takes it back",
        Default = "0", Parse = Numbers.Duration,
    };

    internal static readonly FlagSetting Wait = new()
    {
        Name = "--wait", Help = "Wait for backups that are at work, instead of leaving what has to wait for them to the next prune",
    };

    internal static readonly FlagSetting Undo = new()
    {
        Name = "--undo", Help = "Take back what was condemned here and is still there",
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "prune",
        Help = "Delete what no snapshot needs any more. Backups, restores and checks go on beside it.",
        Examples = ["varve prune", "varve prune --dry-run", "varve prune --keep-for 7d", "varve prune --undo"],
        Settings = [MaxUnused, MaxRepack, DryRun, KeepFor, Wait, Undo],
    };
}
