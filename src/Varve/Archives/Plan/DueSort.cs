using Varve.Model.Bytes;

namespace Varve.Archives.Plan;

/// <summary>
/// Puts what is due in its order, and cuts it at a budget or into volumes. Constant memory, by one sort, or by three where directories stay
/// together: of each directory is gathered what it holds, that is brought before its files, and they go where it belongs. Not thread-safe;
/// dispose it.
/// </summary>
internal sealed class DueSort(PlanOptions options, PlanSummary summary) : IDisposable
{
    private const string Memory = "64M";
    private const byte Heading = 0x80, File = 0x81, None = 0x80, Some = 0x81;
    private const int RankLength = PlanRecord.TimeLength;

    private readonly SortRun _first = new(options.Sort, options.Directory, Memory);
    private readonly ByteWriter _canonical = new(4096), _actual = new(4096), _directory = new(4096), _rank = new();
    private SortRun? _second, _third;

    /// <summary>A file is due.</summary>
    internal void Put(
        ReadOnlySpan<byte> canonical, ReadOnlySpan<byte> actual, long size, FileTime time, long precision, FileTime? saved)
    {
        ByteWriter into = _first.Next;
        if (options.KeepTogether)
        {
            PlanRecord.PutName(into, canonical[..Math.Max(canonical.LastIndexOf((byte)'/'), 0)]);
            into.U8(PlanRecord.End);
            into.U8(File);
        }

        PutKey(into, canonical, size, time);
        PlanRecord.PutTime(into, time, isNewestFirst: false);
        PlanRecord.PutPrecision(into, precision);
        PlanRecord.PutSize(into, size, isLargestFirst: false);
        into.U8(saved is null ? None : Some);
        PlanRecord.PutTime(into, saved ?? default, isNewestFirst: false);
        PlanRecord.PutName(into, canonical);
        into.U8(PlanRecord.End);
        if (!actual.SequenceEqual(canonical)) { into.Raw(actual); }
        _first.Put();
    }

    /// <summary>Gives all in their order.</summary>
    internal void Run(IPlanOutput output, CancellationToken cancelled)
    {
        var cut = new VolumeCut(options, summary);
        if (!options.KeepTogether)
        {
            while (_first.Take(out ReadOnlySpan<byte> record))
            {
                cancelled.ThrowIfCancellationRequested();
                Give(record, cut, output);
            }

            return;
        }

        Gather(cancelled);
        Rank(cancelled);
        while (_third!.Take(out ReadOnlySpan<byte> record))
        {
            cancelled.ThrowIfCancellationRequested();
            int end = record[RankLength..].IndexOf(PlanRecord.End) + RankLength + 1;
            if (record[end] == Heading) { cut.Begin(PlanRecord.GetSize(record[(end + 1)..], isLargestFirst: false)); }
            else { Give(record[(end + 1)..], cut, output); }
        }
    }

    /// <summary>The key by which a file of the order comes, of as many bytes whichever the order is but for names.</summary>
    private void PutKey(ByteWriter into, ReadOnlySpan<byte> canonical, long size, FileTime time)
    {
        switch (options.Order)
        {
            case PlanOrder.Newest: PlanRecord.PutTime(into, time, isNewestFirst: true); break;
            case PlanOrder.Oldest: PlanRecord.PutTime(into, time, isNewestFirst: false); break;
            case PlanOrder.Largest: PlanRecord.PutSize(into, size, isLargestFirst: true); break;
            default:
                PlanRecord.PutName(into, canonical);
                into.U8(PlanRecord.End);
                break;
        }
    }

    private ReadOnlySpan<byte> BehindKey(ReadOnlySpan<byte> record) => options.Order switch
    {
        PlanOrder.Name => record[(record.IndexOf(PlanRecord.End) + 1)..],
        PlanOrder.Largest => record[PlanRecord.SizeLength..],
        _ => record[PlanRecord.TimeLength..],
    };

