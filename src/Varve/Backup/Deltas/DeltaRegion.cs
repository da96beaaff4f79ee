using System.Runtime.InteropServices;
using Varve.Backup.Content;
using Varve.Backup.Packing;
using Varve.Delta;
using Varve.Model;

namespace Varve.Backup.Deltas;

/// <summary>
/// Stores a region of a file that was compared with its earlier state: references to what there is, the new bytes of many places gathered
/// in few chunks, long stretches of new bytes cut as in any file.
/// <para>Bounded fragmentation: a region whose extents are more than <see cref="ExtentsPerMiB"/>, or that uses less than half of what the
/// chunks it refers to hold, is cut afresh. Chunks that the index does not have (any more) are not referred to.</para>
/// </summary>
internal sealed class DeltaRegion(LargeFileCutter cutter, IKnownChunks chunks, int longestChunk)
{
    /// <summary>Extents for each MiB of a region, and so many more for a short one.</summary>
    internal const int ExtentsPerMiB = 64, FreeExtents = 64;

    // What chunks at the edges of a region may hold of its neighbours.
    private const long FreeHeld = 4 << 20;

    private const int LongestGathered = 256 << 10, LargestGather = 1 << 20;

    private readonly int _gatherSize = Math.Min(LargestGather, longestChunk);
    private readonly List<RegionPart> _found = [], _parts = [];
    private readonly List<MappedExtent> _extents = [];
    private readonly Dictionary<ChunkId, bool> _isThere = [];
    private readonly List<ChunkJob> _gathered = [];
    private byte[] _scratch = [];
    private Slab? _gather;
    private int _gatherLength, _fd;
    private long _held, _live;
    private SignatureReader _known = null!;

    /// <summary>Bytes of the file that are referred to.</summary>
    internal long Referred { get; private set; }

    /// <summary>Starts a file.</summary>
    internal void Begin(SignatureReader known, int fd)
    {
        (_known, _fd) = (known, fd);
        Clear();
    }

    /// <summary>Forgets the file.</summary>
    internal void Clear()
    {
        Referred = 0;
        _gather?.Release();
        (_gather, _gatherLength) = (null, 0);
    }

    /// <summary>Stores what was found; false if the file turned out shorter.</summary>
    internal bool Store(DeltaMatcher matcher)
    {
        if (matcher.Ops.Count == 0) { return true; }
        _found.Clear();
        _extents.Clear();
        _isThere.Clear();
        (_held, _live) = (0, 0);
        foreach (DeltaOp op in matcher.Ops) { Resolve(in op, matcher.Cells); }
        if (IsScattered(matcher.Ops)) { Renew(matcher); }
        cutter.Extents.Signer?.Add(matcher.Cells);
        Gather();
        bool whole = Emit();
        cutter.Extents.CloseSection();
        return whole;
    }

    private void Resolve(in DeltaOp op, List<CellRecord> cells)
    {
        if (op.Kind is DeltaOpKind.New or DeltaOpKind.Hole)
        {
            Add(op.Kind, op.Offset, op.Length);
            return;
        }

        int first = _extents.Count;
        if (!_known.TryResolve(op.Old, op.Length, _extents))
        {
            _extents.RemoveRange(first, _extents.Count - first);
            Lose(op.Offset, op.Length, cells);
            return;
        }

        for (int i = first; i < _extents.Count; i++)
        {
            MappedExtent extent = _extents[i];
            long offset = op.Offset + extent.Offset - op.Old;
            if (!IsThere(in extent))
            {
                Lose(offset, extent.Extent.Length, cells);
                continue;
            }

            _live += extent.Extent.Length;
            if (_found.Count > 0 && _found[^1] is { IsOld: true } last && last.Kind == op.Kind && last.First + last.Count == i
                && last.End == offset)
            {
                _found[^1] = last with { Length = last.Length + extent.Extent.Length, Count = last.Count + 1 };
            }
            else { _found.Add(new RegionPart(op.Kind, offset, extent.Extent.Length, i, 1)); }
        }
    }

    private bool IsThere(in MappedExtent extent)
    {
        ref bool isThere = ref CollectionsMarshal.GetValueRefOrAddDefault(_isThere, extent.Extent.Chunk, out bool known);
        if (!known)
        {
            isThere = chunks.Contains(extent.Extent.Chunk);
            if (isThere) { _held += extent.ChunkLength; }
        }

        return isThere;
    }

