using System.Runtime.InteropServices;

namespace Varve.Delta;

/// <summary>
/// Compares a file with the signature of its earlier state: which ranges are whose. First each cell is looked for where it should be (in
/// place, or moved as far as the ones before it), which slices of a window do in parallel; only where several are gone in a row, all places
/// are searched by the rolling sum.
/// <para>Invariant: a range is said to be old only because of equal strong hashes. Memory: a window of 2 MiB, a few sections of the
/// signature, the table, and what is found of a section's length. One thread, but for <see cref="RunSlice"/>.</para>
/// </summary>
internal sealed class DeltaMatcher(HasherPool hashers, IDeltaSource source) : IDisposable
{
    private const int LargestWindow = 2 << 20, SmallestWindow = 256 << 10, SliceLength = 256 << 10, MaxInserted = 64 << 10;

    // In so many lost cells, or fewer, before one that is in its place, nothing is searched: they were overwritten.
    private const int NearCells = 4;

    // So many short cells in a row are looked for before one that was found.
    private const int MaxDepth = 8;

    // Sums that agree where strong hashes do not cost time. By chance they are rare.
    private const long FreeFailures = 1024, SearchedPerFailure = 256;

    // Where so much was searched and nothing found, the file is another one, and one window of some is enough to notice where it is the old
    // one again.
    private const long Patience = 32 << 20, Spared = 8;

    private readonly CellHasher _hasher = hashers.Take();
    private readonly CellTable _table = new();
    private readonly byte[] _window = new byte[LargestWindow];
    private readonly byte[] _gap = new byte[SignatureFormat.MaxCell + MaxInserted + SignatureFormat.MaxCell];
    private readonly List<PredictedCell> _predicted = [];
    private readonly List<(int Start, int FirstCell)> _slices = [];
    private readonly List<DeltaOp> _ops = [];
    private readonly List<CellRecord> _cells = [];
    private SignatureReader _reader = null!;
    private long _shift, _oldEnd, _newStart, _windowStart, _searched, _failures, _fruitless;
    private int _windowSize, _length, _depth;
    private bool _more;
    private volatile bool _cutShort;

    /// <summary>What was found since <see cref="Clear"/>, in the order of the file, without gaps.</summary>
    public List<DeltaOp> Ops => _ops;

    /// <summary>The cells of <see cref="DeltaOpKind.Cells"/> parts, at their offsets in the file as it is now.</summary>
    public List<CellRecord> Cells => _cells;

    /// <summary>Starts with a file whose earlier state had this signature.</summary>
    public void Begin(SignatureReader reader)
    {
        _reader = reader;
        (_shift, _oldEnd, _searched, _failures, _fruitless, _windowSize) = (0, 0, 0, 0, 0, LargestWindow);
        Clear();
    }

    /// <summary>Forgets what was found, and keeps where the file stands.</summary>
    public void Clear()
    {
        _ops.Clear();
        _cells.Clear();
    }

    /// <summary>
    /// Compares a range of data, up to <paramref name="to"/> or, from <paramref name="soft"/> on, to where it is easy to stop. Returns
    /// where it stopped, or -1 if the file ended before.
    /// </summary>
    public long Match(long from, long to, long soft)
    {
        _newStart = from;
        for (_windowStart = from; _windowStart < to && _windowStart < soft; _windowStart += Advance(to == _windowStart + _length))
        {
            _length = (int)Math.Min(_windowSize, to - _windowStart);
            Predict();
            _cutShort = false;
            source.RunSlices(this, _slices.Count);
            if (_cutShort) { return -1; }
        }

        // What stands at the end is new, or an insertion into the last cell.
        Gap(_windowStart, _windowStart == to ? _reader.Size : -1);
        _newStart = _windowStart;
        return _windowStart;
    }

    /// <summary>Notes a hole, which nothing is compared in.</summary>
    public void AddHole(long offset, long length) => Add(DeltaOpKind.Hole, offset, length, 0);

    /// <summary>Reads a slice of the window and looks for the cells that should be in it.</summary>
    public void RunSlice(int number)
    {
        (int start, int first) = _slices[number];
        (int end, int behind) = number + 1 < _slices.Count ? _slices[number + 1] : (_length, _predicted.Count);
        if (source.Read(_windowStart + start, _window.AsSpan(start, end - start)) < end - start)
        {
            _cutShort = true;
            return;
        }

        CellHasher hasher = hashers.Take();
        foreach (ref PredictedCell p in CollectionsMarshal.AsSpan(_predicted)[first..behind])
        {
            p.IsThere = hasher.Matches(in p.Cell, _window.AsSpan(p.At, p.Cell.Length));
        }

        hashers.Give(hasher);
    }

    // Which cells should lie in the window, all of them within one slice each.
    private void Predict()
    {
        _predicted.Clear();
        _slices.Clear();
        _slices.Add((0, 0));
        _more = false;
        CellPlace place = _reader.FindCell(Math.Max(0, _windowStart + _shift));
        for (; _reader.TryGet(place, out CellRecord cell); place = _reader.Next(place))
        {
            long at = cell.Offset - _shift - _windowStart;
            if (at + cell.Length > _length)
            {
                _more = at < _length;
                break;
            }

            // Cells follow each other, so a slice that begins with one ends with one.
            if (at - _slices[^1].Start >= SliceLength) { _slices.Add(((int)at, _predicted.Count)); }
            _predicted.Add(new PredictedCell { Cell = cell, At = (int)at });
        }
    }

