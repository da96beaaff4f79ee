using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Pack;
using Varve.Repositories;
using Varve.Seal;

namespace Varve.Maintain;

/// <summary>
/// Checks packs: all that the index names are there and as long as it says, their footers open; a share of them is read whole, by several threads, block by
/// block, so that memory holds one block a thread.
/// </summary>
internal sealed class PackChecker(Repository repository, CheckOptions options, CheckMonitor monitor, CheckReport report)
{
    private readonly ConcurrentBag<PackBuffers> _buffers = [];

    /// <summary>Packs that the index names and the store has not.</summary>
    internal HashSet<ObjectName> Missing { get; } = [];

    /// <summary>Packs in the store.</summary>
    internal long Count { get; private set; }

    internal void Run(Dictionary<string, long> objects, CancellationToken cancellationToken)
    {
        var stored = new List<(ObjectName Name, long Size)>();
        foreach ((string key, long length) in objects)
        {
            if (!key.StartsWith(ObjectKeys.Packs, StringComparison.Ordinal)) { continue; }
            Count++;
            if (ObjectKeys.TryName(key, out ObjectName name)) { stored.Add((name, length)); }
            else { report.Add(key, "it is not named by a hash"); }
        }

        CompareWithIndex(stored);
        List<(ObjectName Name, long Size)> chosen = options.ReadData ? Choose(stored) : [];
        monitor.Expect(chosen.Sum(p => p.Size));
        var parallel = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = options.Workers > 0 ? options.Workers : Environment.ProcessorCount,
        };
        try
        {
            if (options.ReadData) { Parallel.ForEach(chosen, parallel, pack => WithBuffers(b => ReadWhole(pack.Name, pack.Size, b, cancellationToken))); }
            else { Parallel.ForEach(stored, parallel, pack => WithBuffers(b => CheckFooter(pack.Name, pack.Size, b))); }
        }
        catch (AggregateException e)
        {
            // What failed one thread (the store, a library that is missing) is what the caller is to see.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        // Tens of MiB, which trees would otherwise come on top of.
        _buffers.Clear();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
    }

    private void CompareWithIndex(List<(ObjectName Name, long Size)> stored)
    {
        Dictionary<ObjectName, long> sizes = stored.ToDictionary(p => p.Name, p => p.Size);
        HashSet<ObjectName> covered = [];
        foreach ((ObjectName name, long size, PackKind _) in repository.Indexes.Packs())
        {
            covered.Add(name);
            if (!sizes.TryGetValue(name, out long actual))
            {
                Missing.Add(name);
                report.Add(ObjectKeys.Pack(name), "it is missing");
            }
            else if (actual != size)
            {
                report.Add(ObjectKeys.Pack(name), $"it has {actual} bytes instead of {size}");
                CheckByIndex(name);
            }
        }

        int uncovered = stored.Count(p => !covered.Contains(p.Name));
        if (uncovered > 0) { report.Note($"{uncovered} packs are in no index run, left by a backup that was interrupted; its next run uses them"); }
    }

    /// <summary>A random sample, so that checking a part each night covers all in time.</summary>
    private List<(ObjectName Name, long Size)> Choose(List<(ObjectName Name, long Size)> stored)
    {
        if (options.Percent >= 100) { return stored; }
        (ObjectName Name, long Size)[] shuffled = [.. stored];
        RandomNumberGenerator.Shuffle<(ObjectName Name, long Size)>(shuffled);
        return [.. shuffled.Take((int)Math.Ceiling(stored.Count * options.Percent / 100))];
    }

    /// <summary>Not by thread: the pool of threads begins anew several times in a second.</summary>
    private void WithBuffers(Action<PackBuffers> work)
    {
        if (!_buffers.TryTake(out PackBuffers? buffers)) { buffers = new PackBuffers(); }
        work(buffers);
        _buffers.Add(buffers);
    }

    private void CheckFooter(ObjectName name, long size, PackBuffers buffers)
    {
        string key = ObjectKeys.Pack(name);
        try { FooterReader.Read(repository, key, name, size, buffers.Footer, out _); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            report.Add(key, e.Message);
            CheckByIndex(name);
        }
    }

