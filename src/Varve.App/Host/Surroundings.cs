using System.Globalization;
using Varve.App.Output.Paper;
using Varve.App.Settings.Table;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Host;

/// <summary>What the program knows of the world: the seam that lets tests run it whole.</summary>
internal sealed class Surroundings
{
    /// <summary>Standard output.</summary>
    internal required Stream Output { get; init; }
    /// <summary>Standard error.</summary>
    internal required TextWriter Error { get; init; }
    /// <summary>Whether people watch standard output.</summary>
    internal bool OutputIsTerminal { get; init; }
    /// <summary>Whether colours may be used, where people watch.</summary>
    internal bool HasColours { get; init; }
    /// <summary>Whether people watch standard error, on a terminal that can rewrite lines.</summary>
    internal bool ErrorIsTerminal { get; init; }
    /// <summary>Columns of that terminal.</summary>
    internal Func<int> Width { get; init; } = () => 80;
    /// <summary>Columns for what people read on standard output.</summary>
    internal Func<int> OutputWidth { get; init; } = () => 80;
    /// <summary>Environment variables.</summary>
    internal required Func<string, string?> Environment { get; init; }
    /// <summary>What people should know of HOME, or null.</summary>
    internal string? HomeNote { get; init; }
    /// <summary>The clock and the local time zone.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;
    /// <summary>Asks a person for a secret without showing it; null when nobody is there to ask.</summary>
    internal Func<string, string>? AskSecret { get; init; }
    /// <summary>Asks a person for a line that may be seen, null at the end of input; null when nobody is there to ask.</summary>
    internal Func<string, string?>? AskLine { get; init; }
    /// <summary>How a drawing goes to standard output.</summary>
    internal Func<PaperDrawing> Drawing { get; init; } = static () => PaperDrawing.Plain;

    /// <summary>The process's own. Called once, before anything is opened.</summary>
    internal static Surroundings OfProcess()
    {
        bool hasOutput = StandardDescriptors.IsGiven(StandardDescriptors.Output);
        bool hasError = StandardDescriptors.IsGiven(StandardDescriptors.Error);
        StandardDescriptors.Hold();
        bool asks = hasError && Posix.IsTerminal(StandardDescriptors.Error, out _);
        bool isDumb = System.Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        bool terminal = asks && !isDumb;
        bool isAsked = asks && Posix.IsTerminal(StandardDescriptors.Input, out _);
        var home = OwnHome.OfProcess();
        var error = new StreamWriter(new StandardError(hasError), new System.Text.UTF8Encoding(false), 1024) { AutoFlush = true };
        return new Surroundings
        {
            Output = new StandardOutput(hasOutput),
            Error = error,
            OutputIsTerminal = hasOutput && Posix.IsTerminal(StandardDescriptors.Output, out _),
            // https://no-color.org: set to anything but nothing.
            HasColours = !isDumb && string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR")),
            ErrorIsTerminal = terminal,
            Width = TerminalWidth,
            OutputWidth = () => WidthOfOutput(hasOutput),
            Environment = home.Variable,
            HomeNote = home.Note,
            AskSecret = isAsked ? prompt => SecretPrompt.Ask(error, prompt) : null,
            AskLine = isAsked ? prompt => LinePrompt.Ask(error, prompt) : null,
            Drawing = OutputDrawing,
        };
    }

    private static int TerminalWidth() => Posix.IsTerminal(StandardDescriptors.Error, out int columns) && columns > 0 ? columns : 80;

    // What is piped into a pager or a file has no columns of its own: then the variable of the shells says it.
    private static int WidthOfOutput(bool hasOutput)
    {
        if (hasOutput && Posix.IsTerminal(StandardDescriptors.Output, out int columns) && columns > 0) { return columns; }
        return int.TryParse(System.Environment.GetEnvironmentVariable(Variables.Columns), NumberStyles.None, CultureInfo.InvariantCulture,
            out int said) && said > 0 ? said : 80;
    }

    private static PaperDrawing OutputDrawing()
    {
        if (!Posix.IsTerminal(StandardDescriptors.Output, out int columns)) { return PaperDrawing.Plain; }
        static string? Variable(string name) => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
        bool isDumb = Variable("TERM") is null or "dumb";
        bool isAscii = (Variable("LC_ALL") ?? Variable("LC_CTYPE") ?? Variable("LANG")) is "C" or "POSIX";
        return PaperDrawing.OfTerminal(columns > 0 ? columns : 80, !isDumb && Variable("NO_COLOR") is null, !isDumb && !isAscii);
    }
}
