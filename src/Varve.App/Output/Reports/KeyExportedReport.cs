using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.Keys;

namespace Varve.App.Output.Reports;

/// <summary>A paper key: the key itself, or where it was written to.</summary>
internal sealed class KeyExportedReport : IReport<KeyExportedReport>
{
    private readonly PaperKey _key;
    private readonly string? _text;

    /// <summary>One that is shown.</summary>
    internal KeyExportedReport(PaperKey key, string text) => (_key, _text, Lines, Code) = (key, text, key.Lines, key.Code);

    private KeyExportedReport(PaperKey key, string? text, string output) => (_key, _text, Output) = (key, text, output);

    static JsonTypeInfo<KeyExportedReport> IReport<KeyExportedReport>.Shape => ReportShapes.Default.KeyExportedReport;

    public string Repository => _key.Repository;
    public string Level => KindText.Of(_key.Level);
    public IReadOnlyList<string>? Lines { get; }
    public string? Code { get; }
    public string? Output { get; }

    /// <summary>One that was written to a file: nothing secret is in the report.</summary>
    internal static KeyExportedReport Written(PaperKey key, string output) => new(key, null, output);

    public void Print(Page page)
    {
        if (_text is not null)
        {
            page.Out.Write(_text);
            return;
        }

        page.Line($"Wrote the paper key of level {Level} to {NameText.Escape(Output!)}");
        page.Line("Whoever has it opens the repository without any password. Print it, keep the paper in a safe place, and remove the file.");
    }
}
