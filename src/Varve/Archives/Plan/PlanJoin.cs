using Varve.Archives.Lists;
using Varve.Model.Bytes;
using Varve.Model.Rules;

namespace Varve.Archives.Plan;

/// <summary>
/// Joins what is there with what was saved: both go, under their canonical names, into one sort, which brings together what belongs
/// together. Memory is constant. Putting may be done by several threads, one at a time; then <see cref="Run"/>.
/// </summary>
internal sealed class PlanJoin(PlanOptions options, PlanSummary summary) : IDisposable
{
    private const byte There = (byte)'h', Saved = (byte)'s'; // in this order
    private const string Memory = "80M";
    private const int Fixed = 1 + PlanRecord.TimeLength + 1 + PlanRecord.SizeLength; // behind the name and what ends it

    private readonly SortRun _sort = new(options.Sort, options.Directory, Memory);
    private readonly ByteWriter _name = new(4096), _canonical = new(4096), _actual = new(4096), _group = new(4096);

    /// <summary>A file is there. <paramref name="mapping"/> says what its name stands for.</summary>
    internal void PutThere(ReadOnlySpan<byte> actual, in ListEntry entry, PathMapping mapping) => Put(There, actual, in entry, mapping);

    /// <summary>A file was saved.</summary>
    internal void PutSaved(ReadOnlySpan<byte> actual, in ListEntry entry, PathMapping mapping) => Put(Saved, actual, in entry, mapping);

    private void Put(byte side, ReadOnlySpan<byte> actual, in ListEntry entry, PathMapping mapping)
    {
        _name.Clear();
        mapping.Apply(actual, _name);
        ByteWriter into = _sort.Next;
        PlanRecord.PutName(into, _name.Written);
        into.U8(PlanRecord.End);
        into.U8(side);
        PlanRecord.PutTime(into, entry.HasTime ? entry.Time : default, isNewestFirst: true);
        PlanRecord.PutPrecision(into, entry.HasTime ? entry.Precision : 0);
        PlanRecord.PutSize(into, entry.Size, isLargestFirst: false);
        // Of most the canonical name is the actual one, and of what was saved nobody asks for that.
        if (side == There && !mapping.IsEmpty && !actual.SequenceEqual(_name.Written)) { into.Raw(actual); }
        _sort.Put();
    }

    /// <summary>Decides about each name: gives what is due to <paramref name="due"/>, in the order of canonical names.</summary>
    internal void Run(DueSort due, IPlanOutput output, CancellationToken cancelled)
    {
        (bool isThere, bool isSaved) = (false, false);
        var file = new PlanFile();
        (FileTime Time, long Precision, long Size) newest = default;
        while (_sort.Take(out ReadOnlySpan<byte> record))
        {
            cancelled.ThrowIfCancellationRequested();
            int end = record.IndexOf(PlanRecord.End);
            ReadOnlySpan<byte> name = record[..end], rest = record[(end + 1)..];
            if (!name.SequenceEqual(_group.Written) || !(isThere || isSaved))
            {
                Decide(isThere, isSaved, ref file, newest, due);
                (isThere, isSaved) = (false, false);
                _group.Clear();
                _group.Raw(name);
                _canonical.Clear();
                PlanRecord.GetName(name, _canonical);
            }

            FileTime time = PlanRecord.GetTime(rest[1..], isNewestFirst: true);
            long precision = PlanRecord.GetPrecision(rest[1 + PlanRecord.TimeLength]);
            long size = PlanRecord.GetSize(rest[(2 + PlanRecord.TimeLength)..], isLargestFirst: false);
            if (rest[0] == Saved)
            {
                if (!isSaved) { newest = (time, precision, size); }
                isSaved = true;
                continue;
            }

            ReadOnlySpan<byte> actual = rest[Fixed..];
            if (isThere)
            {
                summary.Duplicate.Add(size);
                var loser = new PlanFile
                {
                    Canonical = _canonical.Written, Actual = actual.IsEmpty ? _canonical.Written : actual, Size = size, Time = time,
                    Precision = precision,
                };
                output.Duplicate(in loser);
                continue;
            }

            _actual.Clear();
            _actual.Raw(actual.IsEmpty ? _canonical.Written : actual);
            file = new PlanFile { Size = size, Time = time, Precision = precision };
            isThere = true;
        }

        Decide(isThere, isSaved, ref file, newest, due);
    }

    private void Decide(bool isThere, bool isSaved, scoped ref PlanFile file, (FileTime Time, long Precision, long Size) newest, DueSort due)
    {
        if (!isThere)
        {
            if (isSaved) { summary.Gone.Add(newest.Size); }
            return;
        }

        int compared = !isSaved ? 1 : Compare(in file, newest.Time, newest.Precision);
        if (compared <= 0)
        {
            summary.Saved.Add(file.Size);
            if (compared < 0) { summary.SavedNewer.Add(file.Size); }
            return;
        }

        due.Put(_canonical.Written, _actual.Written, file.Size, file.Time, file.Precision,
            isSaved && newest.Precision > 0 ? newest.Time : null);
    }

    /// <summary>
    /// Positive if a file is newer than what was saved, negative if that is newer. A time is known to its last place: within that, and the
    /// tolerance, two are one. Without a time, what was saved under the name is what is there.
    /// </summary>
    private int Compare(in PlanFile file, FileTime saved, long precision)
    {
        if (file.Precision == 0 || precision == 0) { return 0; }
        long last = Math.Max(file.Precision, precision);
        FileTime there = Floor(file.Time, last), before = Floor(saved, last);
        // Some cut what they leave of a fraction, and some round it.
        long tolerance = options.Tolerance + (last is > 1 and < 1_000_000_000 ? last : 0);
        return there > before.Plus(tolerance) ? 1 : before > there.Plus(tolerance) ? -1 : 0;
    }

    private static FileTime Floor(FileTime time, long precision)
    {
        if (precision <= 1) { return time; }
        if (precision <= 1_000_000_000) { return time with { Nanoseconds = time.Nanoseconds - (int)(time.Nanoseconds % precision) }; }
        long seconds = precision / 1_000_000_000, over = time.Seconds % seconds;
        return new FileTime(time.Seconds - (over < 0 ? over + seconds : over), 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _sort.Dispose();
}
