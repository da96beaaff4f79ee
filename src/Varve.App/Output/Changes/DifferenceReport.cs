using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.History.Differences;
using Varve.Model.Changes;

namespace Varve.App.Output.Changes;

/// <summary>An entry that is not the same in two snapshots.</summary>
internal readonly struct DifferenceReport : IReport<DifferenceReport>
{
    private readonly Difference _difference;

    internal DifferenceReport(Difference difference) => _difference = difference;

    static JsonTypeInfo<DifferenceReport> IReport<DifferenceReport>.Shape => ChangeShapes.Default.DifferenceReport;

    public string Type => "difference";
    public string Change => KindText.Of(_difference.Change);
    public ByteText Path => new(_difference.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public ByteText? MovedFrom => ByteText.From(_difference.MovedFrom);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? MovedFromBytes => MovedFrom?.Other;
    public IEnumerable<string> Properties => PropertyText.Words(_difference.Properties);
    public StatePart? Before => StatePart.Of(_difference.Before?.Stat);
    public StatePart? After => StatePart.Of(_difference.After?.Stat);

    /// <summary>A letter, as with <c>backup --verbose</c>, the path, and what of it is another.</summary>
    public void Print(Page page) => page.Line(Line(_difference, page.Ink));

    /// <summary>The same as one line.</summary>
    internal static string Line(Difference d, Ink ink)
    {
        string line = ChangeLetter.Of(d.Change, ink) + " " + EntryText.Name(d.Path, (d.After ?? d.Before)!.Stat.Kind);
        if (d.MovedFrom is { } from) { line += $"  [was {EntryText.Name(from, d.Before!.Stat.Kind)}]"; }
        if (d.Change is EntryChange.Failed or EntryChange.Pending)
        {
            line += (d.Change == EntryChange.Failed ? "  [could not be saved" : "  [still to come")
                + (d.After is null ? "]" : ", in the first of the two]");
        }

        if (d.Properties != 0) { line += $"  [{PropertyText.Describe(d.Properties, d.Before!.Stat, d.After!.Stat)}]"; }
        return line;
    }
}
