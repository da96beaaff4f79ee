using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Reports;

/// <summary>What a configuration has, and what is wrong with it.</summary>
internal sealed class ConfigCheckReport : IReport<ConfigCheckReport>
{
    private readonly IReadOnlyList<VarveException> _problems;
    private readonly NextCommand _next;

    // Not public: the serializer's generator would take in what its parameters are made of.
    internal ConfigCheckReport(string file, IReadOnlyList<VarveException> problems, NextCommand next) =>
        (File, _problems, _next) = (file, problems, next);

    static JsonTypeInfo<ConfigCheckReport> IReport<ConfigCheckReport>.Shape => ReportShapes.Default.ConfigCheckReport;

    public string Type => "config";
    public string File { get; }
    public int Sources { get; init; }
    public int Repositories { get; init; }
    public int Profiles { get; init; }

    /// <summary>What the daemon does by it.</summary>
    public IReadOnlyList<WatchPart> InForce { get; init; } = [];
    public IEnumerable<ConfigProblem> Problems => _problems.Select(p => new ConfigProblem(p, _next));

    /// <summary>What is right as it stands, and does not fit this machine as it is now.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public void Print(Page page)
    {
        foreach (VarveException problem in _problems) { page.Status.Hinted(problem.Message, AdviceText.Of(problem, _next)); }

        foreach (string note in Notes) { page.Status.Message("varve: note: " + NameText.Printable(note)); }
        string has = string.Join(", ", Human.Count(Sources, "source"), Human.Count(Repositories, "repository", "repositories"),
            Human.Count(Profiles, "profile"));
        foreach (WatchPart part in InForce)
        {
            string to = part.To is { } place ? $" to {NameText.Printable(place)}" : "";
            page.Line($"  {NameText.Printable(part.Name)}: {part.Kind}{to}, {NameText.Printable(part.Schedule)}"
                + (part is { Kind: "backup", Retention: false } ? ", all snapshots kept" : "")
                + (part.Hooks.Count > 0 ? ", hooks " + string.Join(", ", part.Hooks) : ""));
        }

        page.Line($"{NameText.Printable(File)}: {(_problems.Count == 0 ? has : Human.Count(_problems.Count, "problem"))}");
    }
}
