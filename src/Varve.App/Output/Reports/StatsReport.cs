using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace Varve.App.Output.Reports;

/// <summary>What a repository holds.</summary>
internal sealed class StatsReport : IReport<StatsReport>
{
    private readonly RepositoryStatistics _stats;

    internal StatsReport(RepositoryStatistics stats) => _stats = stats;

    static JsonTypeInfo<StatsReport> IReport<StatsReport>.Shape => ReportShapes.Default.StatsReport;

    public string Repository => _stats.Repository;
    public int Version => _stats.Version;
    public string Created => _stats.Created;
    public long Snapshots => _stats.Snapshots;
    public long Sources => _stats.Sources;
    public long DataPacks => _stats.DataPacks;
    public long MetaPacks => _stats.MetaPacks;
    public long DataBytes => _stats.DataBytes;
    public long MetaBytes => _stats.MetaBytes;
    public long IndexRuns => _stats.IndexRuns;
    public long IndexBytes => _stats.IndexBytes;
    public long Chunks => _stats.Chunks;
    public long RawBytes => _stats.RawBytes;
    public long StoredBytes => _stats.StoredBytes;
    public long ProtectedBytes => _stats.ProtectedBytes;

    public void Print(Page page)
    {
        page.Line($"repository  {Repository}, format {Version}, created {NameText.Printable(Created)}");
        page.Line($"snapshots   {Human.Count(Snapshots)} of {Human.Count(Sources, "source")}");
        page.Line(
            $"packs       {Human.Count(DataPacks)} of data, {Human.Size(DataBytes)}; "
            + $"{Human.Count(MetaPacks)} of metadata, {Human.Size(MetaBytes)}");
        page.Line($"index       {Human.Count(IndexRuns, "run")}, {Human.Size(IndexBytes)}, {Human.Count(Chunks, "chunk")}");
        page.Line($"protected   {Human.Size(ProtectedBytes)} in all snapshots together");
        page.Line($"distinct    {Human.Size(RawBytes)}{Ratio(ProtectedBytes, RawBytes)}");
        page.Line($"stored      {Human.Size(StoredBytes)}{Ratio(RawBytes, StoredBytes)}");
    }

    private static string Ratio(long from, long to) =>
        from == 0 || to == 0 ? "" : $", {((double)from / to).ToString("0.00", CultureInfo.InvariantCulture)} to 1";
}
