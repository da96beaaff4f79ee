using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Platform.Files;
using Varve.Tests.Kit;

namespace Varve.Tests.Lookup;

/// <summary>A directory of runs for one test.</summary>
internal sealed class RunFile : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("varve-runs-").FullName;
    private readonly PrivateDirectory _folder;
    private int _count;

    internal RunFile() => _folder = PrivateDirectory.OpenExisting(_directory)!;

    /// <summary>Whether what is opened has a sieve, however small it is.</summary>
    internal bool WithSieve { get; init; }

    /// <summary>Where the run that was opened last lies.</summary>
    internal string LastPath => Path.Combine(_directory, $"{_count - 1}");

    internal RunReader Open(byte[] run, long name = 1) => OpenAs(run, Some.Name(name));

    private RunReader OpenAs(byte[] run, ObjectName name)
    {
        string file = $"{_count++}";
        File.WriteAllBytes(LastPath, run);
        if (WithSieve) { RunSieve.Append(_folder, file, name, smallest: 0); }
        return RunReader.Open(_folder, file, name)!;
    }

    internal RunReader? TryOpen(string file, long name = 1) => RunReader.Open(_folder, file, Some.Name(name));

    internal RunReader Open(long name, params PackContents[] packs) => Open(new RunOrigin(Some.Name(name)), packs);

    internal RunReader Open(RunOrigin origin, params PackContents[] packs)
    {
        var builder = new RunBuilder();
        foreach (PackContents pack in packs) { builder.Add(pack); }
        return OpenAs(builder.Build(origin), origin.Run);
    }

    internal RunReader Merge(long name, IReadOnlyList<RunReader> runs, Func<ObjectName, bool>? keepRun = null)
    {
        var stream = new MemoryStream();
        RunMerger.Merge(runs, stream, keepRun ?? (static _ => true));
        return Open(stream.ToArray(), name);
    }

    /// <summary>What packs say about chunks, the plain way: a place of each in each pack, the first of that pack.</summary>
    internal static Dictionary<ChunkId, List<ChunkLocation>> Expect(params PackContents[] packs)
    {
        var expected = new Dictionary<ChunkId, List<ChunkLocation>>();
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
                    if (!expected.TryGetValue(chunk.Id, out List<ChunkLocation>? places)) { expected[chunk.Id] = places = []; }
                    if (!places.Exists(p => p.Block.Pack == pack.Name)) { places.Add(new ChunkLocation(location, offset, chunk.Length)); }
                    offset += chunk.Length;
                }

                at += block.StoredLength;
            }
        }

        return expected;
    }

    internal static void AssertHolds(Dictionary<ChunkId, List<ChunkLocation>> expected, RunReader run)
    {
        Assert.Equal((uint)expected.Values.Sum(static p => p.Count), run.ChunkCount);
        foreach ((ChunkId id, List<ChunkLocation> places) in expected)
        {
            Assert.True(run.TryFind(id, out ChunkLocation found));
            Assert.True(places.Contains(found) && places.SequenceEqual(run.Places(id)), $"{id} is somewhere else");
        }

        var listed = new List<ChunkId>();
        run.ForEach((in ChunkId id, in ChunkLocation location) =>
        {
            Assert.True(expected[id].Contains(location), $"{id} is somewhere else");
            listed.Add(id);
        });
        Assert.Equal(expected.SelectMany(static e => e.Value.Select(_ => e.Key)).Order(), listed);
    }

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