    /// <summary>Decides on as much of the window as can be decided, and returns how much that is.</summary>
    private int Advance(bool isLast)
    {
        ReadOnlySpan<PredictedCell> predicted = CollectionsMarshal.AsSpan(_predicted);
        int at = 0;
        for (int i = 0; ;)
        {
            for (; i < predicted.Length && predicted[i].IsThere && predicted[i].At == at; i++)
            {
                Take(predicted[i].Cell, _windowStart + at);
                at += predicted[i].Cell.Length;
            }

            if (i == predicted.Length && _more && !isLast && at > 0 && _length - at < _reader.CellSize) { break; }
            while (i < predicted.Length && !predicted[i].IsThere) { i++; }
            int limit = i < predicted.Length ? predicted[i].At : _length;
            bool isNear = i < predicted.Length && limit - at <= NearCells * _reader.CellSize;
            if (!isNear && Search(at, limit, out int found, out CellRecord cell))
            {
                Take(cell, _windowStart + found);
                _windowSize = SmallestWindow;
                return found + cell.Length;
            }

            if (i == predicted.Length)
            {
                // All places were looked at whose cell would lie within the window.
                at = isLast ? _length : Math.Max(at, _length - _reader.CellSize + 1);
                break;
            }

            at = limit;
        }

        _windowSize = Math.Min(LargestWindow, 2 * _windowSize);
        return at;
    }

    private bool Search(int from, int limit, out int at, out CellRecord cell)
    {
        int size = _reader.CellSize;
        (at, cell) = (from, default);
        limit = Math.Min(limit, _length - size + 1);
        if (from >= limit || _failures > FreeFailures + (_searched / SearchedPerFailure)) { return false; }
        if (_fruitless > Patience && _windowStart / LargestWindow % Spared != 0) { return false; }
        _table.Build(_reader, _reader.SectionOf(Math.Max(0, _windowStart + from + _shift)));
        ReadOnlySpan<byte> window = _window.AsSpan(0, _length);
        var sum = new RollingSum(window.Slice(from, size));
        while (true)
        {
            if (_table.MayHave(sum.Value))
            {
                if (_table.TryFind(sum.Value, window.Slice(at, size), _reader, _hasher, out _, out cell, out bool hashed)) { break; }
                if (hashed && ++_failures > FreeFailures + (_searched / SearchedPerFailure)) { break; }
            }

            if (++at == limit) { break; }
            sum.Roll(window[at - 1], window[at - 1 + size]);
        }

        _searched += at - from;
        _fruitless = cell.Length > 0 ? 0 : _fruitless + at - from;
        return cell.Length > 0;
    }

    /// <summary>A cell is where the file now is at <paramref name="offset"/>.</summary>
    private void Take(in CellRecord cell, long offset)
    {
        Gap(offset, cell.Offset);
        Add(DeltaOpKind.Cells, offset, cell.Length, cell.Offset);
        _cells.Add(cell with { Offset = offset });
        (_shift, _oldEnd, _newStart) = (cell.Offset - offset, cell.End, offset + cell.Length);
    }

    /// <summary>
    /// What stands between the last cell that was found and <paramref name="end"/>, where <paramref name="oldNext"/> of the earlier state
    /// goes on: new bytes, or a cell with bytes inserted.
    /// </summary>
    private void Gap(long end, long oldNext)
    {
        long length = end - _newStart, old = oldNext - _oldEnd, inserted = length - old;
        if (length <= 0) { return; }

        // Searching finds whole cells only; a short one before the cell that was found is looked for here.
        if (old > 0 && _depth < MaxDepth && _reader.TryBefore(oldNext, out CellRecord before)
            && before.Length < Math.Min(length, _reader.CellSize) && before.Offset > _oldEnd
            && source.Read(end - before.Length, _gap.AsSpan(0, before.Length)) == before.Length
            && _hasher.Matches(in before, _gap.AsSpan(0, before.Length)))
        {
            _depth++;
            Take(in before, end - before.Length);
            _depth--;
            return;
        }

        if (old is > 0 and <= SignatureFormat.MaxCell && inserted is > 0 and <= MaxInserted
            && _reader.TryGet(_reader.FindCell(_oldEnd), out CellRecord cell) && cell.Offset == _oldEnd && cell.Length == old)
        {
            Span<byte> now = _gap.AsSpan(0, (int)length), scratch = _gap.AsSpan(SignatureFormat.MaxCell + MaxInserted);
            int head = source.Read(_newStart, now) == length ? InsertionSolver.Solve(now, in cell, _hasher, scratch) : -1;
            if (head >= 0)
            {
                Add(DeltaOpKind.Part, _newStart, head, _oldEnd);
                Add(DeltaOpKind.New, _newStart + head, inserted, 0);
                Add(DeltaOpKind.Part, _newStart + head + inserted, old - head, _oldEnd + head);
                return;
            }
        }

        Add(DeltaOpKind.New, _newStart, length, 0);
    }

    private void Add(DeltaOpKind kind, long offset, long length, long old)
    {
        if (length == 0) { return; }
        if (_ops.Count > 0 && _ops[^1] is { } last && last.Kind == kind
            && (kind is DeltaOpKind.New or DeltaOpKind.Hole || last.Old + last.Length == old))
        {
            _ops[^1] = last with { Length = last.Length + length };
            return;
        }

        _ops.Add(new DeltaOp(kind, offset, length, old));
    }

    /// <inheritdoc/>
    public void Dispose() => hashers.Give(_hasher);
}
