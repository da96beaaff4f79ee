using System.Globalization;
using Varve.Model;
using Varve.Model.Bounds;

namespace Varve.Vault.Snapshots;

/// <summary>
/// How much may be taken out of a snapshot: what it counts, a tenth and a little more, in case an old count was wrong. Two names for one
/// directory, sixty levels deep, are 28 KB and more entries than anybody can write. Whatever the counts say, 10^9 entries and 2^62 bytes
/// are the end; who wants more asks for it. One thread.
/// </summary>
internal sealed class EntryBudget
{
    /// <summary>More entries than this want to be asked for.</summary>
    internal const long MostEntries = 1_000_000_000;

    /// <summary>More bytes than this want to be asked for.</summary>
    internal const long MostBytes = 1L << 62;

    /// <summary>So many entries more than counted, beside the tenth.</summary>
    internal const long FreeEntries = 10_000;

    /// <summary>So many bytes more than counted, beside the tenth.</summary>
    internal const long FreeBytes = 1L << 30;

    private readonly ObjectName _snapshot;
    private readonly SnapshotCounts _counts;
    private readonly bool _isUnlimited;
    private readonly long _mostEntries, _mostBytes; // summed up once: this is asked for every entry
    private long _entries, _bytes;

    /// <summary>For taking a snapshot out once. <paramref name="isUnlimited"/>: all there is was asked for.</summary>
    internal EntryBudget(SnapshotInfo snapshot, bool isUnlimited)
    {
        (_snapshot, _counts, _isUnlimited) = (snapshot.Name, snapshot.Snapshot.Counts, isUnlimited);
        _mostEntries = WithMore(EntriesOf(_counts), FreeEntries);
        _mostBytes = WithMore(_counts.Bytes, FreeBytes);
    }

    /// <summary>What a snapshot counts, directories and all; what no writer could have counted is as much as there can be.</summary>
    internal static long EntriesOf(SnapshotCounts counts) =>
        Saturating.Sum([counts.Files, counts.Directories, counts.Symlinks, counts.Others]);

    /// <summary>
    /// Takes an entry and its content; false if that is beyond. <see cref="Beyond"/> then tells why.
    /// </summary>
    internal bool Take(long bytes = 0)
    {
        _entries++;
        _bytes = Saturating.Add(_bytes, bytes);
        return _isUnlimited || !(IsAbsolutely || IsBeyondCounts);
    }

    /// <summary>Refuses a whole snapshot at once if it counts more than what wants to be asked for.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal void RequireWithin()
    {
        RequireEntriesWithin();
        if (!_isUnlimited && _counts.Bytes > MostBytes) { throw TooMuch(); }
    }

    /// <summary>The same for whoever takes entries and not what files hold: two sparse files come to any number of bytes.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal void RequireEntriesWithin()
    {
        if (!_isUnlimited && EntriesOf(_counts) > MostEntries) { throw TooMuch(); }
    }

    /// <summary>Why the last entry was not taken.</summary>
    internal VarveException Beyond() => IsAbsolutely ? TooMuch() : new VarveException(
        ErrorKind.Damaged, Subject.Snapshot(_snapshot),
        $"it goes on beyond what it counts, {Number(EntriesOf(_counts))} entries of {Number(_counts.Bytes)} bytes",
        Advice.LiftLimits);

    private bool IsAbsolutely => _entries > MostEntries || _bytes > MostBytes;

    private bool IsBeyondCounts => _entries > _mostEntries || _bytes > _mostBytes;

    private VarveException TooMuch() => new(ErrorKind.Usage, Subject.Snapshot(_snapshot),
        "holds more than 1,000,000,000 entries or 2^62 bytes", Advice.LiftLimits);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long WithMore(long counted, long free) => Saturating.Add(Saturating.Add(counted, counted / 10), free);
}
