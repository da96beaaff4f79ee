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
[JsonSerializable(typeof(ChangedEntryReport))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(CheckStepReport))]
[JsonSerializable(typeof(ConfigCheckReport))]
[JsonSerializable(typeof(CreatedReport))]
[JsonSerializable(typeof(EntryReport))]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(InitReport))]
[JsonSerializable(typeof(KeyAddedReport))]
[JsonSerializable(typeof(KeyChangedReport))]
[JsonSerializable(typeof(KeyExportedReport))]
[JsonSerializable(typeof(KeyImportedReport))]
[JsonSerializable(typeof(KeyRemovedReport))]
[JsonSerializable(typeof(KeyReport))]
[JsonSerializable(typeof(PendingReport))]
[JsonSerializable(typeof(ProgressReport))]
[JsonSerializable(typeof(RestoreReport))]
[JsonSerializable(typeof(RevisionReport))]
[JsonSerializable(typeof(SnapshotFailureReport))]
[JsonSerializable(typeof(SnapshotReport))]
[JsonSerializable(typeof(SourceReport))]
[JsonSerializable(typeof(SqlRow))]
[JsonSerializable(typeof(StatsReport))]
[JsonSerializable(typeof(UnsavedReport))]
[JsonSerializable(typeof(UnstableReport))]
internal sealed partial class ReportShapes : JsonSerializerContext;
