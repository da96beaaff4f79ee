using Varve.Catalog.Rows;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog.Write;

/// <summary>
/// Takes one snapshot out of the rows of the directories that it touched, what lies in a directory before the directory. What it opened
/// begins with the next snapshot that has seen the entry, or goes; what it ended ends there, or goes on if that has the same again.
/// </summary>
/// <param name="tables">The tables.</param>
/// <param name="number">The snapshot.</param>
/// <param name="next">The one after it; long.MaxValue if it is the last: then what it ended is current again.</param>
/// <param name="distrust">Which files are unstable that are current again.</param>
internal sealed class DirectoryRemoval(CatalogTables tables, long number, long next, ReasonToDistrust distrust)
{
    private readonly EntryTable _rows = new();
    private readonly List<Kept> _kept = []; // of the name at hand
    private readonly List<(long Parent, byte[] Name)> _lost = [];
    private List<GapRow> _gaps = [], _above = [];
    private bool _isOfNext;

    /// <summary>A row with the interval that it has from now on.</summary>
    private readonly record struct Kept(int Row, long First, long Last);

    /// <summary>Entries that no snapshot has as directories any more.</summary>
    internal IReadOnlyList<(long Parent, byte[] Name)> Lost => _lost;

    /// <summary>When snapshots began, and which is the one before.</summary>
    internal required Func<long, FileTime> StartOf { get; init; }

    /// <summary>The snapshot before; 0 if there is none.</summary>
    internal required long Previous { get; init; }

    /// <summary>Does one directory. Returns whether what is current in it is not what it was.</summary>
    internal bool Run(long directory)
    {
        tables.Tallies.Flush();
        bool isThere = tables.Tallies.TryGetAndHold(directory, out _);
        tables.Tallies.Release();
        if (!isThere) { return false; } // it was taken out with what was in it
        Read(directory);
        _isOfNext = false;
        _gaps = tables.Gaps.IsEmpty ? [] : tables.Gaps.OfDirectory(directory);
        _above = tables.Gaps.IsEmpty ? [] : GapsAbove(directory);
        bool isChanged = false;
        for (int from = 0, to; from < _rows.Count; from = to)
        {
            to = from + 1;
            while (to < _rows.Count && _rows.Name(to).SequenceEqual(_rows.Name(from))) { to++; }
            isChanged |= ChangeName(directory, from, to);
        }

        isChanged |= _gaps.Count > 0 && ChangeGaps(directory);
        if (_isOfNext) { tables.Touched.Put(next, directory); }
        return isChanged;
    }

    private void Read(long directory)
    {
        _rows.Clear();
        tables.Revisions.Read(directory, 0, static (_, _, _) => true, _rows);
    }

    /// <summary>The states of one name. Returns whether the current one is another.</summary>
    private bool ChangeName(long directory, int from, int to)
    {
        bool isTouched = false;
        for (int i = from; i < to; i++) { isTouched |= _rows.First(i) == number || _rows.Last(i) == number; }
        if (!isTouched) { return false; }
        long seen = SeenNext(from);
        _kept.Clear();
        for (int i = from; i < to; i++) { Keep(i, seen); }
        for (int i = from; i < to; i++)
        {
            if (!_kept.Contains(new Kept(i, _rows.First(i), _rows.Last(i))))
            {
                tables.Revisions.Delete(directory, Column(_rows.Last(i)), _rows.Name(i), _rows.First(i));
            }
        }

        foreach (Kept kept in _kept)
        {
            int i = kept.Row;
            if (kept.First == _rows.First(i) && kept.Last == _rows.Last(i)) { continue; }
            tables.Revisions.Insert(
                directory, Column(kept.Last), _rows.Name(i), kept.First, in _rows.Stat(i), _rows.Flags(i), _rows.Details(i));
        }

        if (seen != long.MaxValue)
        {
            _isOfNext = true;
            if (seen != next) { tables.Touched.Put(seen, directory); }
        }

        NoteLost(directory, from, to);
        return ChangeCurrent(directory, from, to);
    }

    private void Keep(int i, long seen)
    {
        long first = _rows.First(i) == number ? seen : _rows.First(i), last = _rows.Last(i) == number ? seen : _rows.Last(i);
        if (first >= last) { return; }
        bool goesOn = _kept.Count > 0 && first == seen && _kept[^1].Last == seen && IsSame(_kept[^1].Row, i);
        if (goesOn) { _kept[^1] = _kept[^1] with { Last = last }; }
        else { _kept.Add(new Kept(i, first, last)); }
    }

