using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.Catalog;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve sql</c>: a query over the catalog.</summary>
internal static class SqlCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string query = values.ArgumentText(HistorySettings.Query, "the query");
        using Repository repository = context.Open();
        string path = repository.CatalogPath;
        if (!File.Exists(path))
        {
            throw new VarveException(ErrorKind.NotFound, Subject.Catalog(path), "does not exist", Advice.MakeCatalog);
        }

        repository.RequirePrivateCache();
        IReadOnlyList<string> names = [];
        CatalogSql.Query(path, query, columns =>
        {
            names = SqlRow.Distinct(columns);
            context.Results.Header(SqlRow.Header(columns));
        },
        row => context.Results.Write(new SqlRow(names, row)));
        return Outcome.Done;
    }
}
