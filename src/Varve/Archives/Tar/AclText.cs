using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Archives.Tar;

/// <summary>
/// Access control lists as tar has them (<c>SCHILY.acl.access</c>: <c>user::rwx,user:anna:r--,…</c>), of the bytes that the kernel has in
/// <c>system.posix_acl_*</c>, and back. Numbers stand where there is no name. Stateless.
/// </summary>
internal static class AclText
{
    private const int Version = 2, HeaderLength = 4, EntryLength = 8;
    private const ushort OwnerTag = 1, UserTag = 2, OwnGroupTag = 4, GroupTag = 8, MaskTag = 16, OtherTag = 32;
    private const uint NoId = uint.MaxValue;

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

    /// <summary>The bytes; null for a text that makes no sense.</summary>
    internal static byte[]? Parse(ReadOnlySpan<byte> acl)
    {
        var entries = new List<(ushort Tag, uint Id, ushort Rights)>();
        const StringSplitOptions trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (string part in Encoding.UTF8.GetString(acl).Split([',', '\n'], trimmed))
        {
            int comment = part.IndexOf('#', StringComparison.Ordinal);
            string[] fields = (comment < 0 ? part : part[..comment]).Trim().Split(':');
            if (fields.Length == 2 && fields[0] is "mask" or "m" or "other" or "o") { fields = [fields[0], "", fields[1]]; }
            if (fields.Length < 3 || Rights(fields[2]) is not { } rights) { return null; }
            ushort tag = (fields[0], fields[1]) switch
            {
                ("user" or "u", "") => OwnerTag,
                ("user" or "u", _) => UserTag,
                ("group" or "g", "") => OwnGroupTag,
                ("group" or "g", _) => GroupTag,
                ("mask" or "m", _) => MaskTag,
                ("other" or "o", _) => OtherTag,
                _ => (ushort)0,
            };
            uint? id = tag is UserTag or GroupTag ? IdOf(fields[1], fields.Length > 3 ? fields[3] : "", tag == GroupTag) : NoId;
            if (tag == 0 || id is null) { return null; }
            entries.Add((tag, id.Value, rights));
        }

        if (entries.Count == 0) { return null; }
        var bytes = new byte[HeaderLength + (EntryLength * entries.Count)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Version);
        entries.Sort(); // as the kernel wants them
        for (int i = 0; i < entries.Count; i++)
        {
            Span<byte> entry = bytes.AsSpan(HeaderLength + (i * EntryLength));
            BinaryPrimitives.WriteUInt16LittleEndian(entry, entries[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], entries[i].Rights);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], entries[i].Id);
        }

        return bytes;
    }

    private static string Name(byte[]? name, uint id) =>
        name is null || name.AsSpan().IndexOfAny(":,\n "u8) >= 0 ? id.ToString(CultureInfo.InvariantCulture) : Encoding.UTF8.GetString(name);

    private static uint? IdOf(string name, string number, bool isGroup)
    {
        if (Posix.FindId(Encoding.UTF8.GetBytes(name), isGroup) is { } found) { return found; }
        if (uint.TryParse(number, CultureInfo.InvariantCulture, out uint id)) { return id; }
        return uint.TryParse(name, CultureInfo.InvariantCulture, out id) ? id : null;
    }

    private static ushort? Rights(string text)
    {
        ushort rights = 0;
        foreach (char c in text)
        {
            int right = c switch { 'r' => 4, 'w' => 2, 'x' => 1, '-' => 0, _ => 8 };
            if (right == 8) { return null; }
            rights |= (ushort)right;
        }

        return rights;
    }
}
