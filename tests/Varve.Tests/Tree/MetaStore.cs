using System.Security.Cryptography;
using Varve.Model;
using Varve.Tree;

namespace Varve.Tests.Tree;

/// <summary>Meta chunks in memory, and owners with made-up names.</summary>
internal sealed class MetaStore : IOwnerNames
{
    internal Dictionary<ChunkId, byte[]> Chunks { get; } = [];

    internal int Largest { get; private set; }

    internal ChunkId Store(ReadOnlySpan<byte> chunk)
    {
        var id = new ChunkId(SHA256.HashData(chunk));
        Chunks[id] = chunk.ToArray();
        Largest = Math.Max(Largest, chunk.Length);
        return id;
    }

    internal ReadOnlyMemory<byte> Fetch(ChunkId id) =>
        Chunks.TryGetValue(id, out byte[]? chunk) ? chunk : throw VarveException.Damaged(Subject.Chunk(id), "it is missing");

    public ReadOnlySpan<byte> User(uint uid) => uid % 3 == 0 ? default : System.Text.Encoding.ASCII.GetBytes($"user{uid}");

    public ReadOnlySpan<byte> Group(uint gid) => gid % 3 == 1 ? default : System.Text.Encoding.ASCII.GetBytes($"group{gid}");
}
