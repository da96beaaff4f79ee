using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Model;

namespace Varve.Catalog.Tables;

/// <summary>
/// The table of unstable files. Those of a source are guarded by a tally under the negative of the source's number. It is short, as a rule
/// empty: so its writer counts it once and then knows when there is nothing to take out.
/// </summary>
internal sealed class UnstableTable(SqliteConnection connection, TallyTable tallies)
{
    private const string Columns = "dir, name, reason, since, since_ns, runs, last_run, sum";

    private Statement? _ofSource, _one, _put, _delete;
    private long _count = -1;

    /// <summary>Those of a source, by directory and name; at most that many.</summary>
    public List<UnstableRow> OfSource(long source, int most)
    {
        _ofSource ??= connection.Prepare($"SELECT {Columns} FROM unstable WHERE dir>=? AND dir<? ORDER BY dir, name");
        var rows = new List<UnstableRow>();
        Tally seen = default;
        tallies.TryGetAndHold(-source, out Tally tally);
        try
        {
            _ofSource.Bind(1, source << CatalogSchema.SourceShift).Bind(2, (source + 1) << CatalogSchema.SourceShift);
            while (_ofSource.Step())
            {
                (UnstableRow row, _, int sum) = Decode(_ofSource);
                seen = seen.Plus(Tally.Of(sum, live: true));
                if (rows.Count < most) { rows.Add(row); }
            }

            if (seen != tally) { throw _ofSource.Damaged("unstable files are missing or too many"); }
            return rows;
        }
        finally
        {
            _ofSource.Reset();
            tallies.Release();
        }
    }

    /// <summary>Puts a file on the list, or notes that run <paramref name="run"/>, too, left it there. The same run counts once.</summary>
    public void Put(long directory, ReadOnlySpan<byte> name, UnstableReason reason, FileTime start, long run)
    {
        bool known = Find(directory, name, out UnstableRow? old, out long lastRun);
        if (known) { Remove(directory, name); }
        var row = new UnstableRow(directory, name.ToArray(), reason, known ? old!.Since : start, !known ? 1
            : lastRun == run ? old!.Runs : old!.Runs + 1);
        Insert(row, run);
    }

    /// <summary>Whether a file is on the list.</summary>
    public bool Has(long directory, ReadOnlySpan<byte> name) => Count > 0 && Find(directory, name, out _, out _);

    /// <summary>Gives a file on the list another name.</summary>
    public void Rename(long directory, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        if (Count == 0 || !Find(directory, from, out UnstableRow? row, out long run)) { return; }
        Remove(directory, from);
        Insert(row! with { Name = to.ToArray() }, run);
    }

    private void Insert(UnstableRow row, long run)
    {
        int sum = Sum(row, run);
        _put ??= connection.Prepare($"INSERT INTO unstable({Columns}) VALUES(?,?,?,?,?,?,?,?)");
        _put.Bind(1, row.Directory).Bind(2, row.Name).Bind(3, (long)row.Reason).Bind(4, row.Since.Seconds).Bind(5, row.Since.Nanoseconds)
            .Bind(6, row.Runs).Bind(7, run)
            .Bind(8, sum).Execute();
        tallies.Add(-(row.Directory >> CatalogSchema.SourceShift), Tally.Of(sum, live: true));
        _count = Count + 1;
    }

    /// <summary>
    /// Takes a file off the list; nothing if it is not there, or if run <paramref name="unlessOf"/> was the last to note it.
    /// </summary>
    public void Remove(long directory, ReadOnlySpan<byte> name, long unlessOf = 0)
    {
        if (Count == 0 || !Find(directory, name, out UnstableRow? row, out long run) || run == unlessOf) { return; }
        _delete ??= connection.Prepare("DELETE FROM unstable WHERE dir=? AND name=?");
        _delete.Bind(1, directory).Bind(2, name).Execute();
        tallies.Add(-(directory >> CatalogSchema.SourceShift), default(Tally).Minus(Tally.Of(Sum(row!, run), live: true)));
        _count--;
    }

    /// <summary>After a rollback.</summary>
    public void Forget() => _count = -1;

    /// <summary>The id of the tally that guards those of a source.</summary>
    internal static long TallyOf(long source) => -source;

    private long Count => _count >= 0 ? _count : _count = connection.Scalar("SELECT count(*) FROM unstable");

    private bool Find(long directory, ReadOnlySpan<byte> name, out UnstableRow? row, out long run)
    {
        _one ??= connection.Prepare($"SELECT {Columns} FROM unstable WHERE dir=? AND name=?");
        bool found = _one.Bind(1, directory).Bind(2, name).Step();
        (row, run, _) = found ? Decode(_one) : default;
        _one.Reset();
        return found;
    }

    private static (UnstableRow Row, long Run, int Sum) Decode(Statement s)
    {
        var row = new UnstableRow(s.Int(0), s.Blob(1).ToArray(), (UnstableReason)s.Int(2), new FileTime(s.Int(3), (int)s.Int(4)), s.Int(5));
        int sum = Sum(row, s.Int(6));
        return sum == s.Int(7) && (long)row.Reason == s.Int(2) && row.Since.Nanoseconds == s.Int(4)
            ? (row, s.Int(6), sum) : throw s.Damaged("an unstable file does not match its sum");
    }

    private static int Sum(UnstableRow r, long run) =>
        new RowSum((byte)'u').Add(r.Directory).Add(r.Name).Add((long)r.Reason).Add(r.Since.Seconds)
        .Add(r.Since.Nanoseconds).Add(r.Runs).Add(run).Value;
}
