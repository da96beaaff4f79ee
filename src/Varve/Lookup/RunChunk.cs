using Varve.Model;

namespace Varve.Lookup;

/// <summary>
/// A chunk as an index run lists it; <see cref="Block"/> is an index into that run's blocks. Ordered by id, then by place.
/// </summary>
internal readonly record struct RunChunk(ChunkId Id, uint Block, uint Offset, uint Length) : IComparable<RunChunk>
{
    public int CompareTo(RunChunk other)
    {
        int c = Id.CompareTo(other.Id);
        if (c == 0) { c = Block.CompareTo(other.Block); }
        return c != 0 ? c : Offset.CompareTo(other.Offset);
    }
}
