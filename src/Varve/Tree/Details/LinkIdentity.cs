using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;

namespace Varve.Tree.Details;

/// <summary>
/// Which entries of a snapshot are to become one file with several names: those of one link group (docs/format.md, 8.1) that have one
/// content. A file that changes while its names are read has others under them, and an inode number can serve two files while a backup
/// runs: then each name keeps what it was read with. Stateless, thread-safe; allocates nothing.
/// </summary>
internal static class LinkIdentity
{
    private const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>
    /// Equal for entries of one group, kind, size, mtime and content, and for others no more often than 64 bits of a hash are; 0 for an
    /// entry that is in no group, as every directory is.
    /// </summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal static ulong Of(in EntryStat stat, ReadOnlySpan<byte> details)
    {
        ulong group = stat.Kind == EntryKind.Directory ? 0 : DetailsCodec.LinkGroup(details);
        if (group == 0) { return 0; }

        // What came before, then a tag, then its value's hash.
        Span<byte> state = stackalloc byte[HashLength + 1 + HashLength];
        state.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(state, group);
        BinaryPrimitives.WriteInt64LittleEndian(state[8..], stat.Size);
        BinaryPrimitives.WriteInt64LittleEndian(state[16..], stat.Mtime.Seconds);
        BinaryPrimitives.WriteInt32LittleEndian(state[24..], stat.Mtime.Nanoseconds);
        state[28] = (byte)stat.Kind;
        var fields = new FieldReader(details, DetailsCodec.What, DetailTag.Single);
        while (fields.MoveNext() && fields.Tag <= DetailTag.Device)
        {
            if (!IsContent(fields.Tag, stat.Kind)) { continue; }
            state[HashLength] = (byte)fields.Tag;
            SHA256.HashData(fields.Value, state[(HashLength + 1)..]);
            SHA256.HashData(state, state[..HashLength]);
        }

        SHA256.HashData(state, state[..HashLength]);
        return BinaryPrimitives.ReadUInt64LittleEndian(state) | 1;
    }

    private static bool IsContent(ulong tag, EntryKind kind) => tag switch
    {
        DetailTag.Extents or DetailTag.ExtentList => kind == EntryKind.File,
        DetailTag.SymlinkTarget => kind == EntryKind.Symlink,
        DetailTag.Device => kind is EntryKind.CharDevice or EntryKind.BlockDevice,
        _ => false,
    };
}
