using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Reports;

/// <summary>Where a backup stands, for programs.</summary>
internal sealed class ProgressReport : IReport<ProgressReport>
{
    private readonly BackupProgress _progress;

    internal ProgressReport(BackupProgress progress) => _progress = progress;

    static JsonTypeInfo<ProgressReport> IReport<ProgressReport>.Shape => ReportShapes.Default.ProgressReport;

    public string Type => "progress";
    public string Phase => _progress.Phase;
    public long Directories => _progress.Directories;
    public long Files => _progress.Files;
    public long Bytes => _progress.Bytes;
    public long BytesRead => _progress.BytesRead;
    public long BytesStored => _progress.BytesStored;
    public long Failed => _progress.Failed;
    public long? ExpectedFiles => _progress.ExpectedFiles;
    public long? ExpectedBytes => _progress.ExpectedBytes;
    public ByteText? Path => ByteText.From(_progress.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path?.Other;

    /// <summary>People have a line that is rewritten in place instead.</summary>
    public void Print(Page page) => throw new NotSupportedException();
}
