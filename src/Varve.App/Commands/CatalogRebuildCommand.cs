using System.CommandLine;
using Varve.App.Output;
using Varve.Maintain;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve catalog rebuild</c>.</summary>
internal sealed class CatalogRebuildCommand() : VarveCommand("rebuild", "Build the catalog anew from the repository.", "varve catalog rebuild")
{
    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        using Repository repository = context.Open();
        int done = 0, all = 0;
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        CatalogRebuildResult result;
        using (context.Progress(() => new Position("rebuilding", "snapshots", Volatile.Read(ref done), 0, Volatile.Read(ref all), null, 0)))
        {
            result = CatalogMaintenance.Rebuild(repository, (now, of) =>
            {
                Volatile.Write(ref done, now);
                Volatile.Write(ref all, of);
            }, cancellation);
        }

        if (context.Options.Json)
        {
            context.Json.Object((result, repository), static (json, s) =>
            {
                json.WriteString("path", s.repository.CatalogPath);
                json.WriteNumber("snapshots", s.result.Snapshots);
                json.WriteNumber("directories", s.result.Directories);
                json.WriteNumber("revisions", s.result.Revisions);
                json.WriteNumber("bytes", s.result.Bytes);
                json.WriteNumber("seconds", Math.Round(s.result.Elapsed.TotalSeconds, 3));
            });
            return Outcome.Done;
        }

        context.Out.WriteLine($"Rebuilt {NameText.Escape(repository.CatalogPath)}");
        context.Out.WriteLine($"  {Human.Count(result.Snapshots, "snapshot")}, {Human.Count(result.Directories, "directory", "directories")}, "
            + $"{Human.Count(result.Revisions, "revision")}, {Human.Size(result.Bytes)} in {Human.Duration(result.Elapsed)}");
        return Outcome.Done;
    }
}
