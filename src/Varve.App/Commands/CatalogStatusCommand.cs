using System.CommandLine;
using Varve.App.Output;
using Varve.Maintain;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve catalog status</c>.</summary>
internal sealed class CatalogStatusCommand() : VarveCommand("status", "Show where the catalog is and whether it is current.", "varve catalog status")
{
    internal override Outcome Run(ParseResult parse, Session session)
    {
        using Repository repository = session.Open();
        CatalogStatus status = CatalogMaintenance.Status(repository);
        if (session.Options.Json)
        {
            session.Json.Object(status, static (json, s) =>
            {
                json.WriteString("path", s.Path);
                json.WriteBoolean("exists", s.Exists);
                json.WriteString("state", s.State);
                json.WriteNumber("bytes", s.Bytes);
                json.WriteNumber("schemaVersion", s.SchemaVersion);
                json.WriteNumber("snapshotsKnown", s.SnapshotsKnown);
                json.WriteNumber("snapshotsInRepository", s.SnapshotsInRepository);
                json.WriteNumber("revisions", s.Revisions);
                json.WriteNumber("directories", s.Directories);
            });
            return Outcome.Done;
        }

        session.Out.WriteLine($"catalog      {NameText.Escape(status.Path)}");
        session.Out.WriteLine($"state        {NameText.Printable(status.State)}");
        if (status.Exists)
        {
            session.Out.WriteLine($"size         {Human.Size(status.Bytes)}, schema version {status.SchemaVersion}");
            session.Out.WriteLine($"snapshots    {Human.Count(status.SnapshotsKnown)} of the repository's {Human.Count(status.SnapshotsInRepository)}");
            session.Out.WriteLine($"directories  {Human.Count(status.Directories)}");
            session.Out.WriteLine($"revisions    {Human.Count(status.Revisions)}");
        }

        return Outcome.Done;
    }
}
