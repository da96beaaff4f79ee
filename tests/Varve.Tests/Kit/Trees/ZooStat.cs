using Varve.Model;

namespace Varve.Tests.Kit.Trees;

/// <summary>struct statx, as the zoo and the judges need it.</summary>
internal sealed class ZooStat(byte[] b)
{
    public uint Links { get; } = BitConverter.ToUInt32(b, 16);
    public uint Uid { get; } = BitConverter.ToUInt32(b, 20);
    public uint Gid { get; } = BitConverter.ToUInt32(b, 24);
    public uint Type { get; } = BitConverter.ToUInt16(b, 28) & 0xF000u;
    public uint Mode { get; } = BitConverter.ToUInt16(b, 28) & 0xFFFu;
    public ulong Inode { get; } = BitConverter.ToUInt64(b, 32);
    public long Size { get; } = BitConverter.ToInt64(b, 40);
    public long Blocks { get; } = BitConverter.ToInt64(b, 48);
    public uint Attributes { get; } = (uint)BitConverter.ToUInt64(b, 8) & 0x74;
    public FileTime Ctime { get; } = new(BitConverter.ToInt64(b, 96), BitConverter.ToInt32(b, 104));
    public FileTime Mtime { get; } = new(BitConverter.ToInt64(b, 112), BitConverter.ToInt32(b, 120));
    public (uint, uint) Rdev { get; } = (BitConverter.ToUInt32(b, 128), BitConverter.ToUInt32(b, 132));
    public (uint, uint) Device { get; } = (BitConverter.ToUInt32(b, 136), BitConverter.ToUInt32(b, 140));

    public EntryKind Kind => Type switch
    {
        0x8000 => EntryKind.File,
        0x4000 => EntryKind.Directory,
        0xA000 => EntryKind.Symlink,
        0x1000 => EntryKind.Fifo,
        0xC000 => EntryKind.Socket,
        0x2000 => EntryKind.CharDevice,
        0x6000 => EntryKind.BlockDevice,
        _ => EntryKind.None,
    };

    public EntryStat ToEntry() => new()
    {
        Kind = Kind,
        Mode = Mode,
        Uid = Uid,
        Gid = Gid,
        Size = Kind is EntryKind.File or EntryKind.Symlink ? Size : 0,
        Mtime = Mtime,
        Inode = Inode,
        RdevMajor = Rdev.Item1,
        RdevMinor = Rdev.Item2,
        Links = Links,
        Attributes = Attributes,
    };
}
