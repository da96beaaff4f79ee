using System.Buffers;

namespace Varve.Store.Wire;

/// <summary>An answer. Whoever gets it disposes it, which gives its memory back.</summary>
internal sealed class SftpReply : IDisposable
{
    private byte[] _bytes;
    private readonly int _length;

    /// <summary>Takes over rented memory that begins with the answer's type and number.</summary>
    internal SftpReply(byte[] rented, int length) => (_bytes, _length) = (rented, length);

    /// <summary>Its sort.</summary>
    internal SftpType Type => (SftpType)_bytes[0];

    /// <summary>What follows the number.</summary>
    internal SftpReader Read() => new(_bytes.AsSpan(5, _length - 5));

    /// <summary>What a status says; null for other answers.</summary>
    /// <exception cref="IOException">It is cut short.</exception>
    internal SftpStatus? Status => Type == SftpType.Status ? (SftpStatus)Read().U32() : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[] bytes = Interlocked.Exchange(ref _bytes, []);
        if (bytes.Length > 0) { ArrayPool<byte>.Shared.Return(bytes); }
    }
}
