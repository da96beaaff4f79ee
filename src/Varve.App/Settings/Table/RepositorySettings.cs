using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>The commands for a repository as a whole: <c>init</c>, <c>check</c>, <c>prune</c>, <c>stats</c>, <c>catalog</c>.</summary>
internal static class RepositorySettings
{
    internal static readonly ValueSetting<string> Label = new()
    {
        Name = "--label", ValueName = "TEXT", Help = "What to call the key", Default = "user@host", Parse = Texts.Text,
    };

    internal static readonly ValueSetting<DataShare> ReadData = new()
    {
        Name = "--read-data", ValueName = "PERCENT|N/M",
        Help = "Read and verify the packs too; or PERCENT of them, chosen at random; or the Nth of M slices, which are all of them together",
        IsValueOptional = true,
        Parse = DataShare.Parse,
    };

    internal static readonly FlagSetting Acknowledge = new()
    {
        Name = "--acknowledge",
        Help = "Say that it is known which snapshots are missing or signed falsely, so that nobody is told again",
    };

    internal static readonly CommandSpec Init = new()
    {
        Path = "init",
        Help = "Create a repository with its first key, of level full.",
        Examples = ["varve init -r /mnt/disk/backup --key-file ~/.config/varve/key",
            "VARVE_PASSWORD='correct horse' varve init -r /mnt/disk/backup"],
        Settings = [Label],
    };

    internal static readonly CommandSpec Check = new()
    {
        Path = "check",
        Help = "Verify that the repository holds everything its snapshots refer to, undamaged.",
        Examples = ["varve check", "varve check --read-data=10", "varve check --read-data=3/30"],
        Settings = [ReadData, Acknowledge, RestoreSettings.Workers, VerboseSettings.Check],
    };

    internal static readonly CommandSpec Stats = new()
    {
        Path = "stats", Help = "Show what the repository holds and how much that takes.", Examples = ["varve stats -r /mnt/disk/backup"],
    };

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

    internal static readonly FlagSetting PruneDryRun = new()
    {
        Name = "--dry-run", Alias = "-n", Help = "Only say what would be done",
    };

    internal static readonly ValueSetting<TimeSpan> KeepFor = new()
    {
        Name = "--keep-for", ValueName = "DURATION",
        Help = "Delete what is condemned no sooner than this, such as 36h or 14d: until then --undo takes it back",
        Default = "0", Parse = Numbers.Duration,
    };

    internal static readonly FlagSetting PruneWait = new()
    {
        Name = "--wait", Help = "Wait for backups that are at work, instead of leaving what has to wait for them to the next prune",
    };

    internal static readonly FlagSetting PruneUndo = new()
    {
        Name = "--undo", Help = "Take back what was condemned here and is still there",
    };

    internal static readonly CommandSpec Prune = new()
    {
        Path = "prune",
        Help = "Delete what no snapshot needs any more. Backups, restores and checks go on beside it.",
        Examples = ["varve prune", "varve prune --dry-run", "varve prune --keep-for 7d", "varve prune --undo"],
        Settings = [MaxUnused, MaxRepack, PruneDryRun, KeepFor, PruneWait, PruneUndo],
    };

    internal static readonly CommandSpec CatalogStatus = new()
    {
        Path = "catalog status", Help = "Show where the catalog is and whether it is current.", Examples = ["varve catalog status"],
    };

    internal static readonly CommandSpec CatalogRebuild = new()
    {
        Path = "catalog rebuild", Help = "Build the catalog anew from the repository.", Examples = ["varve catalog rebuild"],
        Settings = [RestoreSettings.NoLimits],
    };

    internal static readonly CommandSpec Catalog = new()
    {
        Path = "catalog",
        Help = "Show or rebuild the catalog, the local database. It is a cache: losing it costs time, never data.",
        Examples = ["varve catalog status", "varve catalog rebuild"],
        Commands = [CatalogStatus, CatalogRebuild],
    };
}
