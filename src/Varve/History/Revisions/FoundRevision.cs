using Varve.Model;

namespace Varve;

/// <summary>One state of an entry, and the snapshots that have it.</summary>
public sealed record FoundRevision
{
    internal FoundRevision(
        byte[] path, string source, EntryStat stat, EntryFlags flags, ObjectName first, FileTime firstTime, ObjectName last,
        FileTime lastTime, bool isCurrent)
    {
        Path = path;
        Source = source;
        Stat = stat;
        Flags = flags;
        First = first;
        FirstTime = firstTime;
        Last = last;
        LastTime = lastTime;
        IsCurrent = isCurrent;
    }

    /// <summary>Relative to the source's root, bytes.</summary>
    public byte[] Path { get; }

    /// <summary>The source's name.</summary>
    public string Source { get; }

    /// <summary>The host that the source is on.</summary>
    public string Host { get; internal init; } = "";

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

    /// <summary>Whether the file never held still while it was read: its content may mix moments.</summary>
    public bool IsTorn => (Flags & EntryFlags.Torn) != 0;

    /// <summary>The first snapshot that has it.</summary>
    public ObjectName First { get; }

    /// <summary>When that began.</summary>
    public FileTime FirstTime { get; }

    /// <summary>The last snapshot that has it.</summary>
    public ObjectName Last { get; }

    /// <summary>When that began.</summary>
    public FileTime LastTime { get; }

    /// <summary>Whether the source's latest snapshot has it.</summary>
    public bool IsCurrent { get; }

    /// <summary>
    /// Where the snapshot before <see cref="First"/> had it, if it came from there with a directory that was moved or renamed; else null.
    /// </summary>
    public byte[]? MovedFrom { get; init; }

    /// <summary>
    /// Snapshots from <see cref="First"/> on that lack it because it, or a directory above it, could not be saved: it was not found to be
    /// gone. Some may be later than <see cref="Last"/>.
    /// </summary>
    public IReadOnlyList<ObjectName> FailedIn { get; init; } = [];

    /// <summary>
    /// Whether the source's latest snapshot is one of <see cref="FailedIn"/>: then nobody knows whether it is still there.
    /// </summary>
    public bool IsFailing { get; init; }

    internal EntryStat Stat { get; }

    internal EntryFlags Flags { get; }
}
