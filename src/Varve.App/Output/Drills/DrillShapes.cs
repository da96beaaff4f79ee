using System.Text.Json.Serialization;

namespace Varve.App.Output.Drills;

/// <summary>How the report of this room becomes JSON, as <see cref="Reports.ReportShapes"/> does it for the others.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(DrillReport))]
internal sealed partial class DrillShapes : JsonSerializerContext;
