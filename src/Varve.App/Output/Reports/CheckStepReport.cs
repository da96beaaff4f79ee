using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.Maintain.Findings;

namespace Varve.App.Output.Reports;

/// <summary>What a check has just looked at, told at once.</summary>
internal readonly struct CheckStepReport : IReport<CheckStepReport>
{
    private readonly CheckStep _step;

    internal CheckStepReport(CheckStep step) => _step = step;

    static JsonTypeInfo<CheckStepReport> IReport<CheckStepReport>.Shape => ReportShapes.Default.CheckStepReport;

    public string Type => "step";
    public string Object => _step.Object;
    public string? Problem => _step.Problem;

    /// <summary>A letter, what it is, and what is wrong with it.</summary>
    public void Print(Page page) => page.Line(Problem is { } problem
        ? $"{page.Ink.Bad("!")} {NameText.Printable(Object)}: {NameText.Printable(problem)}" : $"= {NameText.Printable(Object)}");
}
