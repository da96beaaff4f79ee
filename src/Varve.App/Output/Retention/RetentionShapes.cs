using System.Text.Json.Serialization;

namespace Varve.App.Output.Retention;

/// <summary>How the reports of this room become JSON, as <see cref="Reports.ReportShapes"/> does it for the others.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(DamagedForgottenReport))]
[JsonSerializable(typeof(ForgetReport))]
[JsonSerializable(typeof(KeepReport))]
[JsonSerializable(typeof(MarkReport))]
internal sealed partial class RetentionShapes : JsonSerializerContext;
