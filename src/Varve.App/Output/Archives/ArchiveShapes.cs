using System.Text.Json.Serialization;

namespace Varve.App.Output.Archives;

/// <summary>How the reports of this room become JSON, as <see cref="Reports.ReportShapes"/> does it for the others.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(ArchiveReport))]
[JsonSerializable(typeof(ExtractReport))]
[JsonSerializable(typeof(DigestReport))]
[JsonSerializable(typeof(DigestDirectoryReport))]
[JsonSerializable(typeof(DigestCheckReport))]
internal sealed partial class ArchiveShapes : JsonSerializerContext;
