using Varve.App.Host;
using Varve.App.Output;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Archives.Lists;
using Varve.Model.Paths;

namespace Varve.App.Invocation;

/// <summary>Lists that a command line names, as files or as standard input.</summary>
internal static class ListInputs
{
    /// <summary>What stands for standard input.</summary>
    private const string Input = "-";

    /// <summary>All paths that <c>--files-from</c> and <c>--files-from0</c> list; null if neither is given.</summary>
    /// <exception cref="VarveException">Usage: a malformed line, no path at all. NotFound, Storage: a list cannot be read.</exception>
    internal static PathSelection? ReadPaths(SettingValues values, CommandContext context)
    {
        string[] lines = values.All(ListSettings.FilesFrom), nulls = values.All(ListSettings.FilesFrom0);
        if (lines.Length + nulls.Length == 0)
        {
            Setting? alone = values.IsGiven(ListSettings.ListFormat) ? ListSettings.ListFormat
                : values.Has(ListSettings.SkipBadLines) ? ListSettings.SkipBadLines : null;
            if (alone is null) { return null; }
            throw new VarveException(ErrorKind.Usage, Subject.Request(alone.Name), "says how a list is read, and none is given",
                Advice.NameFilesFrom);
        }

        if (lines.Concat(nulls).Count(static f => f == Input) > 1)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("standard input"), "can be read once only");
        }

        ListFormat format = values.Get(ListSettings.ListFormat, new ListFormat(ListLayout.Names, IsNull: false));
        var listed = new PathSelection(RawArguments.ToBytes(Environment.CurrentDirectory));
        foreach (string file in lines) { Read(file, format with { IsNull = format.Layout == ListLayout.Fields }); }
        foreach (string file in nulls) { Read(file, format with { IsNull = true }); }
        if (listed.Count > 0) { return listed; }
        throw new VarveException(ErrorKind.Usage, Subject.Request(string.Join(" and ", lines.Concat(nulls).Select(Name))),
            "lists nothing, and a backup of nothing would take everything for gone");

        void Read(string file, ListFormat form)
        {
            using Stream stream = Open(file);
            ListReader reader = Reader(stream, form, file, values.Has(ListSettings.SkipBadLines), context);
            ListedNames.Read(reader, listed);
            SaySkipped(reader.Skipped, file, context);
        }
    }

    /// <summary>A reader that says what it skips, if it does.</summary>
    internal static ListReader Reader(Stream stream, ListFormat? format, string file, bool skips, CommandContext context) =>
        new(stream, format, Name(file)) { Skip = Skip(skips, context) };

    /// <summary>What is done with a malformed line: the first are said, or, with null, it ends the command.</summary>
    internal static Action<VarveException>? Skip(bool skips, CommandContext context)
    {
        long said = 0;
        return !skips ? null : bad =>
        {
            if (said++ < FailureText.Printed) { context.Say("skipped: " + bad.Message); }
        };
    }

    /// <summary>Says how many lines were skipped, if any.</summary>
    internal static void SaySkipped(long skipped, string file, CommandContext context)
    {
        if (skipped > 0) { context.Say($"{Human.Count(skipped, "line")} of {Name(file)} skipped"); }
    }

    /// <summary>Opens a list.</summary>
    /// <exception cref="VarveException">NotFound, Storage: it cannot be opened.</exception>
    internal static Stream Open(string file)
    {
        if (file == Input) { return StandardInput.Open(); }
        try { return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bool isMissing = e is FileNotFoundException or DirectoryNotFoundException;
            throw new VarveException(isMissing ? ErrorKind.NotFound : ErrorKind.Storage, Subject.Path(file),
                isMissing ? "does not exist" : "cannot be opened: " + e.Message, Advice.None, e);
        }
    }

    /// <summary>What a list is called.</summary>
    internal static string Name(string file) => file == Input ? "standard input" : file;
}
