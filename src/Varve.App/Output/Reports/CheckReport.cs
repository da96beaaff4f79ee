using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Reports;

/// <summary>What a check found.</summary>
internal sealed class CheckReport : IReport<CheckReport>
{
    private const int Printed = 100;
    private const int ShortName = 8;

    private readonly CheckResult _result;
    private readonly NextCommand _next;
    private readonly IReadOnlyList<string> _again;

    /// <param name="result">What was found.</param>
    /// <param name="next">Commands for hints.</param>
    /// <param name="again">The commands that store anew what is lost, as far as its sources still have it.</param>
    internal CheckReport(CheckResult result, NextCommand? next = null, IReadOnlyList<string>? again = null) =>
        (_result, _next, _again) = (result, next ?? NextCommand.Plain, again ?? []);

    static JsonTypeInfo<CheckReport> IReport<CheckReport>.Shape => ReportShapes.Default.CheckReport;

    public bool Ok => _result.DamageCount == 0;
    public long Objects => _result.Objects;
    public long Packs => _result.Packs;
    public long Snapshots => _result.Snapshots;
    public long Chunks => _result.Chunks;
    public long BytesRead => _result.BytesRead;
    public long DamageCount => _result.DamageCount;
    public IEnumerable<DamageReport> Damages => _result.Damages.Select(d => new DamageReport(d, _result));
    public IEnumerable<DamageReport> Healed => _result.Healed.Select(d => new DamageReport(d, _result));
    public IReadOnlyList<string> Again => _again;
    public IReadOnlyList<string> Notes => _result.Notes;

    public void Print(Page page)
    {
        string what = $"{Human.Count(Objects, "object")}: {Human.Count(Packs, "pack")}, {Human.Count(Snapshots, "snapshot")}, "
            + $"{Human.Count(Chunks, "chunk")}; {Human.Size(BytesRead)} read";
        string verdict = Ok ? "No damage found" : Human.Count(DamageCount, "problem") + " found";
        if (_result.Healed.Count > 0) { verdict += $"; what was lost in {Human.Count(_result.Healed.Count, "pack")} is stored anew"; }
        if (page.Detail == Detail.Full) { page.Line("Checked " + what); }
        PrintDamages(page);
        if (page.Detail != Detail.Quiet)
        {
            foreach (Damage healed in _result.Healed.Take(Printed))
            {
                page.Line($"  healed: {NameText.Printable(healed.Object)}: {NameText.Printable(healed.Problem)}; what it held is stored anew");
            }

            foreach (string note in Notes) { page.Line("  note: " + NameText.Printable(note)); }
        }

        if (page.Detail == Detail.Full) { page.Line(Ok ? page.Ink.Good(verdict + ".") : page.Ink.Bad(verdict + ".")); }
        else if (page.Detail == Detail.Line || !Ok) { page.Line($"{verdict}. Checked {what}"); }
    }

    private void PrintDamages(Page page)
    {
        int printed = Math.Min(Printed, _result.Damages.Count);
        foreach (Damage damage in _result.Damages.Take(printed))
        {
            page.Line($"  {page.Ink.Bad("damaged")}: {NameText.Printable(damage.Object)}: {NameText.Printable(damage.Problem)}");
            if (damage.Affects.Length > 0) { page.Line($"           affects {NameText.Printable(damage.Affects)}"); }
            if (damage.Snapshots.Count > 1)
            {
                page.Line("           in snapshots " + string.Join(", ", damage.Snapshots.Select(static s => s.ToString()[..ShortName])));
            }
        }

        if (DamageCount > printed) { page.Line($"  and {Human.Count(DamageCount - printed)} more"); }
        foreach (string advice in _result.Damages.Select(Advise).OfType<string>().Distinct())
        {
            page.Line("  what to do: " + NameText.Printable(advice));
        }

        foreach (string command in _again) { page.Line("              " + NameText.Printable(command)); }
    }

    // What no source has any more no backup brings back.
    private string? Advise(Damage damage) =>
        AdviceText.Of(damage.Advice, damage.IsContent && !DamageReport.IsInSource(damage, _result) ? Subject.None : damage.Subject,
        _next);
}
