using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Varve.Store.Remote;

/// <summary>A request's body that lies in a file, which stays the caller's.</summary>
internal sealed class FileContent(SafeFileHandle file, long length) : HttpContent
{
    private const int Piece = 128 << 10;

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var buffer = new byte[Piece];
        for (long at = 0; at < length;)
        {
            int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(Piece, length - at)), at);
            if (read == 0) { throw new IOException("the spooled object is cut short"); }
            await stream.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
            at += read;
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
