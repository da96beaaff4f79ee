using Varve.Delta;
using Varve.Model;
using Varve.Tests.Kit;

namespace Varve.Tests.Delta;

/// <summary>
/// A file in memory with its signature in a store of its own, whose content "is stored" in chunks cut at random; and the comparison with
/// another state of it.
/// </summary>
internal sealed class SomeFile : IDeltaSource, IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly DeltaKeys _keys = new(new byte[32]);
    private readonly HasherPool _hashers;
    private readonly Dictionary<ChunkId, byte[]> _chunks = [];
    private byte[] _now = [];

    public SomeFile(byte[] content, int cellSize, int seed = 0, int sectionBytes = 1 << 30)
    {
        _hashers = new HasherPool(_keys);
        Store = new SignatureStore(Path.Combine(_scratch.Path, "deltas"), _keys, 1 << 30);
        Old = content;
        var random = new Random(seed);
        using SignatureWriter writer = Store.Create(content.Length, cellSize)!;
        CellHasher hasher = _hashers.Take();
        for (int section = 0; section < content.Length; section += sectionBytes)
        {
            int end = Math.Min(content.Length, section + sectionBytes);
            writer.AddRun(hasher, section, content.AsSpan(section..end));
            for (int at = section; at < end;)
            {
                // A chunk of which the extent is a slice.
                int length = Math.Min(end - at, random.Next(1, 50_000)), before = random.Next(10);
                byte[] chunk = new byte[before + length + random.Next(10)];
                content.AsSpan(at, length).CopyTo(chunk.AsSpan(before));
                byte[] id = new byte[32];
                random.NextBytes(id);
                _chunks[new ChunkId(id)] = chunk;
                writer.Add(new Extent(new ChunkId(id), (uint)before, length), (uint)chunk.Length);
                at += length;
            }

            writer.CloseSection();
        }

        _hashers.Give(hasher);
        Store.Keep(writer, "file");
    }

    public byte[] Old { get; }

    public SignatureStore Store { get; }

    public string SignaturePath => Path.Combine(_scratch.Path, "deltas", "file.sig");

    /// <summary>What the matcher finds in another state. Stops are forced every <paramref name="soft"/> bytes.</summary>
    public List<DeltaOp> Compare(byte[] now, long soft = long.MaxValue / 2)
    {
        _now = now;
        using SignatureReader? signature = Store.Open("file");
        Assert.NotNull(signature);
        Assert.Equal(Old.Length, signature.Size);
        using var matcher = new DeltaMatcher(_hashers, this);
        matcher.Begin(signature);
        for (long at = 0; at < now.Length;)
        {
            long stop = matcher.Match(at, now.Length, at + soft);
            Assert.InRange(stop, at + 1, now.Length);
            at = stop;
        }

        foreach (CellRecord cell in matcher.Cells)
        {
            using var hasher = new CellHasher(_keys);
            Assert.True(hasher.Matches(in cell, now.AsSpan((int)cell.Offset, cell.Length)));
        }

        return [.. matcher.Ops];
    }

    /// <summary>
    /// The parts follow each other without gaps, and each old one is, byte for byte, what the chunks it resolves to hold. Returns the bytes
    /// that are new.
    /// </summary>
    public long RequireExact(byte[] now, List<DeltaOp> ops)
    {
        using SignatureReader signature = Store.Open("file")!;
        long at = 0, fresh = 0;
        foreach (DeltaOp op in ops)
        {
            Assert.Equal(at, op.Offset);
            Assert.True(op.Length > 0);
            at = op.End;
            if (op.Kind == DeltaOpKind.New)
            {
                fresh += op.Length;
                continue;
            }

            var extents = new List<MappedExtent>();
            Assert.True(signature.TryResolve(op.Old, op.Length, extents));
            long offset = op.Offset;
            foreach (MappedExtent extent in extents)
            {
                ReadOnlySpan<byte> stored = _chunks[extent.Extent.Chunk].AsSpan((int)extent.Extent.Offset, (int)extent.Extent.Length);
                Assert.True(stored.SequenceEqual(now.AsSpan((int)offset, (int)extent.Extent.Length)));
                Assert.Equal((uint)_chunks[extent.Extent.Chunk].Length, extent.ChunkLength);
                offset += extent.Extent.Length;
            }

            Assert.Equal(op.End, offset);
        }

        Assert.Equal(now.Length, at);
        return fresh;
    }

    public long New(byte[] now, long soft = long.MaxValue / 2) => RequireExact(now, Compare(now, soft));

    int IDeltaSource.Read(long offset, Span<byte> destination)
    {
        int length = (int)Math.Clamp(_now.Length - offset, 0, destination.Length);
        _now.AsSpan((int)offset, length).CopyTo(destination);
        return length;
    }

    void IDeltaSource.RunSlices(DeltaMatcher matcher, int count) => Parallel.For(0, count, matcher.RunSlice);

    public void Dispose()
    {
        _hashers.Dispose();
        _scratch.Dispose();
    }
}
