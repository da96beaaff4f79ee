using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.History.Differences;
using Varve.Model.Bounds;
using Varve.Model.Changes;

namespace Varve.App.Output.Changes;

/// <summary>What the differences of two snapshots come to. Entries of all kinds are counted, bytes are those of files.</summary>
internal sealed class DifferenceTotals : IReport<DifferenceTotals>
{
    private readonly long[] _counts = new long[Enum.GetValues<EntryChange>().Length];
    private readonly ObjectName _before;
    private readonly ObjectName? _after;
    private long _movedChanged, _bytesNew, _bytesGone, _bytesBefore, _bytesAfter;

    internal DifferenceTotals(ObjectName first, ObjectName? second, IEnumerable<Difference> differences, long leftOut = 0)
    {
        LeftOut = leftOut;
        (_before, _after) = (first, second);
        foreach (Difference d in differences)
        {
            _counts[(int)d.Change]++;
            long before = SizeOf(d.Before), after = SizeOf(d.After);
            if (d.Change == EntryChange.New) { Saturating.Add(ref _bytesNew, after); }
            else if (d.Change == EntryChange.Gone) { Saturating.Add(ref _bytesGone, before); }
            else if (d.Change == EntryChange.Moved) { _movedChanged += d.Properties == 0 ? 0 : 1; }
            else if (d.Change == EntryChange.Changed)
            {
                Saturating.Add(ref _bytesBefore, before);
                Saturating.Add(ref _bytesAfter, after);
            }
        }
    }

    static JsonTypeInfo<DifferenceTotals> IReport<DifferenceTotals>.Shape => ChangeShapes.Default.DifferenceTotals;

    public string Type => "totals";
    public string Before => _before.ToString();
    public string? After => _after?.ToString();
    public long New => _counts[(int)EntryChange.New];
    public long Changed => _counts[(int)EntryChange.Changed];
    public long Metadata => _counts[(int)EntryChange.Metadata];
    public long Moved => _counts[(int)EntryChange.Moved];
    public long MovedChanged => _movedChanged;
    public long Gone => _counts[(int)EntryChange.Gone];
    public long Failed => _counts[(int)EntryChange.Failed];
    public long Pending => _counts[(int)EntryChange.Pending];
    public long LeftOut { get; }
    public long BytesNew => _bytesNew;
    public long BytesGone => _bytesGone;
    public long BytesBefore => _bytesBefore;
    public long BytesAfter => _bytesAfter;

    public void Print(Page page)
    {
        string[] parts =
        [
            .. Part(New, "new", Human.Size(BytesNew)), .. Part(Changed, "changed", $"{Human.Size(BytesBefore)} -> {Human.Size(BytesAfter)}"),
            .. Part(Metadata, "in metadata only"), .. Part(Moved, "moved", MovedChanged == 0 ? null : $"{Human.Count(MovedChanged)} changed too"),
            .. Part(Gone, "gone", Human.Size(BytesGone)),
            .. Part(Failed, "could not be saved"), .. Part(Pending, "still to come"),
            .. Part(LeftOut, "left out of the snapshot on purpose"),
        ];
        page.Done(parts.Length == 0 ? "no differences" : string.Join(", ", parts));
    }

    private static IEnumerable<string> Part(long count, string what, string? size = null) =>
        count == 0 ? [] : [$"{Human.Count(count)} {what}" + (size is null ? "" : $" ({size})")];

    private static long SizeOf(EntryState? state) => state is { Stat: { Kind: EntryKind.File, Size: var size } } ? size : 0;
}
