using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Tests.Lookup;

/// <summary>An index run in memory, and questions to one that the program asks several at once.</summary>
internal static class RunReads
{
    /// <summary>The run as bytes.</summary>
    internal static byte[] Build(this RunBuilder builder)
    {
        var stream = new MemoryStream();
        builder.WriteTo(stream);
        return stream.ToArray();
    }

    /// <summary>Where a chunk lies; false if the run does not list it.</summary>
    internal static bool TryFind(this RunReader run, in ChunkId id, out ChunkLocation location)
    {
        bool found = run.TryFind(id, out RunChunk chunk);
        location = found ? run.Locate(chunk) : default;
        return found;
    }

    /// <summary>Whether the run lists a chunk.</summary>
    internal static bool Contains(this RunReader run, in ChunkId id) => run.TryFind(id, out RunChunk _);
}
