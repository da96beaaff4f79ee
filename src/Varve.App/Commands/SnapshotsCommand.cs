using System.CommandLine;
using Varve.App.Output;
using Varve.Model;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve snapshots</c>: all of them, oldest first.</summary>
internal sealed class SnapshotsCommand : VarveCommand
{
    private readonly Option<string> _source;

    internal SnapshotsCommand() : base("snapshots", "List the snapshots, oldest first.", "varve snapshots --source Documents") =>
        _source = Value("--source", "NAME", "Only those of this source");

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        string? source = parse.GetValue(_source);
        int damaged = 0;
        using Repository repository = context.Open();
        IReadOnlyList<SnapshotInfo> snapshots = repository.Snapshots(e =>
        {
            damaged++;
            context.Warn(Notice.Of(e));
        });

        int shown = 0;
        foreach (SnapshotInfo info in snapshots)
        {
            if (source is not null && info.Snapshot.Private?.Source != source)
            {
                continue;
            }

            if (context.Options.Json)
            {
                context.Json.Object(info, static (json, s) => SnapshotReport.Members(json, s.Name, s.Snapshot));
            }
            else
            {
                if (shown == 0)
                {
                    context.Out.WriteLine(SnapshotReport.Header);
                }

                context.Out.WriteLine(SnapshotReport.Line(info.Name, info.Snapshot, context.Time.LocalTimeZone));
            }

            shown++;
        }

        if (shown == 0 && !context.Options.Json)
        {
            context.Status.Message(source is null ? "varve: no snapshots yet" : $"varve: no snapshots of {NameText.Escape(source)}");
        }

        return damaged > 0 ? Outcome.Incomplete : Outcome.Done;
    }
}
