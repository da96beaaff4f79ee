using System.Buffers.Binary;

namespace Varve.Tests.Kit.Trees;

/// <summary>The bytes of POSIX ACLs and capabilities, as Linux keeps them in extended attributes.</summary>
internal static class ZooAcl
{
    /// <summary>system.posix_acl_*: owner, a named user, group, a named group, mask, others.</summary>
    public static byte[] Acl(uint user, uint userBits, uint group, uint groupBits, uint owner = 6, uint owningGroup = 4, uint mask = 7,
        uint other = 0)
    {
        (ushort Tag, uint Bits, uint Id)[] entries =
        [
            (1, owner, uint.MaxValue), (2, userBits, user), (4, owningGroup, uint.MaxValue), (8, groupBits, group),
            (16, mask, uint.MaxValue), (32, other, uint.MaxValue),
        ];
        var acl = new byte[4 + 8 * entries.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(acl, 2);
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> e = acl.AsSpan(4 + 8 * i);
            BinaryPrimitives.WriteUInt16LittleEndian(e, entries[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(e[2..], (ushort)entries[i].Bits);
            BinaryPrimitives.WriteUInt32LittleEndian(e[4..], entries[i].Id);
        }

        return acl;
    }

    /// <summary>security.capability, version 2, effective, with these permitted bits.</summary>
    public static byte[] Capability(uint permitted)
    {
        var value = new byte[20];
        BinaryPrimitives.WriteUInt32LittleEndian(value, 0x02000001);
        BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(4), permitted);
        return value;
    }
}
