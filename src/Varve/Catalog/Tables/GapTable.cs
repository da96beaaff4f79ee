using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Model;

namespace Varve.Catalog.Tables;

/// <summary>
/// The table of gaps. Those of a source are guarded by a tally of its own. It is short, as a rule empty: so its writer counts it once and
/// then knows when there is nothing to end.
/// </summary>
internal sealed class GapTable(SqliteConnection connection, TallyTable tallies)
{
    private const string Columns = "dir, name, first, last, kind, sum";
    private const long FirstTally = -1L << 32;

    private Statement? _ofSource, _ofDirectory, _ofName, _put, _delete;
    private long _count = -1;

    /// <summary>Whether there are none, of any source.</summary>
    public bool IsEmpty => Count == 0;

    private long Count => _count >= 0 ? _count : _count = connection.Scalar("SELECT count(*) FROM gap");

    /// <summary>All of a source, by directory, name and first; checked against their tally.</summary>
    public List<GapRow> OfSource(long source)
    {
        _ofSource ??= connection.Prepare($"SELECT {Columns} FROM gap WHERE dir>=? AND dir<? ORDER BY dir, name, first");
        var rows = new List<GapRow>();
        Tally seen = default;
        tallies.TryGetAndHold(TallyOf(source), out Tally tally);
        try
        {
            _ofSource.Bind(1, source << CatalogSchema.SourceShift).Bind(2, (source + 1) << CatalogSchema.SourceShift);
            while (_ofSource.Step())
            {
                GapRow row = Decode(_ofSource);
                seen = seen.Plus(Tally.Of(Sum(row), live: true));
                rows.Add(row);
            }

            return seen == tally ? rows : throw _ofSource.Damaged("gaps are missing or too many");
        }
        finally
        {
            _ofSource.Reset();
            tallies.Release();
        }
    }

    /// <summary>Those in a directory, by name and first.</summary>
    public List<GapRow> OfDirectory(long directory)
    {
        _ofDirectory ??= connection.Prepare($"SELECT {Columns} FROM gap WHERE dir=? ORDER BY name, first");
        return List(_ofDirectory.Bind(1, directory));
    }

    /// <summary>Those of a name, by first.</summary>
    public List<GapRow> OfName(long directory, ReadOnlySpan<byte> name)
    {
        _ofName ??= connection.Prepare($"SELECT {Columns} FROM gap WHERE dir=? AND name=? ORDER BY first");
        return List(_ofName.Bind(1, directory).Bind(2, name));
    }

    /// <summary>Snapshot <paramref name="number"/> has not seen an entry; nor have those since, if there is a gap that is open.</summary>
    public void Open(long directory, ReadOnlySpan<byte> name, long number, GapKind kind)
    {
        foreach (GapRow row in Count == 0 ? [] : OfName(directory, name))
        {
            if (row.Last == long.MaxValue && row.Kind == kind) { return; }
            if (row.Last == long.MaxValue) { End(row, number); }
            else if (row.Last == number && row.Kind == kind)
            {
                // The killed run of that number had seen it again.
                Remove(row);
                Insert(row with { Last = long.MaxValue });
                return;
            }
        }

        Insert(new GapRow(directory, name.ToArray(), number, long.MaxValue, kind));
    }

    /// <summary>Snapshot <paramref name="number"/> has seen the entry again, or found it gone.</summary>
    public void Close(long directory, ReadOnlySpan<byte> name, long number)
    {
        foreach (GapRow row in Count == 0 ? [] : OfName(directory, name))
        {
            if (row.Last == long.MaxValue) { End(row, number); }
        }
    }

    /// <summary>The directory itself is gone by <paramref name="number"/>.</summary>
    public void CloseIn(long directory, long number)
    {
        foreach (GapRow row in Count == 0 ? [] : OfDirectory(directory))
        {
            if (row.Last == long.MaxValue) { End(row, number); }
        }
    }

    /// <summary>Puts other gaps in the place of those of a directory, of which <paramref name="old"/> are all.</summary>
    public void Replace(List<GapRow> old, List<GapRow> now)
    {
        foreach (GapRow row in old) { if (!now.Contains(row)) { Remove(row); } }
        foreach (GapRow row in now) { if (!old.Contains(row)) { Insert(row); } }
    }

    /// <summary>Gives an entry another name.</summary>
    public void Rename(long directory, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        foreach (GapRow row in Count == 0 ? [] : OfName(directory, from))
        {
            Remove(row);
            Insert(row with { Name = to.ToArray() });
        }
    }

    /// <summary>After a rollback.</summary>
    public void Forget() => _count = -1;

    private void End(GapRow row, long number)
    {
        Remove(row);
        if (row.First != number) { Insert(row with { Last = number }); }
    }

    private void Insert(GapRow row)
    {
        _put ??= connection.Prepare($"INSERT INTO gap({Columns}) VALUES(?,?,?,?,?,?)");
        _put.Bind(1, row.Directory).Bind(2, row.Name).Bind(3, row.First).Bind(4, row.Last == long.MaxValue ? 0 : row.Last)
            .Bind(5, (long)row.Kind).Bind(6, Sum(row)).Execute();
        tallies.Add(TallyOf(row), Tally.Of(Sum(row), live: true));
        _count = Count + 1;
    }

    private void Remove(GapRow row)
    {
        long left = Count - 1;
        _delete ??= connection.Prepare("DELETE FROM gap WHERE dir=? AND name=? AND first=?");
        _delete.Bind(1, row.Directory).Bind(2, row.Name).Bind(3, row.First).Execute();
        tallies.Add(TallyOf(row), default(Tally).Minus(Tally.Of(Sum(row), live: true)));
        _count = left;
    }

    /// <summary>The id of the tally that guards those of a source.</summary>
    internal static long TallyOf(long source) => FirstTally - source;

    private static long TallyOf(GapRow row) => TallyOf(row.Directory >> CatalogSchema.SourceShift);

    private static List<GapRow> List(Statement query)
    {
        var rows = new List<GapRow>();
        while (query.Step()) { rows.Add(Decode(query)); }
        return rows;
    }

    private static GapRow Decode(Statement s)
    {
        var row = new GapRow(s.Int(0), s.Blob(1).ToArray(), s.Int(2), s.Int(3) == 0 ? long.MaxValue : s.Int(3), (GapKind)s.Int(4));
        return Sum(row) == s.Int(5) && (long)row.Kind == s.Int(4) ? row : throw s.Damaged("a gap does not match its sum");
    }

    private static int Sum(GapRow r) =>
        new RowSum((byte)'g').Add(r.Directory).Add(r.Name).Add(r.First).Add(r.Last).Add((long)r.Kind).Value;
}
