using Varve.App.Settings.Values;
using Varve.Archives.Write;

namespace Varve.App.Settings.Table;

/// <summary>
/// <c>varve archive</c>, <c>extract</c> and <c>digest</c>, which go by what the line says and by no configuration of sources.
/// </summary>
internal static class ArchiveSettings
{
    internal static readonly Positional DigestPaths = new()
    {
        Name = "PATH", Help = "Directories or files", Presence = Presence.Any, Default = "what --check FILE names",
        Completes = Completes.Files,
    };

    internal static readonly FlagSetting Content = new() { Name = "--content", Help = "Content too, not only names, kinds, modes, sizes and times" };

    internal static readonly FlagSetting ListDigests = new() { Name = "--list", Help = "Print the digest of each directory below PATH too" };

    internal static readonly ValueSetting<string> CheckDigests = new()
    {
        Name = "--check", Alias = "-c", ValueName = "FILE", Help = "Compare with digests that this command printed into FILE; exit code 1 if one differs",
        Completes = Completes.Files, Parse = Texts.FullPath,
    };

    internal static readonly ValueSetting<string> Excludes = new()
    {
        Name = "--exclude", ValueName = "RULE",
        Help = "Leave out what matches, as backup does: a name, a path below PATH, or an absolute path; or re: and an expression",
        IsRepeated = true, Parse = RuleSources.Rule,
    };

    internal static readonly ValueSetting<string> Includes = new()
    {
        Name = "--include", ValueName = "RULE", Help = "Keep what matches, unless a directory above it is left out",
        IsRepeated = true, Parse = RuleSources.Rule,
    };

    internal static readonly ValueSetting<string> ExcludeFrom = new()
    {
        Name = "--exclude-from", ValueName = "FILE", Help = "Read rules from a file, a line each, as in gitignore",
        IsRepeated = true, Completes = Completes.Files, Parse = Texts.NotEmpty,
    };

    internal static readonly FlagSetting OneFileSystem = new()
    {
        Name = "--one-file-system", Alias = "-x", Help = "Do not enter other file systems",
    };

    internal static readonly ValueSetting<int> Workers = new()
    {
        Name = "--workers", ValueName = "N", Help = "Threads", Default = "one for each processor", Parse = Numbers.Whole(1, 256),
    };

    internal static readonly Positional ArchivePaths = new()
    {
        Name = "PATH", Help = "Directories or files", Presence = Presence.Any, Default = "what --from names", Completes = Completes.Files,
    };

    internal static readonly ValueSetting<byte[]> To = new()
    {
        Name = "--to", ValueName = "DIR", Help = "The directory that archives are in; it must be there", Completes = Completes.Directories,
        Parse = Texts.FullBytes,
    };

    internal static readonly ValueSetting<byte[]> Template = new()
    {
        Name = "--name", ValueName = "TEMPLATE",
        Help = "The archive's name without its ending; {name}, {host} and {time} stand for the name of PATH, this host and the time",
        Default = "{name}-{time}", Parse = Texts.Path,
    };

    internal static readonly ValueSetting<ArchiveFormat> Format = new()
    {
        Name = "--format", ValueName = "FORMAT", Help = "zip, tar.zst, tar.gz or tar", Default = "zip", Words = ArchiveFormats.Words,
        Parse = ArchiveFormats.Parse,
    };

    internal static readonly ValueSetting<string> From = new()
    {
        Name = "--from", ValueName = "SNAPSHOT[:PATH]", Help = "Archive what a snapshot has, instead of live files",
        Completes = Completes.SnapshotPaths, Parse = Texts.NotEmpty,
    };

    internal static readonly FlagSetting Reproducible = new()
    {
        Name = "--reproducible", Help = "Put neither time, host nor paths into the archive: the same tree gives the same bytes",
    };

    internal static readonly ValueSetting<int> Keep = new()
    {
        Name = "--keep", ValueName = "N", Help = "When the archive is there, remove older ones of the same paths, but for the last N",
        Parse = Numbers.Whole(1, int.MaxValue),
    };

