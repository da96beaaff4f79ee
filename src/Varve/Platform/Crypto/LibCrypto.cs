using System.Numerics;
using System.Runtime.InteropServices;
using Varve.Model;

namespace Varve.Platform.Crypto;

/// <summary>
/// What is taken from libcrypto itself: scrypt (RFC 7914), which .NET does not offer, and SHA-256 and GMAC as plain functions, where
/// starting one of .NET's contexts again would cost more than hashing (decisions 0014, 0018). Thread-safe.
/// </summary>
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    // What libcrypto may allocate beyond what RFC 7914 prescribes, so that its limit never hits a legal call.
    private const ulong Slack = 1 << 20;

    /// <summary>
    /// Fills <paramref name="key"/> with scrypt(password, salt, n, r, p). Needs 128 * r * (n + p + 2) bytes of memory while it runs;
    /// callers bound that before they call.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not those of RFC 7914: n a power of two above 1 and below
    /// 2^(16 r), r and p positive.</exception>
    /// <exception cref="VarveException">Unsupported: libcrypto is missing, or refused for want of memory
    /// (<see cref="Advice.FreeMemory"/>).</exception>
    public static void Scrypt(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ulong n, uint r, uint p, Span<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(r);
        ArgumentOutOfRangeException.ThrowIfZero(p);
        ArgumentOutOfRangeException.ThrowIfZero(key.Length, nameof(key));
        if (n < 2 || !BitOperations.IsPow2(n) || (r < 4 && n >= 1UL << (int)(16 * r)))
        {
            throw new ArgumentOutOfRangeException(nameof(n), n, "n must be a power of two above 1 and below 2^(16 r)");
        }

        ulong memory = checked((128UL * r * (n + p + 2)) + Slack);
        int done;
        fixed (byte* passwordBytes = Pinnable(password), saltBytes = Pinnable(salt), keyBytes = key)
        {
            try
            {
                done = EVP_PBE_scrypt(
                    passwordBytes, (nuint)password.Length, saltBytes, (nuint)salt.Length, n, r, p, memory, keyBytes, (nuint)key.Length);
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
            {
                throw new VarveException(ErrorKind.Unsupported, Subject.Program(Library), "is missing", Advice.InstallLibcrypto, e);
            }
        }

        if (done != 1)
        {
            throw new VarveException(
                ErrorKind.Unsupported, Subject.Program(Library),
                $"could not compute scrypt with n={n}, r={r}, p={p}, for which it needs {memory >> 20} MiB of memory", Advice.FreeMemory);
        }
    }

    // Where the first of these functions is, if libcrypto has them all; else 0.
    private static nint Find(params ReadOnlySpan<string> functions)
    {
        nint first = 0;
        if (!NativeLibrary.TryLoad(Library, out nint library)) { return 0; }
        foreach (string name in functions)
        {
            if (!NativeLibrary.TryGetExport(library, name, out nint function)) { return 0; }
            if (first == 0) { first = function; }
        }

        return first;
    }

    // libcrypto takes a null pointer for "no value", which an empty one is not.
    private static ReadOnlySpan<byte> Pinnable(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "\0"u8 : bytes;

    [LibraryImport(Library)]
    private static partial int EVP_PBE_scrypt(
        byte* password, nuint passwordLength, byte* salt, nuint saltLength, ulong n, ulong r, ulong p, ulong maxMemory, byte* key,
        nuint keyLength);
}
