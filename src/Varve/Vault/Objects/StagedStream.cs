using System.Security.Cryptography;
using Varve.Model;
using Varve.Store;

namespace Varve.Vault.Objects;

/// <summary>Writes to a staged object and hashes what goes through, because objects are named by their bytes. Owns neither.</summary>
internal sealed class StagedStream(IStagedObject staged, IncrementalHash hash) : Stream
{
    private long _length;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => _length;
    public override long Position { get => _length; set => throw new NotSupportedException(); }

    /// <summary>The object's name, once everything is written. Once.</summary>
    internal ObjectName Name()
    {
        Span<byte> name = stackalloc byte[Bytes32.Size];
        hash.GetHashAndReset(name);
        return new ObjectName(name);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        hash.AppendData(buffer);
        staged.Append(buffer);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
