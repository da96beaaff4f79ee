using System.Text.Json.Serialization;

namespace Varve.App.Output.Reports;

/// <summary>
/// How every report becomes JSON: code that the compiler makes from the types, so that nothing is reflected on and trimming takes the rest
/// away.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(BackupReport))]
[JsonSerializable(typeof(CatalogRebuildReport))]
[JsonSerializable(typeof(CatalogStatusReport))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(CreatedReport))]
[JsonSerializable(typeof(EntryReport))]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(InitReport))]
[JsonSerializable(typeof(KeyAddedReport))]
[JsonSerializable(typeof(KeyRemovedReport))]
[JsonSerializable(typeof(KeyReport))]
[JsonSerializable(typeof(PendingReport))]
[JsonSerializable(typeof(ProgressReport))]
[JsonSerializable(typeof(RestoreReport))]
[JsonSerializable(typeof(RevisionReport))]
[JsonSerializable(typeof(SnapshotReport))]
[JsonSerializable(typeof(SqlRow))]
[JsonSerializable(typeof(StatsReport))]
[JsonSerializable(typeof(UnstableReport))]
internal sealed partial class ReportShapes : JsonSerializerContext;
