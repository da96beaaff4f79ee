namespace Varve.App.Output.Reports;

/// <summary>An error as people and programs see it: nothing in it can move a terminal's cursor.</summary>
internal sealed class ErrorFacts(string kind, string message, string? hint)
{
    public string Kind => kind;
    public string Message { get; } = NameText.Printable(message);
    public string? Hint { get; } = hint is null ? null : NameText.Printable(hint);
}
