using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve digest</c>. It uses no repository and no configuration.</summary>
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
