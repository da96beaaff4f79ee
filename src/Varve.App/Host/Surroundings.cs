namespace Varve.App.Host;

/// <summary>What the program knows of the world: the seam that lets tests run it whole.</summary>
internal sealed class Surroundings
{
    /// <summary>Standard output.</summary>
    internal required Stream Output { get; init; }
    /// <summary>Standard error.</summary>
    internal required TextWriter Error { get; init; }
    /// <summary>Whether people watch standard error.</summary>
    internal bool ErrorIsTerminal { get; init; }
    /// <summary>Columns of that terminal.</summary>
    internal Func<int> Width { get; init; } = () => 80;
    /// <summary>Environment variables.</summary>
    internal required Func<string, string?> Environment { get; init; }
    /// <summary>The clock and the local time zone.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;
    /// <summary>Asks a person for a secret without showing it; null when nobody is there to ask.</summary>
    internal Func<string, string>? AskSecret { get; init; }

    /// <summary>The process's own.</summary>
    internal static Surroundings OfProcess()
    {
        bool terminal = !Console.IsErrorRedirected && System.Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new Surroundings
        {
            Output = new StandardOutput(),
            Error = new StreamWriter(Console.OpenStandardError(), new System.Text.UTF8Encoding(false), 1024) { AutoFlush = true },
            ErrorIsTerminal = terminal,
            Width = TerminalWidth,
            Environment = System.Environment.GetEnvironmentVariable,
            AskSecret = !Console.IsErrorRedirected && !Console.IsInputRedirected ? SecretPrompt.Ask : null,
        };
    }

    private static int TerminalWidth()
    {
        try { return Console.WindowWidth is > 0 and var width ? width : 80; }
        catch (IOException) { return 80; }
    }
}
