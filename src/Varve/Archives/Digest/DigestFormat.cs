using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Archives.Digest;

/// <summary>The bytes that are hashed, as docs/digest.md has them. Stateless, thread-safe.</summary>
internal static class DigestFormat
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Bytes of a record before the name.</summary>
    internal const int FixedLength = 27;

    /// <summary>Bytes of a hash.</summary>
    internal const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>Bytes of what stands before the records of a directory.</summary>
    internal const int HeaderLength = 16;

    /// <summary>Bytes of a piece of a file: a longer file is hashed by pieces.</summary>
    internal const int PieceLength = 16 << 20;

    /// <summary>What stands before the records of a directory.</summary>
    internal static ReadOnlySpan<byte> Header(DigestMode mode) =>
        mode == DigestMode.Content ? "varve-digest-1c\n"u8 : "varve-digest-1m\n"u8;

    /// <summary>Whether a record of that kind ends in a hash.</summary>
    internal static bool HasValue(EntryKind kind, DigestMode mode) => kind switch
    {
        EntryKind.Directory => true,
        EntryKind.File or EntryKind.Symlink or EntryKind.CharDevice or EntryKind.BlockDevice => mode == DigestMode.Content,
        _ => false,
    };

    /// <summary>Bytes of the record of an entry.</summary>
    internal static int RecordLength(int name, EntryKind kind, DigestMode mode) =>
        FixedLength + name + (HasValue(kind, mode) ? HashLength : 0);

    /// <summary>Writes what is known of an entry without reading it: all but the hash at the end.</summary>
    internal static void Write(Span<byte> record, ReadOnlySpan<byte> name, in EntryStat stat)
    {
        WriteStat(record, in stat);
        BinaryPrimitives.WriteInt32LittleEndian(record[23..], name.Length);
        name.CopyTo(record[FixedLength..]);
    }

    /// <summary>The part of it that the stat tells.</summary>
    internal static void WriteStat(Span<byte> record, in EntryStat stat)
    {
        record[0] = Letter(stat.Kind);
        BinaryPrimitives.WriteUInt16LittleEndian(record[1..], (ushort)(stat.Kind == EntryKind.Symlink ? 0 : stat.Mode & 0xFFF));
        BinaryPrimitives.WriteInt64LittleEndian(record[3..], stat.Size);
        BinaryPrimitives.WriteInt64LittleEndian(record[11..], stat.Mtime.Seconds);
        BinaryPrimitives.WriteInt32LittleEndian(record[19..], stat.Mtime.Nanoseconds);
    }

    /// <summary>The digest as people and programs see it.</summary>
    internal static string ToText(DigestMode mode, ReadOnlySpan<byte> hash) =>
        (mode == DigestMode.Content ? "c1-" : "m1-") + Convert.ToHexStringLower(hash);

    /// <summary>Reads what <see cref="ToText"/> wrote; false for anything else.</summary>
    internal static bool TryParse(string text, out DigestMode mode)
    {
        mode = text.StartsWith("c1-", StringComparison.Ordinal) ? DigestMode.Content : DigestMode.Metadata;
        bool hasPrefix = mode == DigestMode.Content || text.StartsWith("m1-", StringComparison.Ordinal);
        return hasPrefix && text.Length == 3 + (2 * HashLength) && !text.AsSpan(3).ContainsAnyExcept(s_digits);
    }

    private static byte Letter(EntryKind kind) => kind switch
    {
        EntryKind.File => (byte)'f',
        EntryKind.Directory => (byte)'d',
        EntryKind.Symlink => (byte)'l',
        EntryKind.Fifo => (byte)'p',
        EntryKind.Socket => (byte)'s',
        EntryKind.CharDevice => (byte)'c',
        EntryKind.BlockDevice => (byte)'b',
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
