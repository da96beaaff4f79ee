using System.CommandLine;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Catalog;
using Varve.Model;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve sql</c>: a query over the catalog.</summary>
internal sealed class SqlCommand : VarveCommand
{
    private readonly Argument<string> _query;

    internal SqlCommand() : base("sql", "Query the catalog, read-only. There are the views snapshots, directories and files. Columns are separated by tabs.",
        "varve sql \"select source, count(*), max(started) from snapshots group by 1\"", "varve sql \"select path, size from files where size > 1e9\" --json") =>
        _query = Required("QUERY", "One SQL statement that reads");

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        string query = RawArguments.Text(parse.GetValue(_query)!, "the query");
        using Repository repository = context.Open();
        string path = repository.CatalogPath;
        if (!File.Exists(path))
        {
            throw new VarveException(ErrorKind.NotFound, $"there is no catalog at {path}", "'varve catalog rebuild' makes one.");
        }

        IReadOnlyList<string> names = [];
        CatalogSql.Query(path, query, columns =>
        {
            names = SqlReport.Distinct(columns);
            if (!context.Options.Json)
            {
                SqlReport.Header(context.Out, columns);
            }
        },
        row =>
        {
            if (context.Options.Json)
            {
                SqlReport.Json(context.Json, names, row);
            }
            else
            {
                SqlReport.Line(context.Out, row);
            }
        });
        return Outcome.Done;
    }
}
