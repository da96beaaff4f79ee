using System.CommandLine;
using Varve.App.Output;
using Varve.Maintain;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve catalog status</c>.</summary>
internal sealed class CatalogStatusCommand() : VarveCommand("status", "Show where the catalog is and whether it is current.", "varve catalog status")
{
    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        using Repository repository = context.Open();
        CatalogStatus status = CatalogMaintenance.Status(repository);
        if (context.Options.Json)
        {
            context.Json.Object(status, static (json, s) =>
            {
                json.WriteString("path", s.Path);
                json.WriteString("state", s.State);
                json.WriteString("problem", s.Problem);
                json.WriteNumber("bytes", s.Bytes);
                json.WriteNumber("snapshotsKnown", s.SnapshotsKnown);
                json.WriteNumber("snapshotsStored", s.SnapshotsStored);
                json.WriteNumber("revisions", s.Revisions);
                json.WriteNumber("directories", s.Directories);
            });
            return Outcome.Done;
        }

        context.Out.WriteLine($"catalog      {NameText.Escape(status.Path)}");
        context.Out.WriteLine($"state        {status.State}{(status.Problem is { } problem ? ": " + NameText.Printable(problem) : "")}");
        if (status.State is "current" or "stale")
        {
            context.Out.WriteLine($"size         {Human.Size(status.Bytes)}");
            context.Out.WriteLine($"snapshots    {Human.Count(status.SnapshotsKnown)} of the repository's {Human.Count(status.SnapshotsStored)}");
            context.Out.WriteLine($"directories  {Human.Count(status.Directories)}");
            context.Out.WriteLine($"revisions    {Human.Count(status.Revisions)}");
        }

        return Outcome.Done;
    }
}
