using System.Security.Cryptography;
using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;
using Varve.Vault.Objects;
using Varve.Vault.Runs;

namespace Varve.Vault.Chunks;

/// <summary>
/// Tells what a pack is worth, as a run lists it: whoever can write may say of any pack what he likes, and put any chunks under any ids.
/// Thread-safe. Needs the full key.
/// </summary>
internal sealed class PackVerifier(IStore store, FooterReader footers, BlockReader blocks, ChunkHasher hasher)
{
    private const long LongestHashed = 2L * Limits.MaxPack;

    /// <summary>
    /// Where a chunk in it could not be read (<paramref name="isMismatch"/>: it was read, and is not what its id says). Reads its footer;
    /// all of it only if the run lists another one.
    /// </summary>
    internal PackVerdict Judge(in RunPack pack, bool isMismatch)
    {
        string key = ObjectKeys.Pack(pack.Name);
        try
        {
            if (!store.TryGetLength(key, out long size)) { return PackVerdict.Unreadable; }
            ReadOnlySpan<byte> footer = footers.Read(key, size, new FooterBuffers(), out PackKind kind);
            if (IsListed(in pack, size, kind, footer)) { return isMismatch ? PackVerdict.FalsePack : PackVerdict.Unreadable; }
            return IsAsWritten(pack.Name, size) ? PackVerdict.FalseListing : PackVerdict.Unreadable;
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { return PackVerdict.Unreadable; }
    }

    /// <summary>Reads all of it: every chunk must be what its id says, and the run must list just these.</summary>
    internal PackVerdict Verify(in RunPack pack, CancellationToken cancelled)
    {
        string key = ObjectKeys.Pack(pack.Name);
        try
        {
            if (!store.TryGetLength(key, out long size)) { return PackVerdict.Unreadable; }
            FooterBuffers buffers = new();
            ReadOnlySpan<byte> footer = footers.Read(key, size, buffers, out PackKind kind);
            if (!IsListed(in pack, size, kind, footer))
            {
                return IsAsWritten(pack.Name, size) ? PackVerdict.FalseListing : PackVerdict.Unreadable;
            }

            bool isTrue = HasTrueChunks(in pack, footer, cancelled);
            if (!IsAsWritten(pack.Name, size)) { return PackVerdict.Unreadable; }
            return isTrue ? PackVerdict.True : PackVerdict.FalsePack;
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { return PackVerdict.Unreadable; }
    }

    /// <summary>Whether a run lists a pack as it is: of that size and kind, with that footer.</summary>
    internal static bool IsListed(in RunPack pack, long size, PackKind kind, ReadOnlySpan<byte> footer) =>
        pack.Size == size && pack.Kind == kind && pack.Listed == new Bytes32(SHA256.HashData(footer));

    /// <summary>
    /// Whether its bytes hash to its name: nobody changed it since it was written. Of one that is longer than any writer of ours makes
    /// nobody waits to hear it: sparse ones have any length, and cost nothing.
    /// </summary>
    internal bool IsAsWritten(ObjectName name, long size)
    {
        if (size > LongestHashed) { return false; }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new ObjectStream(store, ObjectKeys.Pack(name), size) { Hash = hash };
        stream.CopyTo(Stream.Null);
        return new ObjectName(hash.GetHashAndReset()) == name;
    }

    private bool HasTrueChunks(in RunPack pack, ReadOnlySpan<byte> footer, CancellationToken cancelled)
    {
        var buffers = new BlockBuffers();
        uint number = 0;
        var cursor = new FooterCursor(footer, pack.Size);
        while (cursor.NextBlock())
        {
            cancelled.ThrowIfCancellationRequested();
            var block = new BlockLocation(pack.Name, pack.Kind, number++, cursor.Offset, cursor.StoredLength, cursor.RawLength, cursor.Codec);
            ReadOnlySpan<byte> raw;
            try { raw = blocks.Read(in block, buffers); }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return false; }
            while (cursor.NextChunk())
            {
                if (hasher.Compute(raw[..(int)cursor.Chunk.Length]) != cursor.Chunk.Id) { return false; }
                raw = raw[(int)cursor.Chunk.Length..];
            }
        }

        return true;
    }
}
