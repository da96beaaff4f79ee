using Varve.Model;

namespace Varve.Platform.Files;

/// <summary>What the type of a file system says about its timestamps. Thread-safe.</summary>
internal static class FileSystemKind
{
    private const long Fine = 10_000_000, Coarse = 2_000_000_000;

    /// <summary>
    /// Whether pages that are written to through a mapping are written out, and protected again, every half minute or so: then a mapping
    /// that goes on being written to shows in the file's timestamps. In memory (tmpfs) it shows once and never again; of file systems not
    /// named here nothing is known.
    /// </summary>
    public static bool WritesBack(int fd) =>
        Posix.FileSystemType(fd, out long type) == 0 && (uint)type is 0xEF53 or 0x58465342 or 0x9123683E or 0x2FC12FC1 or 0xF2F52010
        or 0xCA451A4E;

    /// <summary>
    /// How far a modification time that is read back may be from the one that was set, in nanoseconds: FAT keeps every other second, exFAT
    /// hundredths, NTFS 100 ns; small inodes of ext whole seconds.
    /// </summary>
    public static long KeptTimeNanoseconds(int fd)
    {
        if (Posix.FileSystemType(fd, out long type) != 0) { return 0; }
        return (uint)type switch
        {
            0x4D44 => 2_000_000_000, // FAT
            0x2011BAB0 => 10_000_000, // exFAT
            0x65735546 => 1_000_000_000, // what FUSE shows: often whole seconds
            0x7366746E or 0x5346544E => 100, // NTFS
            0xEF53 => Posix.Stat(fd, out EntryStat stat) == 0 && stat.HasBirth ? 0 : 1_000_000_000,
            _ => 0,
        };
    }

    /// <summary>
    /// How far apart two changes must lie to surely get different timestamps, in nanoseconds. Local file systems take the time from the
    /// kernel's tick (at most 10 ms); FAT keeps two seconds; of network, FUSE and unknown file systems nothing is known, so they count as
    /// coarse too.
    /// </summary>
    public static long TimestampGranularityNanoseconds(int fd)
    {
        if (Posix.FileSystemType(fd, out long type) != 0) { return Coarse; }
        return (uint)type switch
        {
            // ext2, ext3 and ext4 share a number, and with 128-byte inodes keep whole seconds; such inodes have no birth time either.
            0xEF53 => Posix.Stat(fd, out EntryStat stat) == 0 && stat.HasBirth ? Fine : Coarse,
            0x58465342 => Fine, // xfs
            0x9123683E => Fine, // btrfs
            0x01021994 => Fine, // tmpfs
            0x858458F6 => Fine, // ramfs
            0x794C7630 => Fine, // overlay
            0x2FC12FC1 => Fine, // zfs
            0xF2F52010 => Fine, // f2fs
            0xCA451A4E => Fine, // bcachefs
            _ => Coarse,
        };
    }
}
