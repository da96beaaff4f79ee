using System.Text.Json.Serialization;

namespace Varve.App.Output.Pruning;

/// <summary>How the reports of this room become JSON, as <see cref="Reports.ReportShapes"/> does it for the others.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(PruneReport))]
[JsonSerializable(typeof(PruneUndoneReport))]
internal sealed partial class PruningShapes : JsonSerializerContext;
