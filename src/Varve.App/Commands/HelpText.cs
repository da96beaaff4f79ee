using System.CommandLine;
using System.CommandLine.Help;
using Varve.App.Output;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

namespace Varve.App.Commands;

/// <summary>Help: the parser's, from the table, and the command's examples.</summary>
internal static class HelpText
{
    /// <summary>Wide enough for the options, narrow enough to read.</summary>
    private const int Width = 110;

    internal static void Write(TextOutput output, CommandLine line)
    {
        var text = new StringWriter();
        ParseResult parse = line.Result;
        if (parse.Action is not HelpAction)
        {
            parse = line.Root.Parse(["--help"]); // Of no arguments: the help is of the program.
        }

        ((HelpAction)parse.Action!).MaxWidth = Width;
        parse.Invoke(
            new InvocationConfiguration { Output = text, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        output.WriteLine(text.ToString().TrimEnd());
        output.WriteLine();
        IReadOnlyList<string> examples = line.Spec?.Examples ?? CommandTable.Examples;
        output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in examples) { output.WriteLine("  " + example); }
    }
}
