using Varve.App.Commands;
using Varve.App.Host;
using Varve.App.Output;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App;

/// <summary>
/// The process: the only place that gives exit codes (<see cref="ExitCodes"/>) and prints errors. A reader of standard output that goes
/// away (<c>| head</c>) is no failure.
/// </summary>
internal static class Program
{
    private static int Main(string[] args) => Run(args, Surroundings.OfProcess());

    /// <summary>Runs one command line in the given surroundings.</summary>
    internal static int Run(string[] args, Surroundings surroundings)
    {
        var output = new TextOutput(surroundings.Output);
        var status = new StatusLine(surroundings.Error, surroundings.ErrorIsTerminal, surroundings.Width);
        // Looked for by hand: it must hold for errors in the command line too.
        bool json = Array.IndexOf(args, GlobalSettings.Json.Name) >= 0;
        bool debug = surroundings.Environment(Variables.Debug) == "1";
        int code;
        try { code = Execute(RawArguments.Recover(args), surroundings, output, status, e => Report(e, status, json, debug)); }
        catch (Exception e) // The process's edge: everything becomes a message and an exit code.
        {
            code = Report(e, status, json, debug);
        }

        try { output.Flush(); }
        catch (BrokenPipeException) { }
        catch (VarveException e) { code = Report(e, status, json, debug); }

        return code;
    }

    /// <summary>The exit code for a kind of error.</summary>
    internal static int ExitCode(ErrorKind kind) => kind switch
    {
        ErrorKind.Usage => ExitCodes.Usage,
        ErrorKind.NoRepository => ExitCodes.NoRepository,
        ErrorKind.Busy => ExitCodes.Busy,
        ErrorKind.WrongKey => ExitCodes.WrongKey,
        _ => ExitCodes.Failed,
    };

    private static int Execute(string[] args, Surroundings surroundings, TextOutput output, StatusLine status, Action<Exception> report)
    {
        if (args is ["--version"])
        {
            output.WriteLine("varve " + typeof(Program).Assembly.GetName().Version?.ToString(3));
            return ExitCodes.Done;
        }

        var line = CommandLine.Parse(args);
        if (line.IsHelp || args.Length == 0)
        {
            HelpText.Write(output, line);
            return args.Length == 0 ? ExitCodes.Usage : ExitCodes.Done;
        }

        line.ThrowIfWrong();
        CommandSpec spec = line.Spec!;
        GlobalOptions options = spec.UsesRepository ? GlobalOptions.Resolve(line.Values, surroundings.Environment)
            : GlobalOptions.WithoutRepository(line.Values);
        if (options.Json && spec.NoJson is not null) { throw new VarveException(ErrorKind.Usage, Subject.None, spec.NoJson); }

        using var context = new CommandContext(surroundings, options, output, status, report);
        return CommandIndex.Find(spec)(line.Values, context) switch
        {
            Outcome.Done => ExitCodes.Done,
            Outcome.Incomplete => ExitCodes.Incomplete,
            _ => ExitCodes.Failed,
        };
    }

    private static int Report(Exception error, StatusLine status, bool json, bool debug)
    {
        if (error is BrokenPipeException) { return ExitCodes.Done; }

        (int code, string kind, string message, string? hint) = error switch
        {
            VarveException e => (ExitCode(e.Kind), KindText.Of(e.Kind), e.Message, AdviceText.Of(e)),
            OperationCanceledException => (ExitCodes.Interrupted, "interrupted", "interrupted", null),
            _ => (ExitCodes.Failed, "bug", $"unexpected error: {error.GetType().Name}: {error.Message}",
                (string?)$"This is a bug. {Variables.Debug}=1 prints the trace; please report it with that."),
        };
        new ErrorReport(new ErrorFacts(kind, message, hint)).Print(status, json);
        if (debug) { status.Message(error.ToString()); }

        return code;
    }
}
