using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Reports;

/// <summary>Of several sources, which could not be backed up at all: what <c>backup</c> ends with if there are any.</summary>
internal sealed class UnsavedReport : IReport<UnsavedReport>
{
    private readonly int _sources;
    private readonly IReadOnlyList<UnsavedSource> _unsaved;

    // Not public: the serializer's generator would take in what its parameters are made of.
    internal UnsavedReport(int sources, IReadOnlyList<UnsavedSource> unsaved) => (_sources, _unsaved) = (sources, unsaved);

    static JsonTypeInfo<UnsavedReport> IReport<UnsavedReport>.Shape => ReportShapes.Default.UnsavedReport;

    public string Type => "unsaved";
    public int Sources => _sources;
    public int Saved => _sources - _unsaved.Count;
    public IEnumerable<UnsavedSource> Unsaved => _unsaved;

    public void Print(Page page)
    {
        string names = string.Join(", ", Unsaved.Select(static u => u.Label));
        page.Status.Message($"varve: {Human.Count(Saved)} of {Human.Count(_sources, "source")} saved; not saved: {names}");
    }
}
