using System.Text.Json.Serialization;

namespace Varve.App.Output.Daemon;

/// <summary>How the reports of this room become JSON and, where one process tells another, are read back.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(AnswerReport))]
[JsonSerializable(typeof(WatchedReport))]
[JsonSerializable(typeof(UnitReport))]
internal sealed partial class DaemonShapes : JsonSerializerContext;
