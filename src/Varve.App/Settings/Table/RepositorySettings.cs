using System.Net;
using Varve.App.Settings.Daemon;
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

    internal static readonly Positional Drilled = new()
    {
        Name = "SNAPSHOT", Help = "A snapshot, as restore takes it", Default = "the latest of each source of this host",
        Presence = Presence.Optional, Completes = Completes.Snapshots,
    };

    internal static readonly FlagSetting Drill = new()
    {
        Name = "--drill",
        Help = "Restore files that are chosen by chance, read them back, and compare them with snapshot, catalog and what is there now",
    };

    internal static readonly ValueSetting<int> DrillFiles = new()
    {
        Name = "--files", ValueName = "N", Help = "How many files at most", Default = "100", Key = "files", Range = 1..1_000_000,
        Parse = Numbers.Whole(1, 1_000_000),
    };

    internal static readonly ValueSetting<long> DrillSize = new()
    {
        Name = "--size", ValueName = "SIZE", Help = "How many bytes at most; a larger file is never chosen", Default = "1G", Key = "size",
        Parse = Numbers.Size,
    };

    internal static readonly ValueSetting<int> DrillSeed = new()
    {
        Name = "--seed", ValueName = "N", Help = "Decides which files: the same from the same snapshots", Default = "by chance",
        Parse = Numbers.Whole(0, int.MaxValue),
    };

    internal static readonly ValueSetting<string> ScratchDirectory = new()
    {
        Name = "--scratch-dir", ValueName = "DIR", Help = "Where a directory is made for what is restored, and removed again",
        Default = "drills in the cache directory", Completes = Completes.Directories, Parse = Texts.FullPath,
    };

    internal static readonly CommandSpec Verify = new()
    {
        Path = "verify",
        Help = "With --drill: restore files of a snapshot, or of the latest of each source, to see whether they come back. What changed "
            + "since is no fault. Exit code 1 if there is one.",
        Examples = ["varve verify --drill", "varve verify --drill --files 1000 --size 10G latest", "varve verify --drill --source Documents"],
        Arguments = [Drilled],
        Settings =
        [
            Drill, DrillFiles, DrillSize, DrillSeed, ScratchDirectory, SourceSettings.Source, SourceSettings.HostOfLatest,
            SourceSettings.Writer, RestoreSettings.Workers,
        ],
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

    internal static readonly FlagSetting Stdio = new()
    {
        Name = "--stdio", Help = "Speak through standard input and output, as ssh starts it",
    };

    internal static readonly ValueSetting<string> Served = new()
    {
        Name = "--repository", ValueName = "DIR",
        Help = "With --stdio, the directory that is served; it is made when a repository is created there",
        Completes = Completes.Directories, Parse = Texts.NotEmpty,
    };

    internal static readonly FlagSetting AppendOnly = new()
    {
        Name = "--append-only", Help = "With --stdio, take new packs, index runs and snapshots; replace and remove nothing that is there",
    };

    internal static readonly ValueSetting<IPEndPoint> Listen = new()
    {
        Name = "--listen", ValueName = "ADDRESS",
        Help = "Where to listen: ADDRESS:PORT, or :PORT for all addresses; else as the configuration says",
        Key = "listen", Parse = Networks.Listening,
    };

    internal static readonly FlagSetting NewToken = new()
    {
        Name = "--new-token", Help = "Make a token for a client, and print it and the hash of it that the configuration gets",
    };

    internal static readonly CommandSpec Serve = new()
    {
        Path = "serve",
        Help = "Hand repositories to other machines. Whoever names one as ssh://HOST/DIR has this started here by ssh; in "
            + "authorized_keys it stands as a forced command (docs/remote.md). Without --stdio it answers to https://HOST/NAME: 'server' "
            + "in the configuration says which repositories, and to whom (docs/server.md).",
        Examples =
        [
            "varve serve --stdio --append-only --repository /srv/laptop", "varve serve --new-token",
            "varve serve --config /etc/varve/server.yaml --listen :8443",
        ],
        Settings = [Stdio, Served, AppendOnly, Listen, NewToken],
        UsesRepository = false,
        NoJson = "it speaks a protocol, and writes one JSON object a line for each request",
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
