using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Detect;

/// <summary>
/// Detect: tells what changed in a directory without reading content. The digest stands for all stats of a directory's entries; if it is
/// the one the catalog holds, no row need be read. Otherwise <see cref="DirectoryMerge"/> compares name by name and
/// <see cref="ChangePredicate"/> decides. Invariant: nothing here calls an entry unchanged that could have changed, given timestamps that
/// only the kernel sets. The digest is local to the catalog, not part of the format. All of it is stateless or immutable, hence
/// thread-safe.
/// </summary>
internal static class DirectoryDigest
{
    private const int FixedPart = 1 + 4 + 4 + 4 + 8 + 12 + 12 + 8 + 8;
    private const int BufferSize = 128 << 10;

    /// <summary>
    /// SHA-256 over the rules and, for each entry in order, name, kind, mode, uid, gid, size, mtime, ctime, inode and device number. What
    /// the rules ignore is left out, so that it does not make every digest differ. The table must be sorted. Allocates nothing for
    /// directories below some thousand entries.
    /// </summary>
    public static Bytes32 Compute(EntryTable entries, ChangeRules rules = ChangeRules.None)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        IncrementalHash? hash = null;
        try
        {
            Span<byte> digest = stackalloc byte[Bytes32.Size];
            buffer[0] = (byte)rules;
            int used = 1;
            for (int i = 0; i < entries.Count; i++)
            {
                ReadOnlySpan<byte> name = entries.Name(i);
                // A name longer than the buffer cannot come from a file system (255 bytes), but may from a table made elsewhere.
                if (name.Length > BufferSize / 2) { throw new ArgumentException("A name is too long.", nameof(entries)); }
                if (buffer.Length - used < 4 + name.Length + FixedPart)
                {
                    hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                    hash.AppendData(buffer, 0, used);
                    used = 0;
                }

                used += Write(buffer.AsSpan(used), name, entries.Stat(i), rules);
            }

            if (hash == null) { SHA256.HashData(buffer.AsSpan(0, used), digest); }
            else
            {
                hash.AppendData(buffer, 0, used);
                hash.GetHashAndReset(digest);
            }

            return new Bytes32(digest);
        }
        finally
        {
            hash?.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// The digest to record of a directory: zeros, so that its rows are looked at next time, if an entry must be read again whatever its
    /// stat says.
    /// </summary>
    public static Bytes32 ToRecord(EntryTable entries, ChangeRules rules = ChangeRules.None)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if ((entries.Flags(i) & EntryFlags.Distrusted) != 0) { return default; }
        }

        return Compute(entries, rules);
    }

    private static int Write(Span<byte> to, ReadOnlySpan<byte> name, in EntryStat stat, ChangeRules rules)
    {
        FileTime ctime = (rules & ChangeRules.IgnoreCtime) != 0 ? default : stat.Ctime;
        BinaryPrimitives.WriteInt32LittleEndian(to, name.Length);
        name.CopyTo(to[4..]);
        to = to[(4 + name.Length)..];
        to[0] = (byte)stat.Kind;
        BinaryPrimitives.WriteUInt32LittleEndian(to[1..], stat.Mode);
        BinaryPrimitives.WriteUInt32LittleEndian(to[5..], stat.Uid);
        BinaryPrimitives.WriteUInt32LittleEndian(to[9..], stat.Gid);
        BinaryPrimitives.WriteInt64LittleEndian(to[13..], stat.Size);
        BinaryPrimitives.WriteInt64LittleEndian(to[21..], stat.Mtime.Seconds);
        BinaryPrimitives.WriteInt32LittleEndian(to[29..], stat.Mtime.Nanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(to[33..], ctime.Seconds);
        BinaryPrimitives.WriteInt32LittleEndian(to[41..], ctime.Nanoseconds);
        BinaryPrimitives.WriteUInt64LittleEndian(to[45..], (rules & ChangeRules.IgnoreInode) != 0 ? 0 : stat.Inode);
        BinaryPrimitives.WriteUInt32LittleEndian(to[53..], stat.RdevMajor);
        BinaryPrimitives.WriteUInt32LittleEndian(to[57..], stat.RdevMinor);
        return 4 + name.Length + FixedPart;
    }
}
