using Varve.App.Settings.Values;
using Varve.Archives.Lists;

namespace Varve.App.Settings.Table;

/// <summary>Lists of files, as other tools read and write them, wherever a command takes or makes one.</summary>
internal static class ListSettings
{
    private static readonly string s_all = string.Join(", ", ListFormats.Words) + "; a 0 is for NUL in place of newline";

    /// <summary>What stands for a file of lists in help, with what <c>-</c> is.</summary>
    internal const string FileOrInput = "or - for standard input";

    internal static readonly ValueSetting<ListFormat> Format = new()
    {
        Name = "--format", ValueName = "FORMAT",
        Help = "Print a list that other tools read, of absolute paths: " + s_all,
        Words = ListFormats.Words, Parse = ListFormats.Parse,
    };

    internal static readonly ValueSetting<byte[]> Live = new()
    {
        Name = "--live", ValueName = "PATH", IsRepeated = true,
        Help = "Instead of a snapshot, the tree as it is now: everything that a backup of PATH would save, in no order, as find prints it",
        Completes = Completes.Files, Parse = Texts.Path,
    };

    internal static readonly ValueSetting<string> FilesFrom = new()
    {
        Name = "--files-from", ValueName = "FILE", IsRepeated = true, Completes = Completes.Files, Parse = Texts.NotEmpty,
        Help = "Save exactly the paths that FILE lists, a line each, and the directories above them; " + FileOrInput,
    };

    internal static readonly ValueSetting<string> FilesFrom0 = new()
    {
        Name = "--files-from0", ValueName = "FILE", IsRepeated = true, Completes = Completes.Files, Parse = Texts.NotEmpty,
        Help = "The same of paths that are ended by NUL, as find -print0 writes them",
    };

    internal static readonly ValueSetting<ListFormat> ListFormat = new()
    {
        Name = "--list-format", ValueName = "FORMAT", Help = "What the lines of lists are: " + s_all,
        Default = "names", Words = ListFormats.Words, Parse = ListFormats.Parse,
    };

    internal static readonly FlagSetting SkipBadLines = new()
    {
        Name = "--skip-bad-lines", Help = "Pass over lines of lists that are malformed, and count them; without it the first ends the command",
    };

    internal static readonly Positional Applied = new()
    {
        Name = "LIST", Help = "A list of files with their metadata, as find -printf, stat or 'varve ls --format' print it; " + FileOrInput,
        Completes = Completes.Files,
    };

    internal static readonly ValueSetting<byte[]> ApplyTarget = new()
    {
        Name = "--target", Alias = "-t", ValueName = "DIR", Help = "The directory that the names of the list lie in", IsRequired = true,
        Completes = Completes.Directories, Parse = Texts.Path,
    };

    internal static readonly ValueSetting<byte[]> Strip = new()
    {
        Name = "--strip", ValueName = "PATH", Help = "What all names of the list begin with, and DIR stands for", Default = "nothing",
        Completes = Completes.Directories, Parse = Texts.Path,
    };

    internal static readonly ValueSetting<ListFormat> AppliedFormat = new()
    {
        Name = "--list-format", ValueName = "FORMAT", Help = "What the lines of the list are: " + s_all, Default = "as the first line tells",
        Words = ListFormats.Words, Parse = ListFormats.Parse,
    };

    internal static readonly CommandSpec Apply = new()
    {
        Path = "apply-metadata",
        Help = "Give files below DIR the permissions, owners and times that LIST says. For files that came from elsewhere, without these. "
            + "No link is followed. What fails is listed, and the rest is done.",
        Examples = ["varve apply-metadata files.list --target /srv/copy", "find /srv -printf '%T@ %s %i %m %y %g %u %D %p\\n' | varve apply-metadata - --target /mnt/copy --strip /srv"],
        Arguments = [Applied],
        Settings = [ApplyTarget, Strip, AppliedFormat, SkipBadLines],
        UsesRepository = false,
    };
}
