using System.Buffers;
using Varve.Model;

namespace Varve.Archives.Digest;

/// <summary>
/// A directory on its way to a digest: its records, in which hashes are still missing, and how many. Lives until the last of them is there;
/// what waits is bounded by the walk, which goes depth-first. <see cref="Pending"/> is counted by all threads, the rest is written by the
/// one that visits it, and each hash by whoever has computed it.
/// </summary>
internal sealed class DigestNode
{
    private byte[]? _records;

    /// <summary>The directory above; null for the path that was given.</summary>
    internal DigestNode? Parent { get; init; }

    /// <summary>Its name; empty for the path that was given.</summary>
    internal byte[] Name { get; init; } = [];

    /// <summary>Where its record begins in those of the directory above.</summary>
    internal int PlaceInParent { get; init; }

    /// <summary>What is still to be told of it: 1 for the visit, 1 for each hash.</summary>
    internal int Pending = 1;

    /// <summary>Something in it or below it could not be read.</summary>
    internal volatile bool IsFailed;

    /// <summary>Bytes of <see cref="Records"/>.</summary>
    internal int Length { get; private set; }

    /// <summary>The header and the records so far.</summary>
    internal Span<byte> Records => _records.AsSpan(0, Length);

    /// <summary>Makes room for all records of a listing, behind the header.</summary>
    internal void Begin(DigestMode mode, long length)
    {
        _records = ArrayPool<byte>.Shared.Rent(checked((int)(DigestFormat.HeaderLength + length)));
        DigestFormat.Header(mode).CopyTo(_records);
        Length = DigestFormat.HeaderLength;
    }

    /// <summary>Adds the record of an entry, without its hash; returns where it begins.</summary>
    internal int Add(ReadOnlySpan<byte> name, in EntryStat stat, DigestMode mode)
    {
        int at = Length;
        Length += DigestFormat.RecordLength(name.Length, stat.Kind, mode);
        DigestFormat.Write(_records.AsSpan(at), name, in stat);
        return at;
    }

    /// <summary>Where the hash of a record belongs, which begins at <paramref name="place"/>.</summary>
    internal Span<byte> Value(int place, int name) =>
        _records.AsSpan(place + DigestFormat.FixedLength + name, DigestFormat.HashLength);

    /// <summary>The records are hashed, or will never be.</summary>
    internal void Drop()
    {
        if (_records is null) { return; }
        ArrayPool<byte>.Shared.Return(_records);
        _records = null;
        Length = 0;
    }

    /// <summary>The path of a name in it, relative to the path that was given.</summary>
    internal byte[] Path(ReadOnlySpan<byte> name)
    {
        int length = name.Length;
        for (DigestNode d = this; d.Parent is not null; d = d.Parent) { length += d.Name.Length + (length == 0 ? 0 : 1); }
        var path = new byte[length];
        int at = length - name.Length;
        name.CopyTo(path.AsSpan(at));
        for (DigestNode d = this; d.Parent is not null; d = d.Parent)
        {
            if (at < length) { path[--at] = (byte)'/'; }
            at -= d.Name.Length;
            d.Name.CopyTo(path, at);
        }

        return path;
    }
}
