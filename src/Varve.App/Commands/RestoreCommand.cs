using System.CommandLine;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Repositories;
using Varve.Restore;

namespace Varve.App.Commands;

/// <summary><c>varve restore</c>: a snapshot, or what lies below a path of it, into a directory.</summary>
internal sealed class RestoreCommand : VarveCommand
{
    private readonly Argument<string> _snapshot;
    private readonly Option<string> _target, _source, _workers;
    private readonly Option<string[]> _includes, _excludes;
    private readonly Option<bool> _overwrite, _numeric;

    internal RestoreCommand() : base("restore", "Restore a snapshot, or a path of it, into a directory, which must be empty or not yet there.",
        "varve restore --target /tmp/restored", "varve restore 3fa2b1c4:/home/me/Documents --include '*.odt' --target /tmp/restored")
    {
        _snapshot = Optional("SNAPSHOT[:PATH]", "'latest' or the first digits of a snapshot's name [default latest]");
        _target = Value("--target", "DIR", "Where to", "-t");
        _target.Required = true;
        _includes = Values("--include", "GLOB", "Only what matches; may be repeated");
        _excludes = Values("--exclude", "GLOB", "Not what matches; may be repeated");
        _source = Value("--source", "NAME", "For 'latest': of this source");
        _overwrite = Flag("--overwrite", "The target need not be empty: directories are filled, files that exist are left alone and reported");
        _numeric = Flag("--numeric-owner", "Set owners by number, not by name");
        _workers = Value("--workers", "N", "Threads [default: one for each processor]");
    }

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        var raw = new RawRestoreOptions
        {
            Snapshot = parse.GetValue(_snapshot),
            Source = parse.GetValue(_source),
            Target = parse.GetValue(_target)!,
            Includes = parse.GetValue(_includes) ?? [],
            Excludes = parse.GetValue(_excludes) ?? [],
            Overwrite = parse.GetValue(_overwrite),
            NumericOwner = parse.GetValue(_numeric),
            Workers = parse.GetValue(_workers),
        };
        new Thread(RestoreRunner.Prepare) { Name = "varve prepare", IsBackground = true }.Start();
        Repository? repository = null;
        try
        {
            RestoreOptions options = raw.Resolve((spec, source) => (repository = context.Open()).FindSnapshot(spec, source));
            return Run(repository!, options, context);
        }
        finally
        {
            repository?.Dispose();
        }
    }

    private static Outcome Run(Repository repository, RestoreOptions options, CommandContext context)
    {
        var monitor = new RestoreMonitor();
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        RestoreResult result;
        using (context.Progress(() => PositionOf(monitor.Read())))
        {
            result = RestoreRunner.Run(repository, options, monitor, cancellation);
        }

        if (context.Options.Json)
        {
            RestoreReport.Json(context.Json, options, result);
        }
        else
        {
            RestoreReport.Text(context.Out, options, result);
            foreach (string note in result.NotSet)
            {
                context.Status.Message("varve: not set: " + NameText.Printable(note));
            }

            foreach (byte[] path in result.Torn.Take(FailureText.Printed))
            {
                context.Status.Message($"varve: {NameText.Escape(path)}: torn");
            }

            FailureText.Print(context.Status, result.Failures, result.FailureCount);
        }

        return result.FailureCount > 0 ? Outcome.Incomplete : Outcome.Done;
    }

    private static Position PositionOf(RestoreProgress p) => new(p.Phase, "files", p.Files, p.Bytes, p.ExpectedFiles, p.ExpectedBytes, p.Failed);
}
