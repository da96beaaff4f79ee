using Varve.App.Invocation;
using Varve.App.Output.Pages;
using Varve.App.Settings.Line;
using Varve.App.Settings.Reference;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Platform;

namespace Varve.App.Commands;

/// <summary><c>varve reference</c>: completions, man pages and a page of everything, made from the table of settings.</summary>
internal static class ReferenceCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string format = values.ArgumentText(HelpSettings.Format, "the format");
        string? directory = values.Argument(HelpSettings.Directory);
        if (format != "man" && directory is not null)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(format), "is printed and takes no DIR");
        }

        switch (format)
        {
            case "bash": context.Out.Write(BashCompletion.Script()); break;
            case "zsh": context.Out.Write(ZshCompletion.Script()); break;
            case "fish": context.Out.Write(FishCompletion.Script()); break;
            case "markdown": context.Out.Write(MarkdownReference.Page()); break;
            case "man": WritePages(Texts.FullPath(directory ?? "", "DIR")); break;
            default:
                throw new VarveException(ErrorKind.Usage, Subject.Request($"the format '{format}'"),
                    $"does not exist; there are: {string.Join(", ", HelpSettings.Format.Words)}");
        }

        return Outcome.Done;
    }

    private static void WritePages(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            foreach ((string name, string text) in ManPages.All()) { File.WriteAllText(Path.Combine(directory, name), text); }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Path(directory), $"cannot take the man pages: {Errno.Message(e)}",
                Advice.CheckDirectory, e);
        }
    }
}
