using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Reports;

/// <summary>A new repository.</summary>
internal sealed class InitReport(string repository, string id, string? createdKeyFile) : IReport<InitReport>
{
    static JsonTypeInfo<InitReport> IReport<InitReport>.Shape => ReportShapes.Default.InitReport;

    public string Repository => repository;
    public string Id => id;
    public string? CreatedKeyFile => createdKeyFile;

    public void Print(Page page)
    {
        // Even when little is wanted: without what it says of the key file there may be no way back.
        page.Line($"Created the repository {NameText.Escape(Repository)}");
        PrintKeyFile(page, CreatedKeyFile);
    }

    /// <summary>Says where a new key file lies and what it is worth.</summary>
    internal static void PrintKeyFile(Page page, string? keyFile)
    {
        if (keyFile is null) { return; }
        page.Line($"Created the key file   {NameText.Escape(keyFile)}");
        page.Line("Without the key file nobody can read the backups, you neither. Keep a copy of it elsewhere, in a safe place.");
    }
}
