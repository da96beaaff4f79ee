using System.Text.Json.Serialization;

namespace Varve.App.Output.Lists;

/// <summary>How the reports of this room become JSON, as <see cref="Reports.ReportShapes"/> does it for the others.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(AppliedReport))]
[JsonSerializable(typeof(PlanReport))]
internal sealed partial class ListShapes : JsonSerializerContext;