    internal static readonly ValueSetting<long> VolumeSize = new()
    {
        Name = "--volume-size", ValueName = "SIZE", Help = "Make volumes of at most SIZE bytes, each of which opens without the others; "
            + "a file that is longer has one for itself",
        Parse = static (text, origin) => Numbers.Size(text, origin) is >= ArchiveOptions.LeastVolume and var size ? size
            : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), "wants at least 1M"),
    };

    internal static readonly FlagSetting Force = new() { Name = "--force", Help = "Make an archive even if nothing changed" };

    internal static readonly ValueSetting<string> HooksOf = new()
    {
        Name = "--hooks-of", ValueName = "NAME",
        Help = "Run the commands that the configuration has run around everything, and around its source NAME",
        Parse = Texts.NotEmpty,
    };

    internal static readonly CommandSpec Archive = new()
    {
        Path = "archive",
        Help = "Make a dated archive, such as Documents-2026-11-29T101500.zip, that opens without Varve. If nothing changed since the last "
            + "one that is there, no archive is made. Exit code 3 if some files could not be read or changed while they were read.",
        Examples =
        [
            "varve archive ~/Documents --to /mnt/disk/archives", "varve archive ~/Documents ~/Pictures --to /mnt/disk --format tar.zst --keep 7",
            "varve archive --from latest:letters --to .",
        ],
        Arguments = [ArchivePaths],
        Settings =
        [
            To, Template, Format, From, VolumeSize, Reproducible, Keep, Force, .. BackupSettings.OfWalks,
            HistorySettings.At, SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer, HooksOf,
            Workers,
        ],
    };

    internal static readonly Positional ArchiveFile = new()
    {
        Name = "ARCHIVE", Help = "A zip, tar, tar.gz or tar.zst, whoever made it", Completes = Completes.Files,
    };

    internal static readonly ValueSetting<byte[]> ExtractTarget = new()
    {
        Name = "--target", Alias = "-t", ValueName = "DIR", Help = "Where to; it is made if it is missing, and what is in it stays as it is",
        Completes = Completes.Directories, Parse = Texts.FullBytes,
    };

    internal static readonly ValueSetting<long> MostEntries = new()
    {
        Name = "--max-entries", ValueName = "N", Help = "Refuse an archive with more entries", Default = "10000000",
        Parse = Numbers.SizeOrNone,
    };

    internal static readonly ValueSetting<long> MostBytes = new()
    {
        Name = "--max-size", ValueName = "SIZE", Help = "Refuse an archive with more bytes of content", Default = "1T",
        Parse = Numbers.SizeOrNone,
    };

    internal static readonly ValueSetting<int> MostRatio = new()
    {
        Name = "--max-ratio", ValueName = "N", Help = "Beyond 1G, refuse an archive whose content is more than N times as long as the archive",
        Default = "200", Parse = Numbers.Whole(1, int.MaxValue),
    };

    internal static readonly CommandSpec Extract = new()
    {
        Path = "extract",
        Help = "Extract an archive. Nothing is written outside DIR or through a link, nothing that is there is replaced, and what is wrong "
            + "with one entry keeps no other from being extracted. Exit code 3 if there was such an entry.",
        Examples = ["varve extract Documents-2026-11-29T101500.zip --target /tmp/documents", "varve extract backup.tar.zst -t . --no-owner"],
        Arguments = [ArchiveFile],
        Settings =
        [
            ExtractTarget, RestoreSettings.NumericOwner, RestoreSettings.NoOwner, RestoreSettings.NoXattrs, MostEntries, MostBytes,
            MostRatio, Workers,
        ],
        UsesRepository = false,
    };

    internal static readonly CommandSpec Digest = new()
    {
        Path = "digest",
        Help = "Print one hash over a tree: names, kinds, modes, sizes and modification times. It is the same for the same tree on every "
            + "machine. Exit code 1 if --check finds a difference, 3 if something could not be read: then there is no digest.",
        Examples =
        [
            "varve digest ~/Documents", "varve digest --list ~/Documents > before", "varve digest --check before",
            "varve digest --content /mnt/disk/photos",
        ],
        Arguments = [DigestPaths],
        Settings = [Content, ListDigests, CheckDigests, Excludes, Includes, ExcludeFrom, OneFileSystem, Workers],
        UsesRepository = false,
    };
}
