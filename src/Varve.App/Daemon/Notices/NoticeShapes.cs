using System.Text.Json.Serialization;

namespace Varve.App.Daemon.Notices;

/// <summary>How notices become JSON and are read back.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NoticeData))]
[JsonSerializable(typeof(NoticeBody))]
internal sealed partial class NoticeShapes : JsonSerializerContext;
