using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Platform.Files;

namespace Varve.Fuzz.Targets;

/// <summary>Index runs in the local cache.</summary>
internal sealed class RunFileTarget : IFuzzTarget
{
    private const string RunName = "run";

    private readonly string _place;
    private readonly PrivateDirectory _folder;

    public RunFileTarget()
    {
        _place = Path.Combine(Path.GetTempPath(), $"varve-fuzz-run-{Environment.ProcessId}");
        _folder = PrivateDirectory.Open(_place, Subject.Cache(_place));
    }

    private string RunPath => Path.Combine(_place, RunName);

    public string Name => "runfile";

    public IReadOnlyList<byte[]> Words { get; } = ["VRVRUN2\0"u8.ToArray()];

    public IEnumerable<byte[]> Seeds()
    {
        foreach (int packs in (int[])[0, 1, 3, 20])
        {
            var builder = new RunBuilder();
            for (int i = 0; i < packs; i++)
            {
                PackContents pack = RunTarget.Pack((3 * i) + 1, 2);
                builder.BeginPack(pack.Name, pack.Size, pack.Kind, default);
                foreach (PackedBlock block in pack.Blocks)
                {
                    builder.BeginBlock(block.StoredLength, block.RawLength, block.Codec);
                    foreach (PackedChunk chunk in block.Chunks) { builder.AddChunk(chunk); }
                }
            }

            using var run = new MemoryStream();
            builder.WriteTo(run, new RunOrigin(Known.Name(1)) { Superseded = packs == 3 ? [Known.Name(7)] : [] });
            yield return run.ToArray();
            File.WriteAllBytes(RunPath, run.ToArray());
            RunSieve.Append(_folder, RunName, Known.Name(1), smallest: 0);
            yield return File.ReadAllBytes(RunPath);
            File.Delete(RunPath);
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        File.WriteAllBytes(RunPath, input);
        try
        {
            using RunReader? run = RunReader.Open(_folder, RunName, Known.Name(1));
            if (run is null) { return; }
            for (int i = 0; i < 4; i++) { run.TryFind(Known.Chunk(i), out _, out _); }
            foreach (RunPack pack in run.Packs()) { Same.Require(pack.Size >= 0, "a pack has a size below nothing"); }
            _ = run.Origins();
            run.ForEach(static (in ChunkId id, in ChunkLocation location) =>
                Same.Require(location.Offset + (long)location.Length <= location.Block.RawLength, $"chunk {id} lies beyond its block"));
        }
        finally { File.Delete(RunPath); }
    }
}
