using System.Runtime.InteropServices;

namespace Varve.Vault.Chunks;

/// <summary>
/// What decoding a block needs, kept by a thread that decodes many. Grows to the largest block, which the format bounds. Not thread-safe.
/// <para>Decoded bytes begin on a page: the kernel's copy into a file's pages takes twice as long from some places just before one, where
/// an array may well begin.</para>
/// </summary>
internal sealed class BlockBuffers
{
    private const int Page = 4096;

    private byte[] _stored = [], _raw = [];
    private int _rawStart;

    /// <summary>Room for a block as it is stored.</summary>
    internal Span<byte> Stored(uint length)
    {
        if (_stored.Length < length) { _stored = Larger(length, 0); }
        return _stored.AsSpan(0, (int)length);
    }

    /// <summary>Room for a block as it was before compression.</summary>
    internal Span<byte> Raw(uint length)
    {
        if (_raw.Length - _rawStart < length)
        {
            _raw = Larger(length, Page);
            _rawStart = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_raw, 0) & (Page - 1));
        }

        return _raw.AsSpan(_rawStart, (int)length);
    }

    // More than asked for: blocks of a kind differ by a few bytes, and each growth leaves a large array to the collector. Pinned: it keeps
    // its place.
    private static byte[] Larger(uint length, int more) =>
        GC.AllocateUninitializedArray<byte>((int)(length + length / 8) + more, pinned: true);
}
