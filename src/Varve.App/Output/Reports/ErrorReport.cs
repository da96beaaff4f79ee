using System.Text;
using Varve.App.Output.Json;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Reports;

/// <summary>What ended a command, or one of its parts. It goes to standard error.</summary>
internal sealed class ErrorReport(ErrorFacts error)
{
    public ErrorFacts Error => error;

    /// <summary>
    /// Prints it: two lines, and one for each source or snapshot that may be meant; or one object (docs/json.md, errors).
    /// </summary>
    internal void Print(StatusLine status, bool json, Func<TimeZoneInfo> zone)
    {
        if (json)
        {
            var output = new JsonOutput(new TextOutput(Stream.Null));
            status.Message(Encoding.UTF8.GetString(output.Line(this, ReportShapes.Default.ErrorReport)));
            return;
        }

        status.Message("varve: " + Error.Message);
        int width = Error.Sources?.Max(static s => NameText.Escape(s.Source).Length) ?? 0;
        foreach (SourcePart source in Error.Sources ?? []) { status.Message("       " + source.Line(width, zone())); }
        int digits = SnapshotPart.Digits(Error.Snapshots ?? []);
        foreach (SnapshotPart snapshot in Error.Snapshots ?? []) { status.Message("       " + snapshot.Line(digits, zone())); }
        if (Error.Hint is not null) { status.Message("       " + Error.Hint); }
    }
}
