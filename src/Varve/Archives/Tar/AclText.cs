using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Varve.Platform.Files;

namespace Varve.Archives.Tar;

/// <summary>
/// Access control lists as tar has them (<c>SCHILY.acl.access</c>: <c>user::rwx,user:anna:r--,…</c>), of the bytes that the kernel has in
/// <c>system.posix_acl_*</c>. Numbers stand where there is no name. Stateless.
/// </summary>
internal static class AclText
{
    private const int Version = 2, HeaderLength = 4, EntryLength = 8;
    private const ushort OwnerTag = 1, UserTag = 2, OwnGroupTag = 4, GroupTag = 8, MaskTag = 16, OtherTag = 32;

    /// <summary>The text; null for bytes that make no sense.</summary>
    internal static byte[]? Of(ReadOnlySpan<byte> acl, OwnerNames names)
    {
        if (acl.Length < HeaderLength || (acl.Length - HeaderLength) % EntryLength != 0
            || BinaryPrimitives.ReadUInt32LittleEndian(acl) != Version)
        {
            return null;
        }

        var text = new StringBuilder();
        for (acl = acl[HeaderLength..]; !acl.IsEmpty; acl = acl[EntryLength..])
        {
            ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(acl), rights = BinaryPrimitives.ReadUInt16LittleEndian(acl[2..]);
            uint id = BinaryPrimitives.ReadUInt32LittleEndian(acl[4..]);
            if (text.Length > 0) { text.Append(','); }
            string? word = tag switch
            {
                OwnerTag or UserTag => "user",
                OwnGroupTag or GroupTag => "group",
                MaskTag => "mask",
                OtherTag => "other",
                _ => null,
            };
            if (word is null) { return null; }
            text.Append(word).Append(':');
            if (tag is UserTag or GroupTag) { text.Append(Name(tag == UserTag ? names.User(id) : names.Group(id), id)); }
            text.Append(':').Append((rights & 4) != 0 ? 'r' : '-').Append((rights & 2) != 0 ? 'w' : '-').Append((rights & 1) != 0 ? 'x' : '-');
            if (tag is UserTag or GroupTag) { text.Append(':').Append(id.ToString(CultureInfo.InvariantCulture)); } // as star has it
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Name(byte[]? name, uint id) =>
        name is null || name.AsSpan().IndexOfAny(":,\n "u8) >= 0 ? id.ToString(CultureInfo.InvariantCulture) : Encoding.UTF8.GetString(name);
}
