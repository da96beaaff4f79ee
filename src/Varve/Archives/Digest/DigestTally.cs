using System.Security.Cryptography;
using Varve.Model;
using Varve.Model.Bounds;

namespace Varve.Archives.Digest;

/// <summary>
/// Puts hashes where they belong: the last one of a directory completes that and goes into the records of the one above, and so on
/// upwards, whatever thread computed it. Thread-safe.
/// </summary>
internal sealed class DigestTally(DigestMode mode, bool lists, byte[] given)
{
    private readonly BoundedList<Failure> _failures = new(10_000, static f => f.Footprint);
    private readonly List<(byte[] Path, string? Digest)> _directories = []; // guarded by itself
    private long _entries, _bytes;

    /// <summary>Counts what a listing has.</summary>
    internal void Count(long entries, long bytes)
    {
        Interlocked.Add(ref _entries, entries);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Something of a directory could not be read: it has no digest, nor has any above it.</summary>
    internal void Fail(DigestNode node, Failure failure)
    {
        node.IsFailed = true;
        _failures.Add(failure with { Path = Full(failure.Path) });
    }

    /// <summary>Something that was waited for is there, or will not be.</summary>
    internal void Done(DigestNode node)
    {
        for (DigestNode? d = node; d is not null && Interlocked.Decrement(ref d.Pending) == 0; d = d.Parent) { Complete(d); }
    }

    /// <summary>The digest of an entry that has nothing above it: its record without a name, and the hash that belongs to it.</summary>
    internal string Of(ReadOnlySpan<byte> stat, ReadOnlySpan<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[DigestFormat.HeaderLength + DigestFormat.FixedLength + DigestFormat.HashLength];
        DigestFormat.Header(mode).CopyTo(bytes);
        Span<byte> record = bytes[DigestFormat.HeaderLength..];
        stat[..DigestFormat.FixedLength].CopyTo(record);
        record.Slice(23, 4).Clear(); // no name
        hash.CopyTo(record[DigestFormat.FixedLength..]);
        Span<byte> digest = stackalloc byte[DigestFormat.HashLength];
        SHA256.HashData(bytes[..(DigestFormat.HeaderLength + DigestFormat.FixedLength + hash.Length)], digest);
        return DigestFormat.ToText(mode, digest);
    }

    /// <summary>What came of all.</summary>
    internal TreeDigest Result(string? digest)
    {
        (Failure[] failures, long count) = _failures.Result(Failure.ByPath);
        _directories.Sort(static (a, b) => a.Path.AsSpan().SequenceCompareTo(b.Path));
        return new TreeDigest(given, count == 0 ? digest : null, failures, count)
        {
            Directories = _directories, Entries = _entries, Bytes = _bytes,
        };
    }

    /// <summary>The hash of a directory's records, once the root of the walk is complete.</summary>
    internal byte[]? RootHash { get; private set; }

    /// <summary>The stat of the path that was given, as a record without a name.</summary>
    internal required byte[] RootStat { get; init; }

    private void Complete(DigestNode node)
    {
        Span<byte> hash = stackalloc byte[DigestFormat.HashLength];
        if (!node.IsFailed) { SHA256.HashData(node.Records, hash); }
        node.Drop();
        ReadOnlySpan<byte> stat = node.Parent is { } parent ? parent.Records[node.PlaceInParent..] : RootStat;
        if (lists)
        {
            string? digest = node.IsFailed ? null : Of(stat, hash);
            lock (_directories) { _directories.Add((Full(node.Path([])), digest)); }
        }

        if (node.Parent is null) { RootHash = node.IsFailed ? null : hash.ToArray(); }
        else if (node.IsFailed) { node.Parent.IsFailed = true; }
        else { hash.CopyTo(node.Parent.Value(node.PlaceInParent, node.Name.Length)); }
    }

    private byte[] Full(byte[] path) =>
        path.Length == 0 ? given : given is [.., (byte)'/'] ? [.. given, .. path] : [.. given, (byte)'/', .. path];
}
