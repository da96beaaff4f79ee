using System.Text;
using Varve.App.Output.Json;

namespace Varve.App.Output.Reports;

/// <summary>What ended a command, or one of its parts. It goes to standard error.</summary>
internal sealed class ErrorReport(ErrorFacts error)
{
    public ErrorFacts Error => error;

    /// <summary>Prints it: two lines at most, or one object (docs/json.md, errors).</summary>
    internal void Print(StatusLine status, bool json)
    {
        if (json)
        {
            var output = new JsonOutput(new TextOutput(Stream.Null));
            status.Message(Encoding.UTF8.GetString(output.Line(this, ReportShapes.Default.ErrorReport)));
            return;
        }

        status.Message("varve: " + Error.Message);
        if (Error.Hint is not null) { status.Message("       " + Error.Hint); }
    }
}
