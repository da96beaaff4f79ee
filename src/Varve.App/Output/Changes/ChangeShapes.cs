using System.Text.Json.Serialization;

namespace Varve.App.Output.Changes;

/// <summary>How the reports of this room become JSON, as <see cref="Reports.ReportShapes"/> does it for the others.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(DifferenceReport))]
[JsonSerializable(typeof(DifferenceTotals))]
[JsonSerializable(typeof(DryRunReport))]
[JsonSerializable(typeof(HistoryReport))]
[JsonSerializable(typeof(LogEntryReport))]
[JsonSerializable(typeof(MatchReport))]
[JsonSerializable(typeof(NoScanReport))]
[JsonSerializable(typeof(RunLogReport))]
[JsonSerializable(typeof(WhyReport))]
internal sealed partial class ChangeShapes : JsonSerializerContext;
