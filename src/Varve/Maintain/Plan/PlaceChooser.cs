using Varve.Lookup;
using Varve.Maintain.Mark;
using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Maintain.Plan;

/// <summary>
/// Chooses of each chunk that is needed the one copy that stays, and tells what of each block and pack is needed then. Memory: a bit for
/// each record of the index, and some bytes for each block. Not thread-safe.
/// </summary>
internal sealed class PlaceChooser
{
    private readonly PackBook _book;
    private readonly LiveChunks _live;
    private readonly IReadOnlyList<RunReader> _tables;
    private readonly BitSet[] _kept; // by table: records that are kept
    private readonly uint[][] _packOf, _rawOf; // by table, by block: its pack; raw bytes of it that are kept

    internal PlaceChooser(PackBook book, LiveChunks live)
    {
        (_book, _live, _tables) = (book, live, live.Tables);
        _kept = [.. _tables.Select(static t => new BitSet(t.ChunkCount))];
        _packOf = [.. _tables.Select(static t => t.Blocks().Select(static b => b.Pack).ToArray())];
        _rawOf = [.. _tables.Select(static t => new uint[t.BlockCount])];
    }

    /// <summary>Chunks that are needed and lie nowhere where they could be kept.</summary>
    internal long Missing { get; private set; }

    /// <summary>One of those.</summary>
    internal ChunkId FirstMissing { get; private set; }

    /// <summary>
    /// Packs that nobody with a full key signed for, in whose favour another copy would go: they are to be read first.
    /// </summary>
    internal HashSet<PackEntry> Unproved { get; } = [];

    /// <summary>
    /// Chooses. Packs that another prune condemns are kept from only if there is no other place; <paramref name="isKept"/> says where a
    /// chunk may be kept at all.
    /// </summary>
    internal void Run(Func<PackEntry, bool> isKept)
    {
        // What each pack would have, if all copies stayed: of several the one stays that has most company.
        var all = new Dictionary<PackEntry, long>();
        Pass(isKept, (records, _) =>
        {
            foreach (ChunkGroups.Record r in records)
            {
                PackEntry pack = PackOf(r)!;
                all[pack] = all.GetValueOrDefault(pack) + r.Chunk.Length;
            }
        });
        Missing = 0;
        Pass(isKept, (records, id) =>
        {
            ChunkGroups.Record best = records[0];
            for (int i = 1; i < records.Count; i++)
            {
                if (IsBetter(PackOf(records[i])!, PackOf(best)!)) { best = records[i]; }
            }

            PackEntry pack = PackOf(best)!;
            _kept[best.Table].Set(best.At);
            pack.Kept++;
            pack.KeptRaw += best.Chunk.Length;
            _rawOf[best.Table][best.Chunk.Block] += best.Chunk.Length;
            if (records.Count > 1 && !pack.IsTrusted) { Unproved.Add(pack); }
        });
        Sum();

        bool IsBetter(PackEntry a, PackEntry b)
        {
            if (a.IsBad != b.IsBad) { return b.IsBad; }
            if (a.IsCondemned != b.IsCondemned) { return b.IsCondemned; }
            if (a.IsTrusted != b.IsTrusted) { return a.IsTrusted; }
            double x = all[a] / (double)Math.Max(1, a.Size), y = all[b] / (double)Math.Max(1, b.Size);
            return x != y ? x > y : a.Name.CompareTo(b.Name) < 0;
        }
    }

    /// <summary>Whether each chunk that is needed lies where it may be kept; chooses nothing.</summary>
    internal bool AllAreKept(Func<PackEntry, bool> isKept)
    {
        Pass(isKept, static (_, _) => { });
        return Missing == 0;
    }

    /// <summary>Whether a chunk that stands in a footer is the copy that stays.</summary>
    internal bool IsKept(PackEntry pack, in ChunkId id, uint block, uint offset)
    {
        RunReader table = _tables[pack.Table];
        if (!table.TryFind(id, out RunChunk chunk, out uint at)) { return false; }
        for (at = table.FirstOf(id, at); table.TryRead(id, at, out chunk); at++)
        {
            if (_kept[pack.Table][at] && chunk.Offset == offset && _book.Of(pack.Table, _packOf[pack.Table][chunk.Block]) == pack
                && table.Block(chunk.Block).Number == block)
            {
                return true;
            }
        }

        return false;
    }

    // Tells of each chunk that is needed the places where it may be kept, which are of different packs.
    private void Pass(Func<PackEntry, bool> isKept, Action<List<ChunkGroups.Record>, ChunkId> found)
    {
        Missing = 0;
        var groups = new ChunkGroups(_tables);
        var records = new List<ChunkGroups.Record>();
        while (groups.Next(records))
        {
            bool isLive = false;
            foreach (ChunkGroups.Record r in records) { isLive |= _live.IsLive(r.Table, r.At); }
            if (!isLive) { continue; }
            ChunkId id = records[0].Chunk.Id;
            records.RemoveAll(r => PackOf(r) is not { } pack || !isKept(pack));
            if (records.Count > 0) { found(records, id); }
            else if (Missing++ == 0) { FirstMissing = id; }
        }
    }

    private PackEntry? PackOf(in ChunkGroups.Record record) => _book.Of(record.Table, _packOf[record.Table][record.Chunk.Block]);

    private void Sum()
    {
        for (int t = 0; t < _tables.Count; t++)
        {
            uint i = 0;
            foreach (RunBlock block in _tables[t].Blocks())
            {
                uint raw = _rawOf[t][i++];
                if (_book.Of(t, block.Pack) is not { } pack) { continue; }
                pack.BlockBytes += block.StoredLength;
                double share = block.RawLength == 0 ? 0 : (double)Math.Min(raw, block.RawLength) / block.RawLength;
                pack.UsedBytes += (long)(block.StoredLength * share);
            }
        }
    }
}
