using System.Buffers;
using Varve.Walk;

namespace Varve.Archives.Feed;

/// <summary>
/// A piece of work: made by what goes through the source, read and perhaps deflated by a worker, written by whoever takes it. Owns what it
/// holds until it is disposed of.
/// </summary>
internal sealed class ArchiveJob(JobKind kind, ArchiveEntry entry) : IDisposable
{
    private byte[]? _buffer;

    /// <summary>What it is.</summary>
    internal JobKind Kind => kind;

    /// <summary>Of which entry.</summary>
    internal ArchiveEntry Entry => entry;

    /// <summary>The directory that a small file is in, with a reference; null if there is nothing to open.</summary>
    internal DirectoryHandle? Directory { get; init; }

    /// <summary>The name of a small file in it; of one of a snapshot its encoded details.</summary>
    internal byte[] Key { get; init; } = [];

    /// <summary>Whether there is content to be read: of a whole entry.</summary>
    internal bool Reads { get; init; }

    /// <summary>The file that a piece is of, or that ends.</summary>
    internal LargeContent? Large { get; init; }

    /// <summary>Where the piece lies in the file, if that is to be read.</summary>
    internal long Offset { get; init; }

    /// <summary>Bytes of the piece before it is deflated; of a whole entry what was read.</summary>
    internal int RawLength { get; set; }

    /// <summary>Whether it is the last piece.</summary>
    internal bool IsLast { get; init; }

    /// <summary>The CRC-32 of the content, where it is wanted.</summary>
    internal uint Crc { get; set; }

    /// <summary>Whether <see cref="Bytes"/> are deflated.</summary>
    internal bool IsDeflated { get; set; }

    /// <summary>Why the entry is not in the archive; null if it is.</summary>
    internal Failure? Failure { get; set; }

    /// <summary>A failure that costs some of the entry's attributes.</summary>
    internal Failure? Lost { get; set; }

    /// <summary>What is to be written.</summary>
    internal ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>Bytes of that.</summary>
    internal int Length { get; private set; }

    /// <summary>Copies what is to be written.</summary>
    internal void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_buffer is not null && _buffer.Length < bytes.Length) { Drop(); }
        _buffer ??= ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(_buffer);
        Length = bytes.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory?.Release();
        if (kind == JobKind.End) { Large?.Dispose(); }
        Drop();
    }

    private void Drop()
    {
        if (_buffer is null) { return; }
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        Length = 0;
    }
}
