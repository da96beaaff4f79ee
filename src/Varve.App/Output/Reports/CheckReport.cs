using System.Text.Json.Serialization.Metadata;

namespace Varve.App.Output.Reports;

/// <summary>What a check found.</summary>
internal sealed class CheckReport : IReport<CheckReport>
{
    private const int Printed = 100;

    private readonly CheckResult _result;

    internal CheckReport(CheckResult result) => _result = result;

    static JsonTypeInfo<CheckReport> IReport<CheckReport>.Shape => ReportShapes.Default.CheckReport;

    public bool Ok => _result.DamageCount == 0;
    public long Objects => _result.Objects;
    public long Packs => _result.Packs;
    public long Snapshots => _result.Snapshots;
    public long Chunks => _result.Chunks;
    public long BytesRead => _result.BytesRead;
    public long DamageCount => _result.DamageCount;
    public IEnumerable<DamageReport> Damages => _result.Damages.Select(static d => new DamageReport(d));
    public IReadOnlyList<string> Notes => _result.Notes;

    public void Print(Page page)
    {
        page.Line($"Checked {Human.Count(Objects, "object")}: {Human.Count(Packs, "pack")}, {Human.Count(Snapshots, "snapshot")}, "
            + $"{Human.Count(Chunks, "chunk")}; {Human.Size(BytesRead)} read");
        int printed = Math.Min(Printed, _result.Damages.Count);
        foreach (Damage damage in _result.Damages.Take(printed))
        {
            page.Line($"  damaged: {NameText.Printable(damage.Object)}: {NameText.Printable(damage.Problem)}");
            if (damage.Affects.Length > 0) { page.Line($"           affects {NameText.Printable(damage.Affects)}"); }
        }

        if (DamageCount > printed) { page.Line($"  and {Human.Count(DamageCount - printed)} more"); }
        foreach (string advice in _result.Damages.Select(static d => AdviceText.Of(d.Advice, d.Subject)).OfType<string>().Distinct())
        {
            page.Line("  what to do: " + NameText.Printable(advice));
        }

        foreach (string note in Notes) { page.Line("  note: " + NameText.Printable(note)); }
        page.Line(Ok ? "No damage found." : $"{Human.Count(DamageCount, "problem")} found.");
    }
}
