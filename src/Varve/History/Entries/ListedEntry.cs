using Varve.Model;

namespace Varve;

/// <summary>An entry of a snapshot, as it was when it was saved.</summary>
public sealed record ListedEntry
{
    internal ListedEntry(byte[] path, EntryStat stat, EntryFlags flags, byte[]? symlinkTarget, string? user, string? group)
    {
        Path = path;
        Stat = stat;
        Flags = flags;
        SymlinkTarget = symlinkTarget;
        User = user;
        Group = group;
    }

    /// <summary>Relative to the source's root, bytes; empty for the root.</summary>
    public byte[] Path { get; }

    /// <summary>What it is.</summary>
    public EntryKind Kind => Stat.Kind;

    /// <summary>Bytes of content; the target's length for a symlink; 0 for every other kind.</summary>
    public long Size => Stat.Size;

    /// <summary>The 12 permission bits, with setuid, setgid and sticky.</summary>
    public uint Mode => Stat.Mode;

    /// <summary>The owner's number.</summary>
    public uint UserId => Stat.Uid;

    /// <summary>The group's number.</summary>
    public uint GroupId => Stat.Gid;

    /// <summary>When its content changed last.</summary>
    public FileTime Modified => Stat.Mtime;

    /// <summary>When its content or metadata changed last; programs cannot set it.</summary>
    public FileTime Changed => Stat.Ctime;

    /// <summary>Its inode number.</summary>
    public ulong Inode => Stat.Inode;

    /// <summary>Which device a character or block device is; null for every other kind.</summary>
    public (uint Major, uint Minor)? Device =>
        Kind is EntryKind.CharDevice or EntryKind.BlockDevice ? (Stat.RdevMajor, Stat.RdevMinor) : null;

    /// <summary>Whether the file never held still while it was read: its content may mix moments.</summary>
    public bool IsTorn => (Flags & EntryFlags.Torn) != 0;

    /// <summary>For symlinks: the target, bytes; else null.</summary>
    public byte[]? SymlinkTarget { get; }

    /// <summary>The owner's name when it was saved; null if it had none.</summary>
    public string? User { get; }

    /// <summary>The group's name, as <see cref="User"/>.</summary>
    public string? Group { get; }

    internal EntryStat Stat { get; }

    internal EntryFlags Flags { get; }
}
