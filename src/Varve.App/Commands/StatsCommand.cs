using System.CommandLine;
using System.Globalization;
using Varve.App.Output;
using Varve.Maintain;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve stats</c>: what the repository holds.</summary>
internal sealed class StatsCommand() : VarveCommand("stats", "Show what the repository holds and how much that takes.", "varve stats -r /mnt/disk/backup")
{
    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        using Repository repository = context.Open();
        RepositoryStatistics stats = Statistics.Run(repository);
        if (context.Options.Json)
        {
            context.Json.Object(stats, static (json, s) =>
            {
                json.WriteString("repository", s.Repository);
                json.WriteNumber("version", s.Version);
                json.WriteString("created", s.Created);
                json.WriteNumber("snapshots", s.Snapshots);
                json.WriteNumber("sources", s.Sources);
                json.WriteNumber("dataPacks", s.DataPacks);
                json.WriteNumber("metaPacks", s.MetaPacks);
                json.WriteNumber("dataBytes", s.DataBytes);
                json.WriteNumber("metaBytes", s.MetaBytes);
                json.WriteNumber("indexRuns", s.IndexRuns);
                json.WriteNumber("indexBytes", s.IndexBytes);
                json.WriteNumber("chunks", s.Chunks);
                json.WriteNumber("rawBytes", s.RawBytes);
                json.WriteNumber("storedBytes", s.StoredBytes);
                json.WriteNumber("protectedBytes", s.ProtectedBytes);
            });
            return Outcome.Done;
        }

        context.Out.WriteLine($"repository  {stats.Repository}, format {stats.Version}, created {NameText.Printable(stats.Created)}");
        context.Out.WriteLine($"snapshots   {Human.Count(stats.Snapshots)} of {Human.Count(stats.Sources, "source")}");
        context.Out.WriteLine($"packs       {Human.Count(stats.DataPacks)} of data, {Human.Size(stats.DataBytes)}; "
            + $"{Human.Count(stats.MetaPacks)} of metadata, {Human.Size(stats.MetaBytes)}");
        context.Out.WriteLine($"index       {Human.Count(stats.IndexRuns, "run")}, {Human.Size(stats.IndexBytes)}, {Human.Count(stats.Chunks, "chunk")}");
        context.Out.WriteLine($"protected   {Human.Size(stats.ProtectedBytes)} in all snapshots together");
        context.Out.WriteLine($"distinct    {Human.Size(stats.RawBytes)}{Ratio(stats.ProtectedBytes, stats.RawBytes)}");
        context.Out.WriteLine($"stored      {Human.Size(stats.StoredBytes)}{Ratio(stats.RawBytes, stats.StoredBytes)}");
        return Outcome.Done;
    }

    private static string Ratio(long from, long to) =>
        from == 0 || to == 0 ? "" : $", {((double)from / to).ToString("0.00", CultureInfo.InvariantCulture)} to 1";
}
