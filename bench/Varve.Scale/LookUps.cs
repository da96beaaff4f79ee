using System.Diagnostics;
using System.Globalization;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Scale;

/// <summary>Look-ups in random order, half of them for chunks that are there.</summary>
internal static class LookUps
{
    /// <summary>
    /// Looks up <paramref name="count"/> ids among <paramref name="chunks"/>, and returns the time it took: as a writer does, whether they
    /// are there, or as a reader does, who wants to know where as well. Throws if an answer is wrong.
    /// </summary>
    public static TimeSpan Run(ChunkIndex index, ulong chunks, int count, bool where)
    {
        long found = 0, expected = 0, start = Stopwatch.GetTimestamp();
        for (ulong i = 0; i < (ulong)count; i++)
        {
            ulong number = Number(i, chunks);
            if (number < chunks) { expected++; }
            ChunkId id = MadeUpChunks.Id(number);
            if (where ? index.TryFind(id, out ChunkLocation _) : index.Ask(id, out _) == Presence.Present) { found++; }
        }

        TimeSpan all = Stopwatch.GetElapsedTime(start);
        if (found != expected)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"found {found} chunks instead of {expected}"));
        }
        return all - Empty(chunks, count);
    }

    // What it takes to think of the ids alone.
    private static TimeSpan Empty(ulong chunks, int count)
    {
        ulong sum = 0;
        long start = Stopwatch.GetTimestamp();
        for (ulong i = 0; i < (ulong)count; i++) { sum += MadeUpChunks.Id(Number(i, chunks)).Value.Prefix; }
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        return sum != 0 ? time : default;
    }

    private static ulong Number(ulong i, ulong chunks)
    {
        ulong random = MadeUpChunks.Mix(~i);
        ulong number = (random >> 1) % chunks;
        return (random & 1) == 0 ? number : chunks + number;
    }
}
