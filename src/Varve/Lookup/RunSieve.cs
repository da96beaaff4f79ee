using Varve.Platform.Files;

namespace Varve.Lookup;

/// <summary>
/// What a large run in the local cache has behind its last byte: lines (<see cref="SieveLine"/>) that tell in one access to memory that a
/// chunk is not there, or which record it is. 1.6 bytes for each chunk, where the records take 48: they can stay resident, and the records
/// are read one at a time. Derived from the run, and no part of the repository's format.
/// </summary>
internal static class RunSieve
{
    /// <summary>A run of this length or less is kept in memory as a whole, and needs no sieve.</summary>
    internal const long SmallRun = 1 << 20;

    /// <summary>Where the lines of a run of that length begin: whole cache lines.</summary>
    internal static long Start(long runLength) => (runLength + SieveLine.Length - 1) / SieveLine.Length * SieveLine.Length;

    /// <summary>The length of a run's file with its sieve.</summary>
    internal static long FileLength(long runLength, uint chunks) => Start(runLength) + (long)SieveLine.Length * SieveLine.Lines(chunks);

    /// <summary>
    /// Adds a sieve to the file of a run that has none, if it is longer than <paramref name="smallest"/>. Reads the whole run, checks every
    /// record and takes no memory to speak of.
    /// </summary>
    internal static void Append(PrivateDirectory folder, string file, ObjectName name, long smallest = SmallRun)
    {
        using RunReader? run = RunReader.Open(folder, file, name);
        if (run is null || run.Length <= smallest || run.HasSieve) { return; }
        using FileStream stream = folder.OpenToWrite(file);
        stream.Seek(0, SeekOrigin.End);
        var output = new RunOutput(stream);
        output.Next((int)(Start(run.Length) - run.Length)).Clear();
        var records = new RunCursor(run);
        var positions = new List<int>();
        uint lines = SieveLine.Lines(run.ChunkCount), first = 0;
        bool more = records.Next(out RunChunk chunk);
        for (uint line = 0; line < lines; line++)
        {
            positions.Clear();
            while (more && SieveLine.Locate(chunk.Id.Value.Prefix, lines, out int position) == line)
            {
                positions.Add(position);
                more = records.Next(out chunk);
            }

            SieveLine.Write(output.Next(SieveLine.Length), first, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(positions));
            first += (uint)positions.Count;
        }

        output.Flush();
    }
}
