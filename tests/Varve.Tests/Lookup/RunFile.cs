using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tests.Kit;

namespace Varve.Tests.Lookup;

/// <summary>A directory of runs for one test.</summary>
internal sealed class RunFile : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("varve-runs-").FullName;
    private int _count;

    /// <summary>Whether what is opened has a sieve, however small it is.</summary>
    internal bool WithSieve { get; init; }

    /// <summary>Where the run that was opened last lies.</summary>
    internal string LastPath => Path.Combine(_directory, $"{_count - 1}");

    internal RunReader Open(byte[] run, long name = 1)
    {
        string path = Path.Combine(_directory, $"{_count++}");
        File.WriteAllBytes(path, run);
        if (WithSieve) { RunSieve.Append(path, Some.Name(name), smallest: 0); }
        return RunReader.Open(path, Some.Name(name));
    }

    internal RunReader Open(long name, params PackContents[] packs)
    {
        var builder = new RunBuilder();
        foreach (PackContents pack in packs) { builder.Add(pack); }
        return Open(builder.Build(), name);
    }

    internal RunReader Merge(long name, IReadOnlyList<RunReader> runs, Func<ObjectName, bool>? keepPack = null)
    {
        var stream = new MemoryStream();
        RunMerger.Merge(runs, stream, null, keepPack);
        return Open(stream.ToArray(), name);
    }

    /// <summary>What packs say about chunks, the plain way; the first occurrence wins.</summary>
    internal static Dictionary<ChunkId, ChunkLocation> Expect(params PackContents[] packs)
    {
        var expected = new Dictionary<ChunkId, ChunkLocation>();
        foreach (PackContents pack in packs)
        {
            long at = 145;
            for (int b = 0; b < pack.Blocks.Count; b++)
            {
                PackedBlock block = pack.Blocks[b];
                var location = new BlockLocation(pack.Name, pack.Kind, (uint)b, at, block.StoredLength, block.RawLength, block.Codec);
                uint offset = 0;
                foreach (PackedChunk chunk in block.Chunks)
                {
                    expected.TryAdd(chunk.Id, new ChunkLocation(location, offset, chunk.Length));
                    offset += chunk.Length;
                }

                at += block.StoredLength;
            }
        }

        return expected;
    }

    internal static void AssertHolds(Dictionary<ChunkId, ChunkLocation> expected, RunReader run)
    {
        Assert.Equal((uint)expected.Count, run.ChunkCount);
        foreach ((ChunkId id, ChunkLocation location) in expected)
        {
            Assert.True(run.TryFind(id, out ChunkLocation found));
            Assert.Equal(location, found);
        }

        var listed = new List<ChunkId>();
        run.ForEach((in ChunkId id, in ChunkLocation location) =>
        {
            Assert.Equal(expected[id], location);
            listed.Add(id);
        });
        Assert.Equal(expected.Keys.Order(), listed);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
