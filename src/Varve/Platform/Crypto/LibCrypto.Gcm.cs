using System.Runtime.InteropServices;

namespace Varve.Platform.Crypto;

/// <content>
/// GCM of libcrypto as plain functions on a context, for <see cref="Gmac"/>. .NET reaches the same code, but by a context that costs more
/// to start again than a block of 4 KiB costs to authenticate.
/// </content>
internal static unsafe partial class LibCrypto
{
    private static readonly nint s_aesEncrypt =
        Find("AES_encrypt", "AES_set_encrypt_key", "CRYPTO_gcm128_new", "CRYPTO_gcm128_setiv", "CRYPTO_gcm128_aad", "CRYPTO_gcm128_tag",
        "CRYPTO_gcm128_release");

    /// <summary>Whether libcrypto has these functions: a build without what it calls deprecated has not.</summary>
    internal static bool HasGcm => s_aesEncrypt != 0;

    /// <summary>A context under an expanded key, which must outlive it; 0 without memory.</summary>
    internal static nint NewGcm(byte* schedule) => CRYPTO_gcm128_new(schedule, s_aesEncrypt);

    [LibraryImport(Library, EntryPoint = "AES_set_encrypt_key")]
    internal static partial int SetEncryptKey(byte* key, int bits, byte* schedule);

    [LibraryImport(Library, EntryPoint = "CRYPTO_gcm128_setiv"), SuppressGCTransition]
    internal static partial void GcmSetNonce(nint context, byte* nonce, nuint length);

    [LibraryImport(Library, EntryPoint = "CRYPTO_gcm128_aad")]
    internal static partial int GcmAuthenticate(nint context, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "CRYPTO_gcm128_tag"), SuppressGCTransition]
    internal static partial void GcmTag(nint context, byte* tag, nuint length);

    [LibraryImport(Library, EntryPoint = "CRYPTO_gcm128_release")]
    internal static partial void GcmRelease(nint context);

    [LibraryImport(Library)]
    private static partial nint CRYPTO_gcm128_new(byte* schedule, nint cipher);
}
