using System.CommandLine;
using System.Globalization;
using Varve.App.Output;
using Varve.Maintain;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve stats</c>: what the repository holds.</summary>
internal sealed class StatsCommand() : VarveCommand("stats", "Show what the repository holds and how much that takes.", "varve stats -r /mnt/disk/backup")
{
    internal override Outcome Run(ParseResult parse, Session session)
    {
        using Repository repository = session.Open();
        RepositoryStatistics stats = Statistics.Run(repository);
        if (session.Options.Json)
        {
            session.Json.Object(stats, static (json, s) =>
            {
                json.WriteNumber("snapshots", s.Snapshots);
                json.WriteNumber("sources", s.Sources);
                json.WriteNumber("packs", s.Packs);
                json.WriteNumber("dataBytes", s.DataBytes);
                json.WriteNumber("metaBytes", s.MetaBytes);
                json.WriteNumber("indexRuns", s.IndexRuns);
                json.WriteNumber("chunks", s.Chunks);
                json.WriteNumber("rawBytes", s.RawBytes);
                json.WriteNumber("storedBytes", s.StoredBytes);
                json.WriteNumber("ratio", Math.Round(s.Ratio, 3));
            });
            return Outcome.Done;
        }

        session.Out.WriteLine($"snapshots  {Human.Count(stats.Snapshots)} of {Human.Count(stats.Sources, "source")}");
        session.Out.WriteLine($"packs      {Human.Count(stats.Packs)}: {Human.Size(stats.DataBytes)} of data, {Human.Size(stats.MetaBytes)} of metadata");
        session.Out.WriteLine($"index      {Human.Count(stats.IndexRuns, "run")}, {Human.Count(stats.Chunks, "chunk")}");
        session.Out.WriteLine($"stored     {Human.Size(stats.StoredBytes)} for {Human.Size(stats.RawBytes)} of distinct chunks, "
            + $"{stats.Ratio.ToString("0.00", CultureInfo.InvariantCulture)} to 1");
        return Outcome.Done;
    }
}
