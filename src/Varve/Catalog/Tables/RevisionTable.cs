using Varve.Catalog.Sql;
using Varve.Model;

namespace Varve.Catalog.Tables;

/// <summary>
/// The table of revisions. Every row that is read is checked against its sum, and what a directory has against its tally.
/// </summary>
internal sealed class RevisionTable(SqliteConnection connection, TallyTable tallies)
{
    private const string Columns =
        "last, name, first, kind, mode, uid, gid, rdev, size, mtime, mtime_ns, ctime, ctime_ns, inode, flags, details, sum";
    private readonly EntryTable _scratch = new();
    private Statement? _current, _all, _one, _find, _ended, _later, _insert, _delete;

    /// <summary>What <see cref="Read"/> takes of a directory's rows.</summary>
    public delegate bool Filter(long first, long last, long number);

    /// <summary>The current rows, by name.</summary>
    public void ReadCurrent(long directory, EntryTable into)
    {
        _current ??= connection.Prepare($"SELECT {Columns} FROM revision WHERE dir=? AND last=0 ORDER BY name, first");
        Tally tally = Hold(directory);
        try
        {
            long count = 0, sum = 0;
            _current.Bind(1, directory);
            while (_current.Step())
            {
                sum = unchecked(sum + Decode(_current, directory, out EntryStat stat, out long first, out _, out EntryFlags flags));
                count++;
                into.Add(_current.Blob(1), stat, _current.Blob(15), flags, first);
            }

            if (count != tally.Live || sum != tally.LiveSum) { throw _current.Damaged("rows of a directory are missing or too many"); }
        }
        finally
        {
            _current.Reset();
            tallies.Release();
        }
    }

    /// <summary>Of all rows those that <paramref name="filter"/> takes, by name and first.</summary>
    public void Read(long directory, long number, Filter filter, EntryTable into)
    {
        _all ??= connection.Prepare($"SELECT {Columns} FROM revision WHERE dir=? ORDER BY name, first");
        Tally tally = Hold(directory), seen = default;
        try
        {
            _all.Bind(1, directory);
            while (_all.Step())
            {
                int sum = Decode(_all, directory, out EntryStat stat, out long first, out long last, out EntryFlags flags);
                seen = seen.Plus(Tally.Of(sum, last == 0));
                last = last == 0 ? long.MaxValue : last;
                if (filter(first, last, number)) { into.Add(_all.Blob(1), stat, _all.Blob(15), flags, first, last); }
            }

            if (seen != tally) { throw _all.Damaged("rows of a directory are missing or too many"); }
        }
        finally
        {
            _all.Reset();
            tallies.Release();
        }
    }

    /// <summary>The current row of a name; false if there is none.</summary>
    public bool TryFindCurrent(long directory, ReadOnlySpan<byte> name, out long first, out EntryKind kind)
    {
        _find ??= connection.Prepare("SELECT first, kind FROM revision WHERE dir=? AND last=0 AND name=?");
        bool found = _find.Bind(1, directory).Bind(2, name).Step();
        (first, kind) = found ? (_find.Int(0), (EntryKind)_find.Int(1)) : default;
        _find.Reset();
        return found;
    }

    /// <summary>The youngest row of a name that snapshot <paramref name="last"/> ended; false if there is none.</summary>
    public bool TryFindEnded(long directory, ReadOnlySpan<byte> name, long last, out long first, out EntryKind kind)
    {
        _ended ??= connection.Prepare("SELECT first, kind FROM revision WHERE dir=? AND last=? AND name=? ORDER BY first DESC");
        bool found = _ended.Bind(1, directory).Bind(2, last).Bind(3, name).Step();
        (first, kind) = found ? (_ended.Int(0), (EntryKind)_ended.Int(1)) : default;
        _ended.Reset();
        return found;
    }

    /// <summary>Whether a name has a row that is current, or that a later snapshot than <paramref name="last"/> ended.</summary>
    public bool HasLater(long directory, ReadOnlySpan<byte> name, long last)
    {
        _later ??= connection.Prepare("SELECT 1 FROM revision WHERE dir=? AND (last=0 OR last>?) AND name=? LIMIT 1");
        bool found = _later.Bind(1, directory).Bind(2, last).Bind(3, name).Step();
        _later.Reset();
        return found;
    }

