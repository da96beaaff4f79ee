using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Varve.Platform.Crypto;

/// <summary>
/// SHA-256 of libcrypto as plain functions on a state that is plain memory, so that the state after a keyed first block can be copied
/// instead of computed for each message. .NET reaches the same code, but by a context that costs more to start again than a small file
/// costs to hash.
/// </summary>
internal static unsafe partial class LibCrypto
{
    /// <summary>Room for an SHA256_CTX of libcrypto (112 bytes), which may be copied as it is.</summary>
    [InlineArray(16)]
    internal struct Sha256State
    {
        private ulong _first;
    }

    private static readonly bool s_hasSha256 = Find("SHA256_Init", "SHA256_Update", "SHA256_Final") != 0;

    /// <summary>Whether libcrypto has these functions: a build without what it calls deprecated has not.</summary>
    internal static bool HasSha256 => s_hasSha256;

    /// <summary>The state after one block of 64 bytes.</summary>
    internal static Sha256State Sha256After(ReadOnlySpan<byte> block)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(block.Length, 64);
        Sha256State state = default;
        fixed (byte* bytes = block)
        {
            if (SHA256_Init(&state) != 1 || SHA256_Update(&state, bytes, 64) != 1)
            {
                throw new InvalidOperationException("libcrypto could not compute SHA-256");
            }
        }

        return state;
    }

    /// <summary>
    /// The hash of what led to <paramref name="state"/> followed by <paramref name="data"/>. Allocates nothing; thread-safe.
    /// </summary>
    [SkipLocalsInit]
    internal static void Sha256Finish(in Sha256State state, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, 32);
        Sha256State work = state;
        fixed (byte* bytes = Pinnable(data), to = hash)
        {
            if (SHA256_Update(&work, bytes, (nuint)data.Length) != 1 || SHA256_Final(to, &work) != 1)
            {
                throw new InvalidOperationException("libcrypto could not compute SHA-256");
            }
        }
    }

    [LibraryImport(Library)]
    private static partial int SHA256_Init(Sha256State* state);

    [LibraryImport(Library)]
    private static partial int SHA256_Update(Sha256State* state, byte* data, nuint length);

    [LibraryImport(Library)]
    private static partial int SHA256_Final(byte* hash, Sha256State* state);
}
