using System.Text.Json.Serialization.Metadata;
using Varve.Backup;

namespace Varve.App.Output.Reports;

/// <summary>Where a backup stands, for programs.</summary>
internal sealed class ProgressReport(BackupProgress progress) : IReport<ProgressReport>
{
    static JsonTypeInfo<ProgressReport> IReport<ProgressReport>.Shape => ReportShapes.Default.ProgressReport;

    public string Type => "progress";
    public string Phase => progress.Phase;
    public long Directories => progress.Directories;
    public long Files => progress.Files;
    public long Bytes => progress.Bytes;
    public long BytesRead => progress.BytesRead;
    public long BytesStored => progress.BytesStored;
    public long Failed => progress.Failed;
    public long? ExpectedFiles => progress.ExpectedFiles;
    public long? ExpectedBytes => progress.ExpectedBytes;

    /// <summary>People have a line that is rewritten in place instead.</summary>
    public void Print(Page page) => throw new NotSupportedException();
}
