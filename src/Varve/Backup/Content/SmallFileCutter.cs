using System.Numerics;
using Varve.Backup.Packing;
using Varve.Chunk;
using Varve.Model;
using Varve.Tree.Details;

namespace Varve.Backup.Content;

/// <summary>Cuts content that is in memory as a whole, and has the memory for it. One per worker thread.</summary>
internal sealed class SmallFileCutter(Chunker chunker, ChunkSink sink)
{
    /// <summary>
    /// Files up to this size are read in one go by one worker; longer ones are cut for all (<see cref="LargeFileCutter"/>).
    /// </summary>
    internal const int MostBytes = (1 << 20) - 1;

    private const int SmallestBuffer = 64 << 10;

    private readonly ExtentListWriter _extents = new(sink.StoreMeta);
    private byte[] _buffer = [];

    /// <summary>A buffer of at least that many bytes, the same every time.</summary>
    internal byte[] Buffer(int length)
    {
        if (_buffer.Length < length)
        {
            _buffer = GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, SmallestBuffer)));
        }

        return _buffer;
    }

    /// <summary>Stores a content. Returns its extents, valid until the next call; null if there is none.</summary>
    internal ExtentListWriter? Cut(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty) { return null; }
        _extents.Begin();
        while (!content.IsEmpty)
        {
            int length = chunker.FindBoundary(content, isEnd: true);
            _extents.Add(new Extent(sink.StoreData(content[..length]), 0, length));
            content = content[length..];
        }

        return _extents;
    }
}
