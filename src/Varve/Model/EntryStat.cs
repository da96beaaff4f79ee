namespace Varve.Model;

/// <summary>
/// What stat tells of an entry. A plain mutable struct, kept in arrays and passed by reference: the hot paths hold millions.
/// Fields below "this run only" are not stored in trees or the catalog and are zero when read from there.
/// </summary>
internal struct EntryStat
{
    /// <summary>What the entry is.</summary>
    public EntryKind Kind;
    /// <summary>The 12 permission bits, with setuid, setgid and sticky.</summary>
    public uint Mode;
    /// <summary>Owner.</summary>
    public uint Uid;
    /// <summary>Group.</summary>
    public uint Gid;
    /// <summary>Bytes of content; the target's length for a symlink; 0 for every other kind (directories too).</summary>
    public long Size;
    /// <summary>Last change of content.</summary>
    public FileTime Mtime;
    /// <summary>Last change of content or metadata; cannot be set by programs.</summary>
    public FileTime Ctime;
    /// <summary>Inode number.</summary>
    public ulong Inode;
    /// <summary>For devices: major number. Stored in the details (tag 5), set by readers of trees.</summary>
    public uint RdevMajor;
    /// <summary>For devices: minor number.</summary>
    public uint RdevMinor;

    // ---- this run only ----

    /// <summary>The file system the entry lies on: major &lt;&lt; 32 | minor.</summary>
    public ulong Device;
    /// <summary>Number of names of the inode.</summary>
    public uint Links;
    /// <summary>Bytes the file system has allocated: fewer than <see cref="Size"/> hints at holes.</summary>
    public long AllocatedBytes;
    /// <summary>Birth time, if <see cref="HasBirth"/>. Stored in the details (tag 8).</summary>
    public FileTime Birth;
    /// <summary>Whether the file system told a birth time.</summary>
    public bool HasBirth;
    /// <summary>stx_attributes, masked to those the format keeps (0x74). Stored in the details (tag 9).</summary>
    public uint Attributes;

    /// <summary>Whether another stat says the same of everything that a revision records besides its details.</summary>
    public readonly bool IsSameState(in EntryStat other) =>
        Kind == other.Kind && Size == other.Size && Mtime == other.Mtime && Ctime == other.Ctime && Inode == other.Inode
        && Mode == other.Mode && Uid == other.Uid
        && Gid == other.Gid;
}
