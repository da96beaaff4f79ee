using Varve.Model;

namespace Varve.Tree.Details;

/// <summary>A chunk of an extent list while it is read: where reading is in it, and what it turned out to be. One reader.</summary>
internal sealed class ListFrame(ChunkId id, Subject what, ReadOnlyMemory<byte> chunk, bool isLeaf, long length)
{
    internal ChunkId Id { get; } = id;

    internal Subject What { get; } = what;

    internal ReadOnlyMemory<byte> Chunk { get; } = chunk;

    internal bool IsLeaf { get; } = isLeaf;

    /// <summary>File bytes it is to cover.</summary>
    internal long Length { get; } = length;

    /// <summary>Of these, bytes of what is not read yet.</summary>
    internal long BytesLeft { get; set; } = length;

    /// <summary>Where in the chunk the next item begins.</summary>
    internal int At { get; set; }

    /// <summary>Items not read yet.</summary>
    internal int Left { get; set; }

    /// <summary>Whether all that was read so far is a hole.</summary>
    internal bool OnlyHoles { get; set; } = true;

    /// <summary>Levels from here down, as far as it was read.</summary>
    internal int Height { get; private set; } = 1;

    /// <summary>A part below it is read to its end.</summary>
    internal void Take(bool onlyHoles, int height)
    {
        OnlyHoles &= onlyHoles;
        Height = Math.Max(Height, height + 1);
    }
}
