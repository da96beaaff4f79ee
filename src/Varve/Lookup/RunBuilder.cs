using System.Buffers.Binary;
using Varve.Format;
using Varve.Model.Packs;

namespace Varve.Lookup;

/// <summary>
/// Makes the plaintext of an index run (docs/format.md, 7) of finished packs. The same packs in the same order give the same bytes. A chunk
/// that occurs twice is listed where it was added first; a pack that is added twice counts once. Not thread-safe. Memory: 48 bytes for each
/// chunk,
/// 32 for each block, which the caller's checkpoints bound; for large numbers write several runs and merge them (<see cref="RunMerger"/>).
/// </summary>
internal sealed class RunBuilder
{
    private readonly List<RunPack> _packs = [];
    private readonly HashSet<ObjectName> _known = [];
    private readonly List<RunBlock> _blocks = [];
    private readonly List<ObjectName> _superseded = [];
    private RunChunk[] _chunks = [];
    private int _count;
    private bool _sorted = true;

    // Of the pack and block being added: number and place of the next block, place of the next chunk.
    private uint _blockNumber, _chunkAt;
    private long _blockAt;

    /// <summary>Makes room for that many chunks in all, so that adding them does not grow an array again and again.</summary>
    public void Reserve(int chunks)
    {
        if (_chunks.Length < chunks) { Array.Resize(ref _chunks, chunks); }
    }

    /// <summary>Adds what a pack holds.</summary>
    public void Add(PackContents pack)
    {
        if (!BeginPack(pack.Name, pack.Size, pack.Kind)) { return; }
        foreach (PackedBlock block in pack.Blocks)
        {
            BeginBlock(block.StoredLength, block.RawLength, block.Codec);
            foreach (PackedChunk chunk in block.Chunks) { AddChunk(chunk); }
        }
    }

    /// <summary>Begins the next pack; false if it was added before: then leave its blocks out.</summary>
    public bool BeginPack(ObjectName name, long size, PackKind kind)
    {
        if (!_known.Add(name)) { return false; }
        _packs.Add(new RunPack(name, size, kind));
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

    /// <summary>Declares that this run holds all that another holds.</summary>
    public void Supersede(ObjectName run) => _superseded.Add(run);

    /// <summary>Forgets everything and keeps the arrays.</summary>
    public void Clear()
    {
        _packs.Clear();
        _known.Clear();
        _blocks.Clear();
        _superseded.Clear();
        (_count, _sorted) = (0, true);
    }

    /// <summary>Writes the run; the stream is neither flushed nor closed.</summary>
    public void WriteTo(Stream stream)
    {
        Sort();
        var output = new RunOutput(stream);
        int bits = RunLayout.FenceBits((uint)_count);
        RunLayout.WriteHeader(
            output.Next(RunLayout.HeaderLength), (uint)_packs.Count, (uint)_blocks.Count, (uint)_count, (uint)_superseded.Count, bits);
        foreach (RunPack pack in _packs) { RunLayout.WritePack(output.Next(RunLayout.PackLength), pack); }
        foreach (RunBlock block in _blocks) { RunLayout.WriteBlock(output.Next(RunLayout.BlockLength), block); }
        uint at = 0;
        for (uint bucket = 0; bucket <= 1u << bits; bucket++)
        {
            while (at < _count && RunLayout.Bucket(_chunks[at].Id.Value.Prefix, bits) < bucket) { at++; }
            BinaryPrimitives.WriteUInt32LittleEndian(output.Next(RunLayout.FenceLength), at);
        }

        for (int i = 0; i < _count; i++) { RunLayout.WriteChunk(output.Next(RunLayout.ChunkLength), _chunks[i]); }
        foreach (ObjectName run in _superseded) { run.Value.CopyTo(output.Next(RunLayout.SupersededLength)); }
        output.Flush();
    }

    // Blocks are numbered in the order they were added, so the first occurrence sorts first.
    private void Sort()
    {
        if (_sorted) { return; }
        Span<RunChunk> chunks = _chunks.AsSpan(0, _count);
        chunks.Sort();
        int kept = 0;
        for (int i = 0; i < chunks.Length; i++)
        {
            if (kept == 0 || chunks[i].Id != chunks[kept - 1].Id) { chunks[kept++] = chunks[i]; }
        }

        (_count, _sorted) = (kept, true);
    }
}
