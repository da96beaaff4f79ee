using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Fuzz.Targets;

/// <summary>
/// Several chunks in one input: bytes each, one after the other; the last is where reading begins. A chunk's id is 32 bytes of its number,
/// from 1 on, so that chunks can name each other, and themselves, which no hash lets them do.
/// </summary>
internal sealed class ChunkBox
{
    private readonly List<ReadOnlyMemory<byte>> _chunks = [];

    internal ChunkBox(ReadOnlySpan<byte> input)
    {
        var reader = new ByteReader(input, Subject.None);
        while (reader.Remaining > 0 && _chunks.Count < 200) { _chunks.Add(reader.Bytes().ToArray()); }
    }

    /// <summary>Fetches so far.</summary>
    internal int Fetches { get; private set; }

    internal int Count => _chunks.Count;

    internal ChunkId Top => Id(_chunks.Count);

    internal static ChunkId Id(int number)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        bytes.Fill((byte)number);
        return new ChunkId(bytes);
    }

    /// <summary>Chunks as one input; their ids, in order.</summary>
    internal static byte[] Pack(params ReadOnlySpan<byte[]> chunks)
    {
        var writer = new ByteWriter();
        foreach (byte[] chunk in chunks) { writer.Bytes(chunk); }
        return writer.ToArray();
    }

    internal ReadOnlyMemory<byte> Fetch(ChunkId id)
    {
        Fetches++;
        for (int i = 1; i <= _chunks.Count; i++)
        {
            if (Id(i) == id) { return _chunks[i - 1]; }
        }

        throw VarveException.Damaged(Subject.Chunk(id), "it is missing");
    }
}
