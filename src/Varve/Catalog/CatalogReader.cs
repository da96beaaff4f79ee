using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog;

/// <summary>
/// Reads the catalog as of the last commit. Each call sees one consistent state; two calls may see two. Not thread-safe: one for each
/// thread. Every method throws <see cref="VarveException"/> Damaged rather than return rows that are not the ones written.
/// </summary>
internal sealed partial class CatalogReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly CatalogTables _tables;

    internal CatalogReader(SqliteConnection connection)
    {
        _connection = connection;
        _tables = new CatalogTables(connection);
        Gaps = new GapReader(_tables);
        Gone = new GoneReader(_tables);
        Search = new RevisionSearch(_tables);
    }

    /// <summary>Reads what snapshots have not seen.</summary>
    public GapReader Gaps { get; }

    /// <summary>Reads what a snapshot found to be gone.</summary>
    public GoneReader Gone { get; }

    /// <summary>Searches revisions.</summary>
    public RevisionSearch Search { get; }

    /// <summary>All sources, by number.</summary>
    public IReadOnlyList<SourceRow> Sources() => _tables.Sources.All();

    /// <summary>The source with that id; null if the catalog does not know it.</summary>
    public SourceRow? TryGetSource(Bytes32 uid) => _tables.Sources.All().Find(s => s.Uid == uid);

    /// <summary>The snapshots of a source, by number, unfinished ones included.</summary>
    public IReadOnlyList<SnapshotRow> Snapshots(long source) => _tables.Snapshots.OfSource(source);

    /// <summary>The snapshots of all sources, by number.</summary>
    public IReadOnlyList<SnapshotRow> Snapshots() =>
        [.. _tables.Sources.All().SelectMany(s => _tables.Snapshots.OfSource(s.Id)).OrderBy(s => s.Number)];

    /// <summary>Snapshots of the repository that are not in the catalog because their trees could not be read.</summary>
    public IReadOnlyList<ObjectName> LeftOut() => Noted("left-out:");

    /// <summary>Snapshots of other histories among those of a source, of which people were told.</summary>
    public IReadOnlyList<ObjectName> Told() => Noted("told:");

    private List<ObjectName> Noted(string key)
    {
        var names = new List<ObjectName>();
        using Statement query = _connection.Query($"SELECT substr(key, {key.Length + 1}) FROM meta WHERE key LIKE '{key}%'");
        while (query.Step())
        {
            if (Model.Bytes32.TryParseHex(query.Text(0), out Bytes32 name)) { names.Add(new ObjectName(name)); }
        }

        return names;
    }

    /// <summary>
    /// Whether no revision of a name outlives one that ended with snapshot <paramref name="last"/>; false for one that is current.
    /// </summary>
    public bool IsLast(long directory, ReadOnlySpan<byte> name, long last) =>
        last != long.MaxValue && !_tables.Revisions.HasLater(directory, name, last);

    /// <summary>The source's last complete snapshot, partial ones included; null if it has none.</summary>
    public SnapshotRow? LatestComplete(long source) => _tables.Snapshots.OfSource(source).FindLast(s => s.State == SnapshotState.Complete);

    /// <summary>The unstable files of a source, by directory and name; at most that many.</summary>
    public IReadOnlyList<UnstableRow> Unstable(long source, int most = int.MaxValue) => _tables.Unstable.OfSource(source, most);

    /// <summary>
    /// The directory of that name in a directory (for the root: in <see cref="SourceRow.RootDirectory"/>); false if there never was one.
    /// </summary>
    public bool TryGetDirectory(long parent, ReadOnlySpan<byte> name, out DirectoryRow row) =>
        _tables.Directories.TryGet(parent, name, out row);

    /// <summary>The root of a source, if it is or was a directory.</summary>
    public bool TryGetRoot(SourceRow source, out DirectoryRow row) =>
        _tables.Directories.TryGet(source.RootDirectory, source.RootName, out row);

    /// <summary>The directory that a revision of kind Directory stands for. One that is missing is damage.</summary>
    public DirectoryRow GetDirectory(long parent, ReadOnlySpan<byte> name) => _tables.Directories.TryGet(parent, name, out DirectoryRow row)
        ? row : throw SqliteErrors.Damaged(_connection.Path, "a directory is missing");

    /// <summary>
    /// Fills <paramref name="into"/> with the current revisions of a directory, sorted by name. If <paramref name="running"/> is the number
    /// of a snapshot that is being resumed (else 0), those that its killed run closed (Last = running) come too: sorted by name and first,
    /// a name may then occur twice. Details of directories have no child tree (tag 3): that is in <see cref="DirectoryRow.Tree"/>. A
    /// directory that <see cref="TryGetDirectory"/> does not know has no rows, and reading it is an error.
    /// </summary>
    public void ReadDirectory(long directory, long running, EntryTable into)
    {
        into.Clear();
        if (running == 0) { _tables.Revisions.ReadCurrent(directory, into); }
        else { _tables.Revisions.Read(directory, running, static (first, last, number) => last == long.MaxValue || last == number, into); }
    }

    /// <summary>Fills <paramref name="into"/> with every revision of a directory, sorted by name and first.</summary>
    public void ReadDirectoryHistory(long directory, EntryTable into)
    {
        into.Clear();
        _tables.Revisions.Read(directory, 0, static (_, _, _) => true, into);
    }

    /// <summary>The directories in which a snapshot opened, closed or recorded something, and perhaps others.</summary>
    public IReadOnlyList<long> Touched(long snapshot) => _tables.Touched.Of(snapshot);

    /// <summary>The path of a directory relative to its source's root, bytes; empty for the root.</summary>
    public byte[] PathOf(long directory) => _tables.Directories.PathOf(directory);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