    /// <summary>
    /// The first snapshot after the one that goes which has seen an entry, or found it gone; long.MaxValue if none has.
    /// </summary>
    private long SeenNext(int row)
    {
        long at = next;
        for (bool isHidden = true; isHidden && at != long.MaxValue;)
        {
            isHidden = false;
            foreach (GapRow gap in _above) { isHidden |= Pass(gap, ref at); }
            foreach (GapRow gap in _gaps) { isHidden |= _rows.Name(row).SequenceEqual(gap.Name) && Pass(gap, ref at); }
        }

        return at;
    }

    private static bool Pass(GapRow gap, ref long at)
    {
        if (gap.Kind != GapKind.Failed || at < gap.First || at >= gap.Last) { return false; }
        at = gap.Last;
        return true;
    }

    private List<GapRow> GapsAbove(long directory)
    {
        var gaps = new List<GapRow>();
        for (long at = directory; tables.Directories.TryLocate(at, out long parent, out byte[] name, out _); at = parent)
        {
            gaps.AddRange(tables.Gaps.OfName(parent, name));
        }

        return gaps;
    }

    /// <summary>
    /// What was not seen by the snapshot alone is no gap. Where no state is left that was known before a gap, there is nothing that it
    /// keeps.
    /// </summary>
    private bool ChangeGaps(long directory)
    {
        tables.Tallies.Flush();
        Read(directory);
        long seen = next;
        for (bool isHidden = true; isHidden && seen != long.MaxValue;)
        {
            isHidden = false;
            foreach (GapRow gap in _above) { isHidden |= Pass(gap, ref seen); }
        }

        var now = new List<GapRow>();
        foreach (GapRow gap in _gaps)
        {
            long first = gap.First == number ? next : gap.First, last = gap.Last == number ? seen : gap.Last;
            if (first >= last || (gap.Kind == GapKind.Failed && !Stands(gap.Name, first))) { continue; }
            bool goesOn = now.Count > 0 && now[^1].Kind == gap.Kind && now[^1].Last >= first && now[^1].Name.AsSpan().SequenceEqual(gap.Name);
            if (goesOn) { now[^1] = now[^1] with { Last = Math.Max(now[^1].Last, last) }; }
            else { now.Add(gap with { First = first, Last = last }); }
        }

        if (now.SequenceEqual(_gaps)) { return false; }
        tables.Gaps.Replace(_gaps, now);
        _isOfNext |= next != long.MaxValue;
        return true;
    }

    private bool Stands(ReadOnlySpan<byte> name, long number)
    {
        for (int i = 0; i < _rows.Count; i++)
        {
            if (_rows.First(i) < number && _rows.Last(i) > number && _rows.Name(i).SequenceEqual(name)) { return true; }
        }

        return false;
    }

    private void NoteLost(long directory, int from, int to)
    {
        bool was = false, stays = false;
        for (int i = from; i < to; i++) { was |= _rows.Stat(i).Kind == EntryKind.Directory; }
        foreach (Kept kept in _kept) { stays |= _rows.Stat(kept.Row).Kind == EntryKind.Directory; }
        if (was && !stays) { _lost.Add((directory, _rows.Name(from).ToArray())); }
    }

    private bool ChangeCurrent(long directory, int from, int to)
    {
        int before = -1;
        for (int i = from; i < to; i++) { if (_rows.Last(i) == long.MaxValue) { before = i; } }
        int now = -1;
        foreach (Kept kept in _kept) { if (kept.Last == long.MaxValue) { now = kept.Row; } }
        if (now == before || (now >= 0 && before >= 0 && IsSame(now, before))) { return false; }
        UnstableReason? reason = now < 0 ? null : distrust(in _rows.Stat(now), _rows.Flags(now), StartOf(_rows.First(now)));
        if (reason is null) { tables.Unstable.Remove(directory, _rows.Name(from)); }
        else if (!tables.Unstable.Has(directory, _rows.Name(from)))
        {
            tables.Unstable.Put(directory, _rows.Name(from), reason.Value, StartOf(_rows.First(now)), Previous);
        }

        return true;
    }

    private bool IsSame(int a, int b) =>
        _rows.Stat(a).IsSameState(in _rows.Stat(b)) && _rows.Flags(a) == _rows.Flags(b) && _rows.Details(a).SequenceEqual(_rows.Details(b));

    private static long Column(long last) => last == long.MaxValue ? 0 : last;
}