    /// <summary>Adds a row; <paramref name="last"/> is 0 for a current one.</summary>
    public void Insert(long directory, long last, ReadOnlySpan<byte> name, long first, in EntryStat stat, EntryFlags flags,
        ReadOnlySpan<byte> details)
    {
        _insert ??= connection.Prepare($"INSERT INTO revision(dir, {Columns}) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        long rdev = (long)stat.RdevMajor << 32 | stat.RdevMinor;
        int sum = Sum(directory, last, name, first, stat, (long)stat.Kind, rdev, (long)flags, details);
        _insert.Bind(1, directory).Bind(2, last).Bind(3, name).Bind(4, first).Bind(5, (long)stat.Kind).Bind(6, stat.Mode).Bind(7, stat.Uid)
            .Bind(8, stat.Gid).Bind(9, rdev).Bind(10, stat.Size).Bind(11, stat.Mtime.Seconds).Bind(12, stat.Mtime.Nanoseconds)
            .Bind(13, stat.Ctime.Seconds).Bind(14, stat.Ctime.Nanoseconds).Bind(15, (long)stat.Inode).Bind(16, (long)flags)
            .Bind(17, details).Bind(18, sum).Execute();
        tallies.Add(directory, Tally.Of(sum, last == 0));
    }

    /// <summary>Takes a row out. It must exist.</summary>
    public void Delete(long directory, long last, ReadOnlySpan<byte> name, long first) => Take(directory, last, name, first);

    /// <summary>Changes a row's last. It must exist.</summary>
    public void Move(long directory, ReadOnlySpan<byte> name, long first, long from, long to)
    {
        Take(directory, from, name, first);
        Insert(directory, to, _scratch.Name(0), first, _scratch.Stat(0), _scratch.Flags(0), _scratch.Details(0));
    }

    /// <summary>Decodes a row whose columns are <see cref="AllColumns"/> and checks it; the sum.</summary>
    internal static int Decode(Statement row, long directory, out EntryStat stat, out long first, out long last, out EntryFlags flags)
    {
        long kind = row.Int(3), mode = row.Int(4), uid = row.Int(5), gid = row.Int(6), rdev = row.Int(7), mns = row.Int(10),
            cns = row.Int(12), bits = row.Int(14);
        last = row.Int(0);
        first = row.Int(2);
        stat = new EntryStat
        {
            Kind = (EntryKind)kind, Mode = (uint)mode, Uid = (uint)uid, Gid = (uint)gid, Size = row.Int(8),
            Mtime = new FileTime(row.Int(9), (int)mns), Ctime = new FileTime(row.Int(11), (int)cns), Inode = (ulong)row.Int(13),
            RdevMajor = (uint)(rdev >> 32), RdevMinor = (uint)rdev,
        };
        flags = (EntryFlags)bits;
        // A value that was cut to its field's width would not come out as the sum's; the row's own columns are not summed twice.
        bool fits = (long)stat.Kind == kind && stat.Mode == mode && stat.Uid == uid && stat.Gid == gid && stat.Mtime.Nanoseconds == mns
            && stat.Ctime.Nanoseconds == cns && (long)flags == bits;
        int sum = Sum(directory, last, row.Blob(1), first, stat, kind, rdev, bits, row.Blob(15));
        return fits && sum == row.Int(16) ? sum : throw row.Damaged("a revision does not match its sum");
    }

    /// <summary>The columns <see cref="Decode"/> expects, first in a query.</summary>
    internal static string AllColumns => Columns;

    private void Take(long directory, long last, ReadOnlySpan<byte> name, long first)
    {
        _one ??= connection.Prepare($"SELECT {Columns} FROM revision WHERE dir=? AND last=? AND name=? AND first=?");
        _delete ??= connection.Prepare("DELETE FROM revision WHERE dir=? AND last=? AND name=? AND first=?");
        if (!_one.Bind(1, directory).Bind(2, last).Bind(3, name).Bind(4, first).Step()) { throw _one.Damaged("a revision is missing"); }
        int sum = Decode(_one, directory, out EntryStat stat, out _, out _, out EntryFlags flags);
        _scratch.Clear();
        _scratch.Add(_one.Blob(1), stat, _one.Blob(15), flags);
        _one.Reset();
        _delete.Bind(1, directory).Bind(2, last).Bind(3, _scratch.Name(0)).Bind(4, first).Execute();
        tallies.Add(directory, default(Tally).Minus(Tally.Of(sum, last == 0)));
    }

    private Tally Hold(long directory)
    {
        if (tallies.TryGetAndHold(directory, out Tally tally)) { return tally; }
        tallies.Release();
        throw SqliteErrors.Damaged(connection.Path, "a directory has no tally");
    }

    private static int Sum(long directory, long last, ReadOnlySpan<byte> name, long first, in EntryStat s, long kind, long rdev, long flags,
        ReadOnlySpan<byte> details) =>
        new RowSum((byte)'r').Add(directory).Add(last).Add(name).Add(first).Add(kind | (long)s.Mode << 32).Add(s.Uid | (long)s.Gid << 32)
            .Add(rdev).Add(s.Size).Add(s.Mtime.Seconds).Add((uint)s.Mtime.Nanoseconds | (long)(uint)s.Ctime.Nanoseconds << 32)
            .Add(s.Ctime.Seconds)
            .Add((long)s.Inode).Add(flags).Add(details).Value;
}
