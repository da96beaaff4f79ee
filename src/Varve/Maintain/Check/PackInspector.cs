using Varve.Maintain.Findings;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Lookup;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Runs;

namespace Varve.Maintain.Check;

/// <summary>Looks at one pack: at its footer, or at all of it. What is wrong goes to the report. Thread-safe.</summary>
internal sealed class PackInspector(
    IStore store, FooterReader footers, BlockReader blocks, ChunkHasher hasher, IndexedChunks indexed, PackVerifier verifier,
    PrunedPacks pruned, CheckMonitor monitor, CheckFindings report)
{
    /// <summary>What runs say of each pack.</summary>
    internal ILookup<ObjectName, (ObjectName Origin, RunPack Pack)> Listed { get; set; } =
        Array.Empty<(ObjectName, RunPack Pack)>().ToLookup(static l => l.Pack.Name);

    /// <summary>Opens its footer and nothing else.</summary>
    internal void CheckFooter(ObjectName name, long size, PackBuffers buffers)
    {
        string key = ObjectKeys.Pack(name);
        try
        {
            ReadOnlySpan<byte> footer = footers.Read(key, size, buffers.Footer, out PackKind kind);
            CompareListings(name, size, kind, footer, isAsWritten: false);
        }
        catch (VarveException e) when (e.Kind == ErrorKind.NotFound && pruned.Of([name]).Count > 0) { /* since packs were listed */ }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            report.Add(Subject.Object(key), e);
            indexed.Check(name);
        }

        monitor.AddPack(key);
    }

    /// <summary>Reads every byte of it, block by block.</summary>
    internal void ReadWhole(ObjectName name, long size, PackBuffers buffers, CancellationToken cancellationToken)
    {
        string key = ObjectKeys.Pack(name);
        monitor.At(key);
        try
        {
            ReadOnlySpan<byte> footer = footers.Read(key, size, buffers.Footer, out PackKind kind);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> header = stackalloc byte[PackLayout.HeaderLength];
            store.GetRange(key, 0, header);
            hash.AppendData(header);
            using PackOpener opener = blocks.Open(name, header, kind);
            uint number = 0;
            bool isFalse = false;
            long end = header.Length;
            var cursor = new FooterCursor(footer, size);
            while (cursor.NextBlock())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var block = new BlockLocation(name, kind, number++, cursor.Offset, cursor.StoredLength, cursor.RawLength, cursor.Codec);
                BlockReader.RequireLengths(in block);
                Span<byte> stored = buffers.Block.Stored(block.StoredLength);
                store.GetRange(key, cursor.Offset, stored);
                hash.AppendData(stored);
                end = cursor.Offset + stored.Length;
                isFalse |= !CheckBlock(key, opener, in block, cursor, buffers.Block);
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
                return;
            }

            if (isFalse) { report.AddFalsePack(name); }
            CompareListings(name, size, kind, footer, isAsWritten: true);
        }
        catch (VarveException e) when (e.Kind == ErrorKind.NotFound && pruned.Of([name]).Count > 0) { /* since packs were listed */ }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            report.Add(Subject.Object(key), e);
            indexed.Check(name);
        }
        finally { monitor.AddPack(key); }
    }

    /// <summary>Whoever may write may say of any pack what he likes. Of one that is not as it was written nothing is concluded.</summary>
    private void CompareListings(ObjectName name, long size, PackKind kind, ReadOnlySpan<byte> footer, bool isAsWritten)
    {
        foreach ((ObjectName origin, RunPack pack) in Listed[name])
        {
            if (PackVerifier.IsListed(in pack, size, kind, footer)) { continue; }
            if (!isAsWritten && !verifier.IsAsWritten(name, size)) { return; }
            isAsWritten = true;
            report.AddFalseRun(origin, name);
        }
    }

    /// <summary>
    /// Checks the block that a cursor (of the caller's, a copy) stands on, and whose stored bytes are in the buffers; false if it cannot
    /// be decoded, or holds other chunks.
    /// </summary>
    private bool CheckBlock(string key, PackOpener opener, in BlockLocation location, FooterCursor chunks, BlockBuffers buffers)
    {
        try
        {
            Span<byte> bytes = buffers.Raw(location.RawLength);
            blocks.Decode(opener, in location, buffers.Stored(location.StoredLength), bytes);
            int at = 0;
            bool isTrue = true;
            while (chunks.NextChunk())
            {
                PackedChunk chunk = chunks.Chunk;
                if (hasher.Compute(bytes.Slice(at, (int)chunk.Length)) != chunk.Id)
                {
                    report.Add(Subject.Object(key), $"chunk {chunk.Id} in block {location.Number} does not match its id");
                    report.AddBadChunk(location.Pack, chunk.Id);
                    isTrue = false;
                }

                at += (int)chunk.Length;
            }

            return isTrue;
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            report.Add(Subject.Object(key), e);
            while (chunks.NextChunk()) { report.AddBadChunk(location.Pack, chunks.Chunk.Id); }
            return false;
        }
    }
}
