using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Varve.Platform.Crypto;

/// <summary>
/// GMAC (NIST SP 800-38D) with AES-256 and a nonce of twelve zeros: the same for every message, which makes it a universal hash, and no
/// more than that. By libcrypto's plain functions; .NET's <see cref="AesGcm"/> is the plain twin, and serves where libcrypto lacks them.
/// Not thread-safe; no allocation per message.
/// </summary>
internal sealed unsafe class Gmac : IDisposable
{
    internal const int Size = 16;

    // An AES_KEY of libcrypto has 244 bytes.
    private const nuint ScheduleSize = 256;
    private const int NonceSize = 12;

    private readonly AesGcm? _plain;
    private byte* _schedule;
    private nint _context;

    /// <summary>Under a key of 32 bytes. <paramref name="isPlain"/>: only by .NET.</summary>
    internal Gmac(ReadOnlySpan<byte> key, bool isPlain)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, 32);
        if (isPlain)
        {
            GC.SuppressFinalize(this);
            _plain = new AesGcm(key, Size);
            return;
        }

        _schedule = (byte*)NativeMemory.AlignedAlloc(ScheduleSize, 64);
        fixed (byte* bytes = key)
        {
            if (LibCrypto.SetEncryptKey(bytes, 8 * key.Length, _schedule) == 0) { _context = LibCrypto.NewGcm(_schedule); }
        }

        if (_context == 0) { throw new InvalidOperationException("libcrypto could not set up GCM"); }
    }

    /// <summary>Under a key of 32 bytes.</summary>
    internal Gmac(ReadOnlySpan<byte> key) : this(key, !LibCrypto.HasGcm) { }

    /// <summary>The tag of a message; <see cref="Size"/> bytes.</summary>
    internal void Compute(ReadOnlySpan<byte> message, Span<byte> tag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, Size);
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        if (_plain is not null)
        {
            _plain.Encrypt(nonce, default, default, tag, message);
            return;
        }

        ObjectDisposedException.ThrowIf(_context == 0, this);
        fixed (byte* start = nonce, bytes = message, to = tag)
        {
            LibCrypto.GcmSetNonce(_context, start, NonceSize);
            if (!message.IsEmpty && LibCrypto.GcmAuthenticate(_context, bytes, (nuint)message.Length) != 0)
            {
                throw new InvalidOperationException("libcrypto could not compute GMAC");
            }
            LibCrypto.GcmTag(_context, to, Size);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plain?.Dispose();
        Free();
        GC.SuppressFinalize(this);
    }

    ~Gmac() => Free();

    private void Free()
    {
        if (_context != 0) { LibCrypto.GcmRelease(_context); }
        if (_schedule != null)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(_schedule, (int)ScheduleSize));
            NativeMemory.AlignedFree(_schedule);
        }

        _context = 0;
        _schedule = null;
    }
}
