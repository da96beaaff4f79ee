using System.Buffers.Binary;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Lookup;

/// <summary>
/// Makes the table of one index run (docs/format.md, 7). The same packs in the same order give the same bytes. A chunk that occurs in
/// several packs is listed with all its places, for any of them may be false; within a pack where it was added first. A pack that is added
/// twice counts once. Not thread-safe. Memory: 48 bytes for each chunk, 32 for each block, which the caller's checkpoints bound; for large
/// numbers write several runs and merge them (<see cref="RunMerger"/>).
/// </summary>
internal sealed class RunBuilder
{
    private readonly List<RunPack> _packs = [];
    private readonly HashSet<ObjectName> _known = [];
    private readonly List<RunBlock> _blocks = [];
    private RunChunk[] _chunks = [];
    private int _count;
    private bool _sorted = true;

    // Of the pack and block being added: number and place of the next block, place of the next chunk.
    private uint _blockNumber, _chunkAt;
    private long _blockAt;

    /// <summary>
    /// Begins the next pack; false if it was added before: then leave its blocks out. <paramref name="listed"/> is the SHA-256 of what is
    /// said of its footer.
    /// </summary>
    public bool BeginPack(ObjectName name, long size, PackKind kind, in Bytes32 listed)
    {
        if (!_known.Add(name)) { return false; }
        _packs.Add(new RunPack(name, size, kind, 0, listed));
        (_blockNumber, _blockAt) = (0, PackLayout.HeaderLength);
        return true;
    }

    /// <summary>Begins the next block of the pack.</summary>
    public void BeginBlock(uint storedLength, uint rawLength, Codec codec)
    {
        _blocks.Add(new RunBlock((uint)_packs.Count - 1, _blockNumber++, _blockAt, storedLength, rawLength, codec));
        _blockAt += storedLength;
        _chunkAt = 0;
    }

    /// <summary>Adds the next chunk of the block.</summary>
    public void AddChunk(in PackedChunk chunk)
    {
        if (_count == _chunks.Length) { Array.Resize(ref _chunks, checked((int)Math.Clamp(2L * _count, 256, Array.MaxLength))); }
        _chunks[_count++] = new RunChunk(chunk.Id, (uint)_blocks.Count - 1, _chunkAt, chunk.Length);
        _chunkAt += chunk.Length;
        _sorted = false;
    }

    /// <summary>Forgets everything and keeps the arrays.</summary>
    public void Clear()
    {
        _packs.Clear();
        _known.Clear();
        _blocks.Clear();
        (_count, _sorted) = (0, true);
    }

    /// <summary>Writes the table of the run that was added; the stream is neither flushed nor closed.</summary>
    public void WriteTo(Stream stream, RunOrigin origin)
    {
        Sort();
        var output = new RunOutput(stream);
        int bits = RunLayout.FenceBits((uint)_count);
        var counts = new RunCounts((uint)_packs.Count, (uint)_blocks.Count, (uint)_count, 1, (uint)origin.Superseded.Length);
        RunLayout.WriteHeader(output.Next(RunLayout.HeaderLength), in counts, bits);
        foreach (RunPack pack in _packs) { RunLayout.WritePack(output.Next(RunLayout.PackLength), pack); }
        foreach (RunBlock block in _blocks) { RunLayout.WriteBlock(output.Next(RunLayout.BlockLength), block); }
        uint at = 0;
        for (uint bucket = 0; bucket <= 1u << bits; bucket++)
        {
            while (at < _count && RunLayout.Bucket(_chunks[at].Id.Value.Prefix, bits) < bucket) { at++; }
            BinaryPrimitives.WriteUInt32LittleEndian(output.Next(RunLayout.FenceLength), at);
        }

        for (int i = 0; i < _count; i++) { RunLayout.WriteChunk(output.Next(RunLayout.ChunkLength), _chunks[i]); }
        RunLayout.WriteOrigins(output, [origin]);
        output.Flush();
    }

    // Blocks are numbered in the order they were added, pack by pack, so the first occurrence sorts first, and what is of one pack is
    // together.
    private void Sort()
    {
        if (_sorted) { return; }
        Span<RunChunk> chunks = _chunks.AsSpan(0, _count);
        chunks.Sort();
        int kept = 0;
        for (int i = 0; i < chunks.Length; i++)
        {
            bool isKnown = kept > 0 && chunks[i].Id == chunks[kept - 1].Id
                && _blocks[(int)chunks[i].Block].Pack == _blocks[(int)chunks[kept - 1].Block].Pack;
            if (!isKnown) { chunks[kept++] = chunks[i]; }
        }

        (_count, _sorted) = (kept, true);
    }
}
