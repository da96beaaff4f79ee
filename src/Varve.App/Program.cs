using System.Runtime.CompilerServices;
using Varve.App.Commands;
using Varve.App.Host;
using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Parts;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Reference;
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
    private static int Main(string[] args) => DescriptorFloor.IsTooLow() ? ExitCodes.Failed : Run(args);

    // By itself: the library is loaded when the method that uses it is entered.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(string[] args) => Run(args, Surroundings.OfProcess());

    /// <summary>Runs one command line in the given surroundings.</summary>
    internal static int Run(string[] args, Surroundings surroundings)
    {
        var output = new TextOutput(surroundings.Output);
        var status = new StatusLine(surroundings.Error, surroundings.ErrorIsTerminal, surroundings.Width)
        {
            Ink = new Ink(surroundings is { ErrorIsTerminal: true, HasColours: true }),
        };
        // Looked for by hand: it must hold for errors in the command line too.
        bool json = Array.IndexOf(args, GlobalSettings.Json.Name) >= 0;
        bool debug = surroundings.Environment(Variables.Debug) == "1";
        CommandLine? line = null;
        int code;
        try
        {
            line = CommandLine.Parse(RawArguments.Recover(args));
            code = Execute(line, surroundings, output, status, Report);
        }
        catch (Exception e) // The process's edge: everything becomes a message and an exit code.
        {
            code = Report(e);
        }

        try { output.Flush(); }
        catch (BrokenPipeException) { }
        catch (VarveException e) { code = Report(e); }

        return code;

        int Report(Exception e) =>
            Program.Report(e, line is null ? NextCommand.Plain : NextCommand.After(line.Values, surroundings.Environment), status,
            surroundings, json, line?.Values.Has(GlobalSettings.Utc) == true, debug);
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

    private static int Execute(CommandLine line, Surroundings surroundings, TextOutput output, StatusLine status,
        Func<Exception, int> report)
    {
        bool isEmpty = line.Values.Line.Count == 0;
        if (line.IsHelp || isEmpty)
        {
            output.Write(HelpPage.Of(line.Spec, surroundings.OutputWidth()));
            return isEmpty ? ExitCodes.Usage : ExitCodes.Done;
        }

        line.ThrowIfWrong();
        if (line.IsVersion)
        {
            VersionCommand.Print(output);
            return ExitCodes.Done;
        }

        CommandSpec spec = line.Spec!;
        GlobalOptions options = spec.UsesRepository ? GlobalOptions.Resolve(line.Values, surroundings.Environment)
            : GlobalOptions.WithoutRepository(line.Values);
        if (options.Json && spec.NoJson is not null) { throw new VarveException(ErrorKind.Usage, Subject.None, spec.NoJson); }

        using var context = new CommandContext(surroundings, options, output, status,
            NextCommand.After(line.Values, surroundings.Environment, spec.UsesRepository ? options.Repository : null), e => report(e));
        if (surroundings.HomeNote is { } note && spec.UsesRepository && !options.Quiet) { context.Say(note); }
        // Only of backups it says more than where the repository is, and those refuse it.
        if (options.ConfigurationError is { } wrong && spec != BackupSettings.Command) { context.Warn(Notice.Of(wrong)); }
        try
        {
            return CommandIndex.Find(spec)(line.Values, context) switch
            {
                Outcome.Done => ExitCodes.Done,
                Outcome.Incomplete => ExitCodes.Incomplete,
                Outcome.Prevented => ExitCodes.Prevented,
                _ => ExitCodes.Failed,
            };
        }
        catch (OperationCanceledException e)
        {
            report(e);
            return context.InterruptedCode;
        }
        finally { context.Results.Finish(); }
    }

    private static int Report(Exception error, NextCommand next, StatusLine status, Surroundings surroundings, bool json, bool isUtc,
        bool debug)
    {
        if (error is BrokenPipeException) { return ExitCodes.Done; }

        (int code, string kind, string message, string? hint) = error switch
        {
            VarveException e => (ExitCode(e.Kind), KindText.Of(e.Kind), e.Message, AdviceText.Of(e, next)),
            OperationCanceledException => (ExitCodes.Interrupted, "interrupted", "interrupted", null),
            _ => (ExitCodes.Failed, "bug", $"unexpected error: {error.GetType().Name}: {error.Message}",
                (string?)$"this is a bug; {Variables.Debug}=1 prints the trace, please report it with that"),
        };
        TimeZoneInfo Zone() => isUtc ? TimeZoneInfo.Utc : surroundings.Time.LocalTimeZone;
        var facts = error as VarveException;
        new ErrorReport(new ErrorFacts(kind, message, hint, facts?.Sources, facts?.Snapshots)).Print(status, json, Zone);
        if (debug) { status.Message(error.ToString()); }

        return code;
    }
}
