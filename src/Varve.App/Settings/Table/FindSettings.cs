using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve find</c>.</summary>
internal static class FindSettings
{
    internal static readonly Positional Pattern = new()
    {
        Name = "PATTERN", Default = "everything, with an option that says what", Presence = Presence.Optional,
        Help = "A glob over names, or over paths if it has a slash; an absolute path, or one that begins with ./, is that path"
    };

    internal static readonly FlagSetting IgnoreCase = new()
    {
        Name = "--ignore-case", Alias = "-i", Help = "Upper and lower case are the same",
    };

    internal static readonly FlagSetting Regex = new()
    {
        Name = "--regex", Alias = "-E", Help = "PATTERN is a regular expression that matches somewhere in the path, which is relative to the root",
    };

    internal static readonly ValueSetting<long> Least = new()
    {
        Name = "--at-least", ValueName = "SIZE", Help = "Files of at least so many bytes: a number, with K, M, G or T for powers of 1024",
        Parse = Numbers.SizeOrNone,
    };

    internal static readonly ValueSetting<long> Most = new()
    {
        Name = "--at-most", ValueName = "SIZE", Help = "Files of at most so many bytes", Parse = Numbers.SizeOrNone,
    };

    internal static readonly ValueSetting<string> Newer = new()
    {
        Name = "--newer", ValueName = "TIME", Help = "Modified later: " + Moments.Forms, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Older = new()
    {
        Name = "--older", ValueName = "TIME", Help = "Modified then or earlier", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<IReadOnlyList<EntryKind>> Kind = new()
    {
        Name = "--kind", ValueName = "KIND", Help = "Entries of a kind: file, directory, symlink, fifo, socket or device",
        Words = EntryKinds.Words, Parse = EntryKinds.Parse,
    };

    internal static readonly ValueSetting<string> Owner = new()
    {
        Name = "--owner", ValueName = "USER", Help = "Owned by that user: a number, or a name on this machine", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Since = new()
    {
        Name = "--since", ValueName = "TIME", Help = "In a snapshot that began later", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Until = new()
    {
        Name = "--until", ValueName = "TIME", Help = "In a snapshot that had begun by then", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<byte[]> SameAs = new()
    {
        Name = "--same-as", ValueName = "FILE", Help = "Files with the same content as this one, byte by byte", Parse = Texts.FullBytes,
        Completes = Completes.Files,
    };

    internal static readonly FlagSetting Deleted = new()
    {
        Name = "--deleted", Help = "Only what the latest snapshot has no more under that name, as it was last",
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "find",
        Help = "Find every revision of the entries that match, over all snapshots: what it was, and from when to when.",
        Examples = ["varve find 'report*.odt'", "varve find -i '*invoice*' --source Documents", "varve find --deleted --since '3 weeks ago'",
            "varve find '*.iso' --at-least 1G --kind file", "varve find --same-as photo.jpg"],
        Arguments = [Pattern],
        Settings = [IgnoreCase, Regex, Least, Most, Newer, Older, Kind, Owner, Since, Until, SameAs, Deleted, HistorySettings.Null,
            ListSettings.Format,
            SourceSettings.Source, SourceSettings.Host, SourceSettings.Writer],
    };
}
