using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Daemon;

/// <summary>What the daemon answers to what it was told to do.</summary>
internal sealed class AnswerReport : IReport<AnswerReport>
{
    static JsonTypeInfo<AnswerReport> IReport<AnswerReport>.Shape => DaemonShapes.Default.AnswerReport;

    public bool Ok { get; init; }
    public required string Message { get; init; }

    public void Print(Page page) => page.Done(NameText.Printable(Message));
}
