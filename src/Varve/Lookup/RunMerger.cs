using System.Buffers.Binary;
using Varve.Model;

namespace Varve.Lookup;

/// <summary>
/// Merges tables of index runs into one, in two passes over the sorted records: the first counts for the fence, the second writes. Memory
/// is proportional to packs and runs, and four bytes for each block and each bucket of the fence (about 16 chunks). Every place of a chunk
/// is kept. Every record's checksum and order is checked: damage throws rather than being carried on.
/// </summary>
internal static class RunMerger
{
    /// <summary>
    /// Writes the table of what <paramref name="runs"/> hold.
    /// </summary>
    /// <param name="runs">Read, not disposed.</param>
    /// <param name="output">Neither flushed nor closed.</param>
    /// <param name="keepRun">Runs of the repository that it refuses are left out, with all that they list.</param>
    public static void Merge(IReadOnlyList<RunReader> runs, Stream output, Func<ObjectName, bool> keepRun)
    {
        var map = new MergeMap(runs, keepRun);

        uint total = 0;
        int bits = RunLayout.FenceBits((uint)Math.Min(uint.MaxValue, runs.Sum(r => (long)r.ChunkCount)));
        var fence = new uint[1 << bits];
        foreach (RunChunk chunk in map.Chunks())
        {
            fence[RunLayout.Bucket(chunk.Id.Value.Prefix, bits)]++;
            total = checked(total + 1);
        }

        // What was dropped may leave fewer chunks than the fence was made for.
        for (; bits > RunLayout.FenceBits(total); bits--)
        {
            for (int i = 0; i < 1 << (bits - 1); i++) { fence[i] = fence[2 * i] + fence[2 * i + 1]; }
        }

        var writer = new RunOutput(output);
        var counts = new RunCounts((uint)map.Packs.Count, map.BlockCount, total, (uint)map.Origins.Count,
            (uint)map.Origins.Sum(static o => o.Superseded.Length));
        RunLayout.WriteHeader(writer.Next(RunLayout.HeaderLength), in counts, bits);
        foreach (RunPack pack in map.Packs) { RunLayout.WritePack(writer.Next(RunLayout.PackLength), pack); }
        foreach (RunBlock block in map.Blocks()) { RunLayout.WriteBlock(writer.Next(RunLayout.BlockLength), block); }
        uint below = 0;
        for (int i = 0; i <= 1 << bits; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(writer.Next(RunLayout.FenceLength), below);
            if (i < 1 << bits) { below += fence[i]; }
        }

        foreach (RunChunk chunk in map.Chunks()) { RunLayout.WriteChunk(writer.Next(RunLayout.ChunkLength), chunk); }
        RunLayout.WriteOrigins(writer, map.Origins);
        writer.Flush();
    }
}
