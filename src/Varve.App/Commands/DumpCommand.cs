using System.CommandLine;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Model;
using Varve.Repositories;
using Varve.Restore;

namespace Varve.App.Commands;

/// <summary><c>varve dump</c>: one file to standard output.</summary>
internal sealed class DumpCommand : VarveCommand
{
    private readonly Argument<string> _snapshot, _path;
    private readonly Option<string> _source;

    internal DumpCommand() : base("dump", "Write one file of a snapshot to standard output.",
        "varve dump latest:/home/me/Documents/report.odt > report.odt", "varve dump latest report.odt | less")
    {
        _snapshot = Required("SNAPSHOT[:PATH]", "'latest' or the first digits of a snapshot's name, and the file");
        _path = Optional("PATH", "The file, if not after a colon");
        _source = Value("--source", "NAME", "For 'latest': of this source");
    }

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        string first = parse.GetValue(_snapshot)!;
        string? second = parse.GetValue(_path);
        SnapshotSpec spec = SnapshotSpec.Parse(second is null ? first : first + ":" + second);
        if (spec.Path is null || (second is not null && first.Contains(':', StringComparison.Ordinal)))
        {
            throw new VarveException(ErrorKind.Usage, spec.Path is null ? "no file is named" : "the file is named twice",
                "For example: varve dump latest:/home/me/report.odt");
        }

        if (context.Options.Json)
        {
            throw new VarveException(ErrorKind.Usage, "dump writes a file's bytes and takes no --json");
        }

        using Repository repository = context.Open();
        SnapshotInfo snapshot = repository.FindSnapshot(spec.Snapshot, parse.GetValue(_source));
        byte[] path = SnapshotSpec.Relative(spec.Path, snapshot.Snapshot.Private?.CanonicalRoot ?? []);
        using var output = new DumpStream(context.Out);
        Dumper.Run(repository, snapshot, path, output, CancellationToken.None);
        return Outcome.Done;
    }
}
