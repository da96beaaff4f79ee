using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tests.Kit;

namespace Varve.Tests.Lookup;

/// <summary>An index run in memory, and questions to one that the program asks several at once.</summary>
internal static class RunReads
{
    /// <summary>The table of the run as bytes.</summary>
    internal static byte[] Build(this RunBuilder builder, RunOrigin? origin = null)
    {
        var stream = new MemoryStream();
        builder.WriteTo(stream, origin ?? new RunOrigin(Some.Name(1)));
        return stream.ToArray();
    }

    /// <summary>Adds what a pack holds, as a run lists it whose footer has that hash.</summary>
    internal static void Add(this RunBuilder builder, PackContents pack, Bytes32 listed = default)
    {
        if (!builder.BeginPack(pack.Name, pack.Size, pack.Kind, listed)) { return; }
        foreach (PackedBlock block in pack.Blocks)
        {
            builder.BeginBlock(block.StoredLength, block.RawLength, block.Codec);
            foreach (PackedChunk chunk in block.Chunks) { builder.AddChunk(chunk); }
        }
    }

    /// <summary>Where a chunk lies; false if the run does not list it.</summary>
    internal static bool TryFind(this RunReader run, in ChunkId id, out ChunkLocation location)
    {
        bool found = run.TryFind(id, out RunChunk chunk, out _);
        location = found ? run.Locate(chunk) : default;
        return found;
    }

    /// <summary>All places of a chunk that is there.</summary>
    internal static List<ChunkLocation> Places(this RunReader run, in ChunkId id)
    {
        var places = new List<ChunkLocation>();
        Assert.True(run.TryFind(id, out RunChunk chunk, out uint at));
        for (at = run.FirstOf(id, at); run.TryRead(id, at, out chunk); at++) { places.Add(run.Locate(chunk)); }
        return places;
    }

    /// <summary>Whether a writer need not store a chunk.</summary>
    internal static bool Contains(this ChunkIndex index, in ChunkId id) => index.Ask(id, out _) == Presence.Present;

    /// <summary>Whether the run lists a chunk.</summary>
    internal static bool Contains(this RunReader run, in ChunkId id) => run.TryFind(id, out RunChunk _, out _);
}
