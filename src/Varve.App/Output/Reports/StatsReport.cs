using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Reports;

/// <summary>What a repository holds.</summary>
internal sealed class StatsReport : IReport<StatsReport>
{
    private static readonly TableShape s_table = new(new TableColumn("WHAT"), new TableColumn("HOW MUCH")) { HasHeadings = false };

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
        page.Row(s_table, "repository", $"{Repository}, format {Version}, created {page.ZonedTime(Created)}");
        page.Row(s_table, "snapshots", $"{Human.Count(Snapshots)} of {Human.Count(Sources, "source")}");
        page.Row(s_table, "packs",
            $"{Human.Count(DataPacks)} of data, {Human.Size(DataBytes)}; {Human.Count(MetaPacks)} of metadata, {Human.Size(MetaBytes)}");
        page.Row(s_table, "index", $"{Human.Count(IndexRuns, "run")}, {Human.Size(IndexBytes)}, {Human.Count(Chunks, "chunk")}");
        page.Row(s_table, "protected", $"{Human.Size(ProtectedBytes)} in all snapshots together");
        page.Row(s_table, "distinct", Human.Size(RawBytes) + Ratio(ProtectedBytes, RawBytes));
        page.Row(s_table, "stored", Human.Size(StoredBytes) + Ratio(RawBytes, StoredBytes));
    }

    private static string Ratio(long from, long to) =>
        from == 0 || to == 0 ? "" : $", {((double)from / to).ToString("0.00", CultureInfo.InvariantCulture)} to 1";
}