    private void ReadWhole(ObjectName name, long size, PackBuffers buffers, CancellationToken cancellationToken)
    {
        string key = ObjectKeys.Pack(name);
        try
        {
            ReadOnlySpan<byte> footer = FooterReader.Read(repository, key, name, size, buffers.Footer, out PackKind kind);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> header = stackalloc byte[PackLayout.HeaderLength];
            repository.Store.GetRange(key, 0, header);
            hash.AppendData(header);
            using PackOpener opener = repository.Blocks.Open(name, header, kind);
            uint number = 0;
            long end = header.Length;
            var cursor = new FooterCursor(footer, name, size);
            while (cursor.NextBlock())
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> stored = buffers.Block.Stored(cursor.StoredLength);
                repository.Store.GetRange(key, cursor.Offset, stored);
                hash.AppendData(stored);
                end = cursor.Offset + stored.Length;
                CheckBlock(key, opener, new BlockLocation(name, kind, number++, cursor.Offset, cursor.StoredLength, cursor.RawLength, cursor.Codec), cursor, buffers.Block);
                monitor.AddRead(stored.Length);
            }

            Span<byte> rest = buffers.Footer.Sealed((int)(size - end));
            repository.Store.GetRange(key, end, rest);
            hash.AppendData(rest);
            Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
            hash.GetHashAndReset(actual);
            if (new ObjectName(actual) != name)
            {
                report.Add(key, "its bytes do not hash to its name");
                CheckByIndex(name);
            }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            report.Add(key, e.Message);
            CheckByIndex(name);
        }
    }

    /// <summary>Something is wrong with the pack, but the index may still lead to what it should hold: each of its chunks is tried.</summary>
    private void CheckByIndex(ObjectName name)
    {
        var chunks = new List<(ChunkId Id, ChunkLocation Location)>();
        foreach (Index.RunReader run in repository.Chunks.Runs)
        {
            run.ForEach((in ChunkId id, in ChunkLocation location) =>
            {
                if (location.Block.Pack == name) { chunks.Add((id, location)); }
            });
        }

        foreach (IGrouping<BlockLocation, (ChunkId Id, ChunkLocation Location)> block in chunks.GroupBy(static c => c.Location.Block))
        {
            byte[] raw = ArrayPool<byte>.Shared.Rent((int)block.Key.RawLength);
            try
            {
                repository.Blocks.Read(block.Key, raw.AsSpan(0, (int)block.Key.RawLength));
                foreach ((ChunkId id, ChunkLocation location) in block)
                {
                    if (repository.Hasher.Compute(raw.AsSpan((int)location.Offset, (int)location.Length)) != id) { report.AddBadChunk(name, id); }
                }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                foreach ((ChunkId id, ChunkLocation _) in block) { report.AddBadChunk(name, id); }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(raw);
            }
        }
    }

    /// <summary>Checks the block that a cursor (of the caller's, a copy) stands on, and whose stored bytes are in the buffers.</summary>
    private void CheckBlock(string key, PackOpener opener, in BlockLocation location, FooterCursor chunks, BlockBuffers buffers)
    {
        try
        {
            Span<byte> bytes = buffers.Raw(location.RawLength);
            repository.Blocks.Decode(opener, in location, buffers.Stored(location.StoredLength), bytes);
            int at = 0;
            while (chunks.NextChunk())
            {
                PackedChunk chunk = chunks.Chunk;
                if (repository.Hasher.Compute(bytes.Slice(at, (int)chunk.Length)) != chunk.Id)
                {
                    report.Add(key, $"chunk {chunk.Id} in block {location.Number} does not match its id");
                    report.AddBadChunk(location.Pack, chunk.Id);
                }

                at += (int)chunk.Length;
            }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            report.Add(key, e.Message);
            while (chunks.NextChunk()) { report.AddBadChunk(location.Pack, chunks.Chunk.Id); }
        }
    }
}
