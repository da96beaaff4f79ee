using System.CommandLine.Help;
using System.Text.Json;
using Varve.App.Commands;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Model;

namespace Varve.App;

/// <summary>
/// The process: the only place that knows exit codes and prints errors. 0 done, 1 failed, 2 usage, 3 done but some files could not
/// be read, 10 no repository, 11 repository busy, 12 wrong password or key, 130 interrupted. A reader of standard output that goes away
/// (<c>| head</c>) is no failure.
/// </summary>
internal static class Program
{
    internal const int Done = 0, Failed = 1, Usage = 2, Incomplete = 3, NoRepository = 10, Busy = 11, WrongKey = 12, Interrupted = 130;

    private static int Main(string[] args) => Run(args, Surroundings.OfProcess());

    /// <summary>Runs one command line in the given surroundings.</summary>
    internal static int Run(string[] args, Surroundings surroundings)
    {
        var output = new TextOutput(surroundings.Output);
        var status = new StatusLine(surroundings.Error, surroundings.ErrorIsTerminal, surroundings.Width);
        // Looked for by hand: it must hold for errors in the command line too.
        bool json = Array.IndexOf(args, "--json") >= 0;
        bool debug = surroundings.Environment("VARVE_DEBUG") == "1";
        int code;
        try
        {
            code = Execute(RawArguments.Recover(args), surroundings, output, status, e => Report(e, status, json, debug));
        }
        catch (Exception e) // The process's edge: everything becomes a message and an exit code.
        {
            code = Report(e, status, json, debug);
        }

        try
        {
            output.Flush();
        }
        catch (BrokenPipeException)
        {
        }
        catch (VarveException e)
        {
            code = Report(e, status, json, debug);
        }

        return code;
    }

    /// <summary>The exit code for a kind of error.</summary>
    internal static int ExitCode(ErrorKind kind) => kind switch
    {
        ErrorKind.Usage => Usage,
        ErrorKind.NoRepository => NoRepository,
        ErrorKind.Busy => Busy,
        ErrorKind.WrongKey => WrongKey,
        _ => Failed,
    };

    private static int Execute(string[] args, Surroundings surroundings, TextOutput output, StatusLine status, Action<Exception> report)
    {
        if (args is ["--version"])
        {
            output.WriteLine("varve " + typeof(Program).Assembly.GetName().Version?.ToString(3));
            return Done;
        }

        var line = CommandLine.Parse(args);
        if (line.Result.Action is HelpAction || args.Length == 0)
        {
            HelpText.Write(output, line);
            return args.Length == 0 ? Usage : Done;
        }

        line.ThrowIfWrong();
        GlobalOptions options = GlobalOptions.Resolve(line.Globals.Read(line.Result), surroundings.Environment);
        using var context = new CommandContext(surroundings, options, output, status, report);
        return ((VarveCommand)line.Result.CommandResult.Command).Run(line.Result, context) switch
        {
            Outcome.Done => Done,
            Outcome.Incomplete => Incomplete,
            _ => Failed,
        };
    }

    private static int Report(Exception error, StatusLine status, bool json, bool debug)
    {
        if (error is BrokenPipeException)
        {
            return Done;
        }

        (int code, string kind, string message, string? hint) = error switch
        {
            VarveException e => (ExitCode(e.Kind), KindText.Of(e.Kind), e.Message, AdviceText.Of(e)),
            OperationCanceledException => (Interrupted, "interrupted", "interrupted", null),
            _ => (Failed, "bug", $"unexpected error: {error.GetType().Name}: {error.Message}",
                (string?)"This is a bug. VARVE_DEBUG=1 prints the trace; please report it with that."),
        };

        if (json)
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            using (Utf8JsonWriter writer = JsonOutput.Create(buffer))
            {
                writer.WriteStartObject();
                writer.WriteStartObject("error");
                writer.WriteString("kind", kind);
                writer.WriteString("message", NameText.Printable(message));
                writer.WriteString("hint", hint is null ? null : NameText.Printable(hint));
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            status.Message(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
        }
        else
        {
            status.Message("varve: " + NameText.Printable(message));
            if (hint is not null)
            {
                status.Message("       " + NameText.Printable(hint));
            }
        }

        if (debug)
        {
            status.Message(error.ToString());
        }

        return code;
    }
}
