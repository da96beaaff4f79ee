using System.Security.Cryptography;
using Varve.Format;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;
using Varve.Vault.Chunks;

namespace Varve.Maintain.Check;

/// <summary>Looks at one pack: at its footer, or at all of it. What is wrong goes to the report. Thread-safe.</summary>
internal sealed class PackInspector(
    IStore store, FooterReader footers, BlockReader blocks, ChunkHasher hasher, IndexedChunks indexed, CheckMonitor monitor,
    CheckReport report)
{
    /// <summary>Opens its footer and nothing else.</summary>
    internal void CheckFooter(ObjectName name, long size, PackBuffers buffers)
    {
        string key = ObjectKeys.Pack(name);
        try { footers.Read(key, size, buffers.Footer, out _); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            report.Add(Subject.Object(key), e);
            indexed.Check(name);
        }
    }

    /// <summary>Reads every byte of it, block by block.</summary>
    internal void ReadWhole(ObjectName name, long size, PackBuffers buffers, CancellationToken cancellationToken)
    {
        string key = ObjectKeys.Pack(name);
        try
        {
            ReadOnlySpan<byte> footer = footers.Read(key, size, buffers.Footer, out PackKind kind);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> header = stackalloc byte[PackLayout.HeaderLength];
            store.GetRange(key, 0, header);
            hash.AppendData(header);
            using PackOpener opener = blocks.Open(name, header, kind);
            uint number = 0;
            long end = header.Length;
            var cursor = new FooterCursor(footer, size);
            while (cursor.NextBlock())
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> stored = buffers.Block.Stored(cursor.StoredLength);
                store.GetRange(key, cursor.Offset, stored);
                hash.AppendData(stored);
                end = cursor.Offset + stored.Length;
                CheckBlock(key, opener,
                    new BlockLocation(name, kind, number++, cursor.Offset, cursor.StoredLength, cursor.RawLength, cursor.Codec), cursor,
                    buffers.Block);
                monitor.AddRead(stored.Length);
            }

            Span<byte> rest = buffers.Footer.Sealed((int)(size - end));
            store.GetRange(key, end, rest);
            hash.AppendData(rest);
            Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
            hash.GetHashAndReset(actual);
            if (new ObjectName(actual) != name)
            {
                report.Add(Subject.Object(key), "its bytes do not hash to its name");
                indexed.Check(name);
            }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            report.Add(Subject.Object(key), e);
            indexed.Check(name);
        }
    }

    /// <summary>Checks the block that a cursor (of the caller's, a copy) stands on, and whose stored bytes are in the buffers.</summary>
    private void CheckBlock(string key, PackOpener opener, in BlockLocation location, FooterCursor chunks, BlockBuffers buffers)
    {
        try
        {
            Span<byte> bytes = buffers.Raw(location.RawLength);
            blocks.Decode(opener, in location, buffers.Stored(location.StoredLength), bytes);
            int at = 0;
            while (chunks.NextChunk())
            {
                PackedChunk chunk = chunks.Chunk;
                if (hasher.Compute(bytes.Slice(at, (int)chunk.Length)) != chunk.Id)
                {
                    report.Add(Subject.Object(key), $"chunk {chunk.Id} in block {location.Number} does not match its id");
                    report.AddBadChunk(location.Pack, chunk.Id);
                }

                at += (int)chunk.Length;
            }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            report.Add(Subject.Object(key), e);
            while (chunks.NextChunk()) { report.AddBadChunk(location.Pack, chunks.Chunk.Id); }
        }
    }
}
