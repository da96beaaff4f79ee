using System.Text.Json.Serialization;

namespace Varve.App.Daemon.Watch;

/// <summary>How records become JSON and are read back.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WatchData))]
[JsonSerializable(typeof(JobData))]
[JsonSerializable(typeof(DaemonData))]
internal sealed partial class RecordShapes : JsonSerializerContext;
