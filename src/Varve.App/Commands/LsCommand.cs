using System.CommandLine;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Model;
using Varve.Repositories;
using Varve.Restore;

namespace Varve.App.Commands;

/// <summary><c>varve ls</c>: a directory of a snapshot.</summary>
internal sealed class LsCommand : VarveCommand
{
    private readonly Argument<string> _snapshot;
    private readonly Option<string> _source;
    private readonly Option<bool> _long, _recursive, _null, _pending;

    internal LsCommand() : base("ls", "List a directory of a snapshot. PATH is absolute, or relative to the root of the source.",
        "varve ls --long latest:/home/me/Documents", "varve ls -R 3fa2b1c4")
    {
        _snapshot = Optional("SNAPSHOT[:PATH]", "'latest' or the first digits of a snapshot's name [default latest]");
        _long = Flag("--long", "Mode, owner, group, size and time too", "-l");
        _recursive = Flag("--recursive", "Everything below too", "-R");
        _null = Flag("--null", "Print paths as raw bytes, each ended by NUL", "-0");
        _pending = Flag("--pending", "Instead: what a partial snapshot left for the next, the newest first (10,000 files at most)");
        _source = Value("--source", "NAME", "For 'latest': of this source");
    }

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        SnapshotSpec spec = SnapshotSpec.Parse(parse.GetValue(_snapshot));
        bool detailed = parse.GetValue(_long), raw = parse.GetValue(_null);
        using Repository repository = context.Open();
        SnapshotInfo snapshot = repository.FindSnapshot(spec.Snapshot, parse.GetValue(_source));
        byte[]? path = spec.Path is null ? null : SnapshotSpec.Relative(spec.Path, snapshot.Snapshot.Private?.CanonicalRoot ?? []);
        TimeZoneInfo zone = context.Time.LocalTimeZone;
        if (parse.GetValue(_pending)) { return Pending(context, repository, snapshot, detailed, raw); }
        Lister.Run(repository, snapshot, path, parse.GetValue(_recursive), entry =>
        {
            if (context.Options.Json)
            {
                context.Json.Object(entry, static (json, e) => EntryReport.Members(json, e));
            }
            else if (raw)
            {
                context.Out.WriteBytes(entry.Path);
                context.Out.Write("\0");
            }
            else
            {
                context.Out.WriteLine(detailed ? EntryReport.Long(entry, zone) : EntryReport.Short(entry));
            }
        });
        return Outcome.Done;
    }

    private static Outcome Pending(CommandContext context, Repository repository, SnapshotInfo snapshot, bool detailed, bool raw)
    {
        TimeZoneInfo zone = context.Time.LocalTimeZone;
        foreach (PendingFile file in Lister.Pending(repository, snapshot))
        {
            if (context.Options.Json)
            {
                context.Json.Object(file, static (json, f) => BackupReport.Members(json, f));
            }
            else if (raw)
            {
                context.Out.WriteBytes(file.Path);
                context.Out.Write("\0");
            }
            else
            {
                context.Out.WriteLine(detailed ? $"{file.Size,14:N0} {Human.Time(file.Time, zone)} {NameText.Escape(file.Path)}" : NameText.Escape(file.Path));
            }
        }

        return Outcome.Done;
    }
}
