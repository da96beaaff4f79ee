using System.CommandLine;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Repositories;
using Varve.Restore;

namespace Varve.App.Commands;

/// <summary><c>varve find</c>: every revision of what matches, in all snapshots.</summary>
internal sealed class FindCommand : VarveCommand
{
    private readonly Argument<string> _pattern;
    private readonly Option<string> _source;
    private readonly Option<bool> _ignoreCase, _null;

    internal FindCommand() : base("find", "Find every revision of the entries that match, over all snapshots: what it was, and from when to when.",
        "varve find 'report*.odt'", "varve find -i '*invoice*' --source Documents")
    {
        _pattern = Required("PATTERN", "A glob over names, or over whole paths if it has a slash");
        _ignoreCase = Flag("--ignore-case", "Upper and lower case are the same", "-i");
        _null = Flag("--null", "Print only paths, as raw bytes, each ended by NUL", "-0");
        _source = Value("--source", "NAME", "Only in this source");
    }

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        string pattern = RawArguments.Text(parse.GetValue(_pattern)!, "the pattern");
        bool raw = parse.GetValue(_null);
        using Repository repository = context.Open();
        TimeZoneInfo zone = context.Time.LocalTimeZone;
        Finder.Run(repository, pattern, parse.GetValue(_ignoreCase), parse.GetValue(_source), found =>
        {
            if (context.Options.Json)
            {
                context.Json.Object(found, static (json, f) => EntryReport.Members(json, f));
            }
            else if (raw)
            {
                context.Out.WriteBytes(found.Path);
                context.Out.Write("\0");
            }
            else
            {
                context.Out.WriteLine(EntryReport.Found(found, zone));
            }
        }, context.CancelOnSignal("stopping"));
        return Outcome.Done;
    }
}
