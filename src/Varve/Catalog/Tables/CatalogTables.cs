using Varve.Catalog.Sql;

namespace Varve.Catalog.Tables;

/// <summary>The tables of one connection, which share their tallies. Not thread-safe.</summary>
internal sealed class CatalogTables
{
    internal CatalogTables(SqliteConnection connection)
    {
        Connection = connection;
        Tallies = new TallyTable(connection);
        Directories = new DirectoryTable(connection);
        Revisions = new RevisionTable(connection, Tallies);
        Sources = new SourceTable(connection, Tallies);
        Snapshots = new SnapshotTable(connection, Tallies);
        Unstable = new UnstableTable(connection, Tallies);
        Gaps = new GapTable(connection, Tallies);
        Moves = new MoveTable(connection);
        Touched = new TouchedTable(connection, Tallies);
    }

    internal SqliteConnection Connection { get; }

    internal TallyTable Tallies { get; }

    internal DirectoryTable Directories { get; }

    internal RevisionTable Revisions { get; }

    internal SourceTable Sources { get; }

    internal SnapshotTable Snapshots { get; }

    internal UnstableTable Unstable { get; }

    internal GapTable Gaps { get; }

    internal MoveTable Moves { get; }

    internal TouchedTable Touched { get; }
}
