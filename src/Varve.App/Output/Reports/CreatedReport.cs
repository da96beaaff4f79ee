using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Reports;

/// <summary>What <c>backup</c> created before it could begin.</summary>
internal sealed class CreatedReport(string repository, string? createdKeyFile) : IReport<CreatedReport>
{
    static JsonTypeInfo<CreatedReport> IReport<CreatedReport>.Shape => ReportShapes.Default.CreatedReport;

    public string Type => "created";
    public string Repository => repository;
    public string? CreatedKeyFile => createdKeyFile;

    public void Print(Page page)
    {
        page.Line($"Created the repository {NameText.Escape(Repository)}");
        InitReport.PrintKeyFile(page, CreatedKeyFile);
    }
}
