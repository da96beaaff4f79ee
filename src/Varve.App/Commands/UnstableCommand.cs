using System.CommandLine;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Maintain;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve unstable</c>: the files that did not hold still.</summary>
internal sealed class UnstableCommand : VarveCommand
{
    private readonly Option<string> _source;

    internal UnstableCommand() : base("unstable",
        "List the files that changed while they were backed up. The next backup of their source copies them before anything else.",
        "varve unstable", "varve unstable --source Documents") => _source = Value("--source", "NAME", "Only those of this source");

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        string? source = parse.GetValue(_source) is { } typed ? RawArguments.Text(typed, "--source") : null;
        using Repository repository = context.Open();
        IReadOnlyList<UnstableFile> files = UnstableFiles.List(repository, source, context.CancelOnSignal("stopping"));
        if (context.Options.Json)
        {
            foreach (UnstableFile file in files)
            {
                context.Json.Object(file, static (json, f) => UnstableReport.Members(json, f));
            }

            return Outcome.Done;
        }

        if (files.Count == 0)
        {
            context.Status.Message("varve: every file held still");
            return Outcome.Done;
        }

        context.Out.WriteLine(UnstableReport.Header);
        foreach (UnstableFile file in files)
        {
            context.Out.WriteLine(UnstableReport.Line(file, context.Time.LocalTimeZone));
        }

        return Outcome.Done;
    }
}
