using System.Security.Cryptography;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Backup.Dirty;

/// <summary>
/// Directories of a source in which something may have changed since a snapshot was begun. Whatever else changed is in none of them, as
/// whoever watched says: so it holds for the snapshot, and for what it was made of, alone. Immutable.
/// </summary>
internal sealed record DirtySet
{
    // "VrvDirt2"
    private const ulong Magic = 0x3274_7269_4476_7256;

    private static readonly Subject s_what = Subject.PartOnly("a list of changed directories");

    /// <summary>What it holds for.</summary>
    internal required WatchIdentity Identity { get; init; }

    /// <summary>The snapshot.</summary>
    internal required ObjectName Base { get; init; }

    /// <summary>The catalog's number of the run that made it, or found it to be right.</summary>
    internal required long Number { get; init; }

    /// <summary>
    /// Everything is looked at all the same, and what is found to have changed before this second, since 1970, is compared with what is
    /// told here; 0: no more is looked at than this.
    /// </summary>
    internal long WholeAt { get; init; }

    /// <summary>The directories, by their paths in the source.</summary>
    internal IReadOnlyList<byte[]> Directories { get; init; } = [];

    /// <summary>Numbers of inodes that have, or had, several names and may have changed under any of them.</summary>
    internal IReadOnlyList<ulong> Inodes { get; init; } = [];

    /// <summary>Places that no run of the source saves, since it writes to them itself: absolute paths.</summary>
    internal IReadOnlyList<byte[]> Own { get; init; } = [];

    /// <summary>As bytes, with a hash behind them.</summary>
    internal byte[] Encode()
    {
        var writer = new ByteWriter();
        writer.U64(Magic);
        writer.VarInt((ulong)WholeAt);
        foreach (Bytes32 id in (Bytes32[])[Identity.Place, Identity.Rules, Identity.Catalog, Base.Value]) { writer.Raw(id.ToArray()); }
        writer.VarInt((ulong)Number);
        foreach (IReadOnlyList<byte[]> paths in (IReadOnlyList<byte[]>[])[Directories, Own])
        {
            writer.VarInt((uint)paths.Count);
            foreach (byte[] path in paths) { writer.Bytes(path); }
        }

        writer.VarInt((uint)Inodes.Count);
        foreach (ulong inode in Inodes) { writer.U64(inode); }
        byte[] hash = SHA256.HashData(writer.Written);
        writer.Raw(hash);
        return writer.ToArray();
    }

    /// <summary>What <see cref="Encode"/> made; null for anything else, such as a part of it.</summary>
    internal static DirtySet? Decode(ReadOnlySpan<byte> bytes)
    {
        int length = bytes.Length - Bytes32.Size;
        if (length < 0 || !SHA256.HashData(bytes[..length]).AsSpan().SequenceEqual(bytes[length..])) { return null; }
        try
        {
            var reader = new ByteReader(bytes[..length], s_what);
            if (reader.U64() != Magic) { return null; }
            long wholeAt = reader.VarInt63();
            var identity = new WatchIdentity(reader.Id32(), reader.Id32(), reader.Id32());
            var name = new ObjectName(reader.Id32());
            long number = reader.VarInt63();
            byte[][] directories = Paths(ref reader), own = Paths(ref reader);
            var inodes = new ulong[reader.Count(sizeof(ulong))];
            for (int i = 0; i < inodes.Length; i++) { inodes[i] = reader.U64(); }
            reader.End();
            return new DirtySet
            {
                Identity = identity, Base = name, Number = number, WholeAt = wholeAt, Directories = directories, Own = own, Inodes = inodes,
            };
        }
        catch (VarveException) { return null; }
    }

    private static byte[][] Paths(ref ByteReader reader)
    {
        var paths = new byte[reader.Count(1)][];
        for (int i = 0; i < paths.Length; i++) { paths[i] = reader.Bytes().ToArray(); }
        return paths;
    }
}
