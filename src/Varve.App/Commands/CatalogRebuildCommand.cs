using System.CommandLine;
using Varve.App.Output;
using Varve.Maintain;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve catalog rebuild</c>.</summary>
internal sealed class CatalogRebuildCommand() : VarveCommand("rebuild", "Build the catalog anew from the repository.", "varve catalog rebuild")
{
    internal override Outcome Run(ParseResult parse, Session session)
    {
        using Repository repository = session.Open();
        var monitor = new CatalogMonitor();
        CancellationToken cancellation = session.CancelOnSignal("stopping (again to stop at once)");
        CatalogRebuildResult result;
        using (session.Progress(() => PositionOf(monitor.Read())))
        {
            result = CatalogMaintenance.Rebuild(repository, monitor, cancellation);
        }

        if (session.Options.Json)
        {
            session.Json.Object((result, repository), static (json, s) =>
            {
                json.WriteString("path", s.repository.CatalogPath);
                json.WriteNumber("snapshots", s.result.Snapshots);
                json.WriteNumber("directories", s.result.Directories);
                json.WriteNumber("revisions", s.result.Revisions);
                json.WriteNumber("seconds", Math.Round(s.result.Elapsed.TotalSeconds, 3));
            });
            return Outcome.Done;
        }

        session.Out.WriteLine($"Rebuilt {NameText.Escape(repository.CatalogPath)}");
        session.Out.WriteLine($"  {Human.Count(result.Snapshots, "snapshot")}, {Human.Count(result.Directories, "directory", "directories")}, "
            + $"{Human.Count(result.Revisions, "revision")} in {Human.Duration(result.Elapsed)}");
        return Outcome.Done;
    }

    private static Position PositionOf((long Done, long? Expected) p) => new("rebuilding", "snapshots", p.Done, 0, p.Expected, null, 0);
}
