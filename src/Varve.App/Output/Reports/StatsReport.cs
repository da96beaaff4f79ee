using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Varve.Maintain.Stats;

namespace Varve.App.Output.Reports;

/// <summary>What a repository holds.</summary>
internal sealed class StatsReport(RepositoryStatistics stats) : IReport<StatsReport>
{
    static JsonTypeInfo<StatsReport> IReport<StatsReport>.Shape => ReportShapes.Default.StatsReport;

    public string Repository => stats.Repository;
    public int Version => stats.Version;
    public string Created => stats.Created;
    public long Snapshots => stats.Snapshots;
    public long Sources => stats.Sources;
    public long DataPacks => stats.DataPacks;
    public long MetaPacks => stats.MetaPacks;
    public long DataBytes => stats.DataBytes;
    public long MetaBytes => stats.MetaBytes;
    public long IndexRuns => stats.IndexRuns;
    public long IndexBytes => stats.IndexBytes;
    public long Chunks => stats.Chunks;
    public long RawBytes => stats.RawBytes;
    public long StoredBytes => stats.StoredBytes;
    public long ProtectedBytes => stats.ProtectedBytes;

    public void Print(Page page)
    {
        page.Line($"repository  {Repository}, format {Version}, created {NameText.Printable(Created)}");
        page.Line($"snapshots   {Human.Count(Snapshots)} of {Human.Count(Sources, "source")}");
        page.Line($"packs       {Human.Count(DataPacks)} of data, {Human.Size(DataBytes)}; {Human.Count(MetaPacks)} of metadata, {Human.Size(MetaBytes)}");
        page.Line($"index       {Human.Count(IndexRuns, "run")}, {Human.Size(IndexBytes)}, {Human.Count(Chunks, "chunk")}");
        page.Line($"protected   {Human.Size(ProtectedBytes)} in all snapshots together");
        page.Line($"distinct    {Human.Size(RawBytes)}{Ratio(ProtectedBytes, RawBytes)}");
        page.Line($"stored      {Human.Size(StoredBytes)}{Ratio(RawBytes, StoredBytes)}");
    }

    private static string Ratio(long from, long to) =>
        from == 0 || to == 0 ? "" : $", {((double)from / to).ToString("0.00", CultureInfo.InvariantCulture)} to 1";
}