    /// <summary>Of each directory: a heading with its bytes and the key of its first file, beside its files.</summary>
    private void Gather(CancellationToken cancelled)
    {
        _second = new SortRun(options.Sort, options.Directory, Memory);
        long bytes = 0;
        bool isAny = false;
        while (_first.Take(out ReadOnlySpan<byte> record))
        {
            cancelled.ThrowIfCancellationRequested();
            int end = record.IndexOf(PlanRecord.End);
            if (isAny && !record[..end].SequenceEqual(_directory.Written)) { PutHeading(ref bytes); }
            if (!isAny || !record[..end].SequenceEqual(_directory.Written))
            {
                _directory.Clear();
                _directory.Raw(record[..end]);
                // Its first file is the first in its order.
                _rank.Clear();
                ReadOnlySpan<byte> key = record[(end + 2)..];
                _rank.Raw(options.Order == PlanOrder.Name ? key[..0] : key[..(key.Length - BehindKey(key).Length)]);
                isAny = true;
            }

            bytes = Model.Bounds.Saturating.Add(bytes, Math.Max(0, SizeOf(BehindKey(record[(end + 2)..]))));
            _second.Next.Raw(record);
            _second.Put();
        }

        if (isAny) { PutHeading(ref bytes); }
    }

    private void PutHeading(ref long bytes)
    {
        ByteWriter into = _second!.Next;
        into.Raw(_directory.Written);
        into.U8(PlanRecord.End);
        into.U8(Heading);
        PlanRecord.PutSize(into, bytes, isLargestFirst: false);
        into.Raw(_rank.Written);
        _second.Put();
        bytes = 0;
    }

    /// <summary>Each directory with its files goes where its first file belongs.</summary>
    private void Rank(CancellationToken cancelled)
    {
        _third = new SortRun(options.Sort, options.Directory, Memory);
        while (_second!.Take(out ReadOnlySpan<byte> record))
        {
            cancelled.ThrowIfCancellationRequested();
            int end = record.IndexOf(PlanRecord.End);
            if (record[end + 1] == Heading)
            {
                _rank.Clear();
                _rank.Raw(record[(end + 2 + PlanRecord.SizeLength)..]);
                while (_rank.Length < RankLength) { _rank.U8(0x80); } // a name, which the directory's own stands for, or a size
            }

            ByteWriter into = _third.Next;
            into.Raw(_rank.Written);
            into.Raw(record);
            _third.Put();
        }
    }

    private static long SizeOf(ReadOnlySpan<byte> fields) => PlanRecord.GetSize(fields[(PlanRecord.TimeLength + 1)..], isLargestFirst: false);

    private void Give(ReadOnlySpan<byte> record, VolumeCut cut, IPlanOutput output)
    {
        ReadOnlySpan<byte> fields = BehindKey(record);
        const int Saved = PlanRecord.TimeLength + 1 + PlanRecord.SizeLength;
        ReadOnlySpan<byte> names = fields[(Saved + 1 + PlanRecord.TimeLength)..];
        int end = names.IndexOf(PlanRecord.End);
        _canonical.Clear();
        PlanRecord.GetName(names[..end], _canonical);
        _actual.Clear();
        _actual.Raw(end + 1 == names.Length ? _canonical.Written : names[(end + 1)..]);
        var file = new PlanFile
        {
            Canonical = _canonical.Written, Actual = _actual.Written, Size = SizeOf(fields),
            Time = PlanRecord.GetTime(fields, isNewestFirst: false), Precision = PlanRecord.GetPrecision(fields[PlanRecord.TimeLength]),
            Saved = fields[Saved] == None ? null : PlanRecord.GetTime(fields[(Saved + 1)..], isNewestFirst: false),
        };
        file.Volume = cut.Place(file.Size);
        if (file.Volume > 0) { output.Due(in file); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _first.Dispose();
        _second?.Dispose();
        _third?.Dispose();
    }
}