    /// <summary>What cannot be referred to is new, and gets cells of its own.</summary>
    private void Lose(long offset, long length, List<CellRecord> cells)
    {
        cells.RemoveAll(b => b.Offset < offset + length && b.End > offset);
        Add(DeltaOpKind.New, offset, length);
    }

    private void Add(DeltaOpKind kind, long offset, long length)
    {
        if (_found.Count > 0 && _found[^1] is { } last && last.Kind == kind && !last.IsOld)
        {
            _found[^1] = last with { Length = last.Length + length };
        }
        else { _found.Add(new RegionPart(kind, offset, length, -1, 0)); }
    }

    private bool IsScattered(List<DeltaOp> ops)
    {
        long length = 0;
        foreach (DeltaOp op in ops) { length += op.Kind == DeltaOpKind.Hole ? 0 : op.Length; }
        return _extents.Count + _found.Count > FreeExtents + (length * ExtentsPerMiB >> 20) || _held > (2 * _live) + FreeHeld;
    }

    private void Renew(DeltaMatcher matcher)
    {
        _found.Clear();
        matcher.Cells.Clear();
        foreach (DeltaOp op in matcher.Ops) { Add(op.Kind == DeltaOpKind.Hole ? DeltaOpKind.Hole : DeltaOpKind.New, op.Offset, op.Length); }
    }

    /// <summary>
    /// Puts the new bytes of short runs into chunks, and signs these runs: what stands between whole cells is cut into cells anew.
    /// </summary>
    private void Gather()
    {
        _parts.Clear();
        _gathered.Clear();
        for (int i = 0; i < _found.Count;)
        {
            int end = i;
            while (end < _found.Count && _found[end].Kind is DeltaOpKind.Part or DeltaOpKind.New) { end++; }
            if (end == i)
            {
                _parts.Add(_found[i++]);
                continue;
            }

            long start = _found[i].Offset, length = _found[end - 1].End - start;
            if (length > Math.Min(LongestGathered, _gatherSize)) { _parts.Add(new RegionPart(DeltaOpKind.New, start, length, -1, 0)); }
            else { GatherRun(CollectionsMarshal.AsSpan(_found)[i..end], start, (int)length); }
            i = end;
        }

        CloseGather();
    }

    private void GatherRun(ReadOnlySpan<RegionPart> parts, long start, int length)
    {
        if (_scratch.Length < length) { _scratch = new byte[LongestGathered]; }
        Span<byte> bytes = _scratch.AsSpan(0, length);
        int read = FileBytes.Read(_fd, start, bytes, length);
        bytes[read..].Clear(); // Shorter than before: what was read will be discarded.
        cutter.Extents.Signer?.SignRun(start, bytes);
        foreach (RegionPart part in parts)
        {
            if (part.IsOld)
            {
                _parts.Add(part);
                continue;
            }

            if (_gatherLength + part.Length > _gatherSize) { CloseGather(); }
            _gather ??= cutter.RentSlab();
            bytes.Slice((int)(part.Offset - start), (int)part.Length).CopyTo(_gather.Bytes.AsSpan(_gatherLength));
            _parts.Add(part with { First = _gathered.Count, Count = _gatherLength });
            _gatherLength += (int)part.Length;
        }
    }

    private void CloseGather()
    {
        if (_gather is null) { return; }
        var job = new ChunkJob(_gather, 0, _gatherLength);
        (_gather, _gatherLength) = (null, 0);
        _gathered.Add(job);
        cutter.Extents.Post(job);
    }

    private bool Emit()
    {
        foreach (RegionPart part in _parts)
        {
            if (part.IsOld)
            {
                foreach (MappedExtent extent in CollectionsMarshal.AsSpan(_extents).Slice(part.First, part.Count))
                {
                    cutter.Extents.Add(extent.Extent, extent.ChunkLength);
                }
                Referred += part.Length;
            }
            else if (part.Kind == DeltaOpKind.Hole) { cutter.Extents.Add(Extent.Hole(part.Length)); }
            else if (part.First >= 0) { cutter.Extents.Add(_gathered[part.First], (uint)part.Count, (int)part.Length); }
            else if (!cutter.CutRange(_fd, part.Offset, part.End, isAlone: false)) { return false; }
        }

        return true;
    }
}
