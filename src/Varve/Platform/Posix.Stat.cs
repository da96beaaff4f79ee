using System.Runtime.InteropServices;
using Varve.Model;

namespace Varve.Platform;

/// <content>statx(2) into <see cref="EntryStat"/>.</content>
internal static unsafe partial class Posix
{
    /// <summary>The bits of stx_attributes that the format keeps: compressed, immutable, append, nodump.</summary>
    internal const uint KeptAttributes = 0x74;

    /// <summary>Immutable and append-only: those of them that forbid changes. As inode flags they have the same bits.</summary>
    internal const uint ForbiddingAttributes = 0x30;

    private const uint STATX_BASIC_STATS = 0x7ff, STATX_BTIME = 0x800, STATX_MNT_ID = 0x1000, STATX_MNT_ID_UNIQUE = 0x4000;

    /// <summary>
    /// The stat of a name. By default of the name itself, symlink or not, and without mounting anything. Kind is None for a type the format
    /// has not.
    /// </summary>
    internal static int StatAt(int directory, ReadOnlySpan<byte> name, out EntryStat stat,
        int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT)
    {
        byte* buffer = stackalloc byte[PathMax];
        int errno = Begin(SystemCall.Stat, directory, name, buffer);
        if (errno == 0) { return Stat(directory, buffer, flags, out stat, out _); }
        stat = default;
        return errno;
    }

    /// <summary>The stat of what a descriptor has open.</summary>
    internal static int Stat(int fd, out EntryStat stat) => Stat(fd, out stat, out _);

    /// <summary>
    /// The same, with what tells mounts of one file system apart: a number of the mount, 0 where the kernel does not give it (before 5.8).
    /// </summary>
    internal static int Stat(int fd, out EntryStat stat, out ulong mount)
    {
        byte empty = 0;
        int errno = Observe(SystemCall.Stat, fd);
        if (errno == 0) { return Stat(fd, &empty, AT_EMPTY_PATH, out stat, out mount); }
        (stat, mount) = (default, 0);
        return errno;
    }

    /// <summary>
    /// A number of the mount that a descriptor was opened through; no later mount of this boot has it, or before Linux 6.8 perhaps one. 0
    /// if the system does not tell.
    /// </summary>
    internal static int MountOf(int fd, out ulong mount)
    {
        mount = 0;
        byte empty = 0;
        StatX x = default;
        int errno = Observe(SystemCall.Stat, fd);
        if (errno == 0) { errno = Error(statx(fd, &empty, AT_EMPTY_PATH, STATX_MNT_ID_UNIQUE, &x)); }
        if (errno == 0 && (x.Mask & STATX_MNT_ID_UNIQUE) == 0) { errno = Error(statx(fd, &empty, AT_EMPTY_PATH, STATX_MNT_ID, &x)); }
        if (errno == 0 && (x.Mask & (STATX_MNT_ID | STATX_MNT_ID_UNIQUE)) != 0) { mount = x.MountId; }
        return errno;
    }

    /// <summary>The kind that a directory entry's d_type, or the top four bits of a mode, stands for: they are numbered alike.</summary>
    internal static EntryKind KindOf(uint type) => type switch
    {
        8 => EntryKind.File,
        4 => EntryKind.Directory,
        10 => EntryKind.Symlink,
        1 => EntryKind.Fifo,
        12 => EntryKind.Socket,
        2 => EntryKind.CharDevice,
        6 => EntryKind.BlockDevice,
        _ => EntryKind.None,
    };

    private static int Stat(int directory, byte* name, int flags, out EntryStat stat, out ulong mount)
    {
        StatX x;
        int result, tries = 0;
        const uint Wanted = STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID;
        do { result = statx(directory, name, flags, Wanted, &x); } while (Interrupted(result, ref tries));
        (stat, mount) = (default, 0);
        if (result < 0) { return Error(result); }
        stat.Kind = KindOf((uint)x.Mode >> 12);
        stat.Mode = x.Mode & 0xfffu;
        stat.Uid = x.Uid;
        stat.Gid = x.Gid;
        stat.Size = stat.Kind is EntryKind.File or EntryKind.Symlink ? (long)x.Size : 0;
        stat.Mtime = Time(x.Mtime);
        stat.Ctime = Time(x.Ctime);
        stat.Inode = x.Inode;
        if (stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice)
        {
            stat.RdevMajor = x.RdevMajor;
            stat.RdevMinor = x.RdevMinor;
        }

        stat.Device = ((ulong)x.DevMajor << 32) | x.DevMinor;
        stat.Links = x.Links;
        stat.AllocatedBytes = (long)x.Blocks * 512;
        stat.HasBirth = (x.Mask & STATX_BTIME) != 0;
        if (stat.HasBirth) { stat.Birth = Time(x.Btime); }
        stat.Attributes = (uint)x.Attributes & KeptAttributes;
        if ((x.Mask & STATX_MNT_ID) != 0) { mount = x.MountId; }
        return 0;
    }

    // A file system that hands out a nanosecond out of range must not make an entry that the format cannot hold.
    private static FileTime Time(in StatXTime time) => new(time.Seconds, (int)Math.Min(time.Nanoseconds, 999_999_999));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int directory, byte* path, int flags, uint mask, StatX* result);

    [StructLayout(LayoutKind.Sequential, Size = 16)]
    private struct StatXTime
    {
        public long Seconds;
        public uint Nanoseconds;
    }

    /// <summary>struct statx of linux/stat.h.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(0x00)] public uint Mask;
        [FieldOffset(0x08)] public ulong Attributes;
        [FieldOffset(0x10)] public uint Links;
        [FieldOffset(0x14)] public uint Uid;
        [FieldOffset(0x18)] public uint Gid;
        [FieldOffset(0x1c)] public ushort Mode;
        [FieldOffset(0x20)] public ulong Inode;
        [FieldOffset(0x28)] public ulong Size;
        [FieldOffset(0x30)] public ulong Blocks;
        [FieldOffset(0x50)] public StatXTime Btime;
        [FieldOffset(0x60)] public StatXTime Ctime;
        [FieldOffset(0x70)] public StatXTime Mtime;
        [FieldOffset(0x80)] public uint RdevMajor;
        [FieldOffset(0x84)] public uint RdevMinor;
        [FieldOffset(0x88)] public uint DevMajor;
        [FieldOffset(0x8c)] public uint DevMinor;
        [FieldOffset(0x90)] public ulong MountId;
    }
}
