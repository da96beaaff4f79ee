namespace Varve.Vault.Objects;

/// <summary>What reading a footer needs, kept by who reads many. Not thread-safe.</summary>
internal sealed class FooterBuffers
{
    private byte[] _sealed = [], _plaintext = [];

    internal Span<byte> Sealed(int length) => Grown(ref _sealed, length);

    internal Span<byte> Plaintext(int length) => Grown(ref _plaintext, length);

    private static Span<byte> Grown(ref byte[] buffer, int length)
    {
        if (buffer.Length < length) { buffer = GC.AllocateUninitializedArray<byte>(length + length / 4); }
        return buffer.AsSpan(0, length);
    }
}
